"""Fill in a page: everything inlined, no network, no live code in text."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

if TYPE_CHECKING:
    import plotly.graph_objects as go

HERE = Path(__file__).parent
PLOTLY_BUNDLE = HERE / "vendor" / "plotly-cartesian.min.js"
TRACE_TYPES = {"scatter", "bar", "heatmap"}  # that we draw and the cartesian bundle holds


def render_template(
    name: str,
    *,
    figures: Sequence[go.Figure] = (),
    style: str = "report.css",
    **values: object,
) -> str:
    """Return a template of this package filled in, with scripts inlined and allowed by hash."""
    scripts = [_bundle(), _script("report.js")] if figures else []
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in scripts) or "'none'"
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    return (
        _environment()
        .get_template(name)
        .render(
            policy=policy,
            scripts=[Markup(script) for script in scripts],  # noqa: S704  our own files only
            style=Markup(_script(style)),  # noqa: S704  our own file
            figure_data=Markup(_safe_json([_drawing(one) for one in figures])),  # noqa: S704  `<` is escaped
            **values,
        )
    )


def _drawing(figure: go.Figure) -> Mapping[str, Any]:
    drawing: dict[str, Any] = json.loads(figure.to_json())
    unknown = {trace.get("type", "scatter") for trace in drawing["data"]} - TRACE_TYPES
    if unknown:
        msg = f"trace types {sorted(unknown)} are not in the inlined plotly bundle"
        raise ValueError(msg)
    return drawing


def _safe_json(value: object) -> str:
    """Return JSON that can stand inside a script element: no `<`, `>` or line separators."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _bundle() -> str:
    return PLOTLY_BUNDLE.read_text(encoding="utf-8")


@cache
def _script(name: str) -> str:
    return (HERE / "templates" / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(enabled_extensions=("j2", "html"), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
