"""One self-contained HTML page from the JSON of a run folder: no network, no live code in text."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from playbook.compliance.records import Compliance
from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.exports import madr_text, open_questions_csv, ranked_csv
from playbook.figures.theme import short, usd
from playbook.landscape.records import Landscape
from playbook.profile import Profile
from playbook.report import tables
from playbook.report.sections import Records, banners, sections
from playbook.report.table import money
from playbook.runs import Run, write_text
from playbook.trials.audit import audit_head
from playbook.trials.records import Evidence

HERE = Path(__file__).parent
PLOTLY_BUNDLE = HERE / "vendor" / "plotly-cartesian.min.js"
TRACE_TYPES = {"scatter", "bar", "heatmap"}  # that we draw and the cartesian bundle holds


def write_report(run: Run) -> Path:
    """Write `report.html` and `exports/` of a run from the records beside it.

    Raises:
        ArtefactError: when a record is missing or of another version.
    """
    records = Records(
        manifest=run.manifest().changed(audit_head=audit_head(run.folder)),
        profile=run.read("profile.json", Profile),
        landscape=run.read("landscape.json", Landscape),
        compliance=run.read("compliance.json", Compliance),
        costs=run.read("costs.json", Costs),
        evidence=run.read("evidence.json", Evidence),
        decision=run.read("decision.json", Decision),
        changed=run.changed_records(),
    )
    write_exports(run, records)
    return write_text(run.path("report.html"), render(records, run_name=run.folder.name))


def write_exports(run: Run, records: Records) -> None:
    """Write the decision record and the tables for other programs into `exports/` of a run."""
    folder = run.path("exports")
    write_text(folder / "decision.md", madr_text(records.profile, records.decision))
    write_text(folder / "options.csv", ranked_csv(records.decision))
    write_text(folder / "open_questions.csv", open_questions_csv(records.compliance))


def parts_of_cost(records: Records) -> str:
    """Return what the leading plan's cost is made of: medians by component, largest first."""
    found = next(
        (one for one in records.costs.options if one.option == records.decision.leading_plan), None
    )
    parts = sorted(found.components.items(), key=lambda item: -item[1].p50) if found else []
    return ", ".join(f"{name.replace('_', ' ')} {usd(span.p50)}" for name, span in parts)


def render(records: Records, *, run_name: str) -> str:
    """Return the page as text."""
    parts = sections(records)
    figures = [figure for part in parts for figure in part.figures]
    return render_template(
        "report.html.j2",
        figures=figures,
        records=records,
        decision=records.decision,
        leader=next(iter(records.decision.ranked), None),
        parts_of_cost=parts_of_cost(records),
        sections=parts,
        banners=banners(records),
        six_rows=tables.six_rows(records.decision),
        money=money,
        run_name=run_name,
        usd=usd,
        short=short,
    )


def render_template(name: str, *, figures: Sequence[go.Figure] = (), **values: object) -> str:
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
            style=Markup(_script("report.css")),  # noqa: S704  our own file
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
