"""The project installs from the public index, and the vendored script is what it says."""

import hashlib
import re
import tomllib
from pathlib import Path

import plotly.offline

from playbook.report.templating import PLOTLY_BUNDLE

ROOT = Path(__file__).parents[2]


def test_the_lock_names_only_the_public_index_and_its_file_host() -> None:
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")

    hosts = set(re.findall(r"https?://([^/\"]+)/", text))

    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_litellm_is_pinned_exactly_to_a_version_that_is_not_malicious() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = [one for one in project["dependencies"] if one.startswith("litellm")]

    assert len(pins) == 1
    version = pins[0].removeprefix("litellm==")
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert version not in ("1.82.7", "1.82.8")


def test_the_slow_parser_package_is_not_locked() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    edges = [
        edge
        for package in lock["package"]
        for edge in package.get("dependencies", [])
        if edge["name"] == "rfc3987-syntax"
    ]

    assert all("never" in edge.get("marker", "") for edge in edges)


def test_the_inlined_plotly_is_the_version_that_plotly_declares() -> None:
    text = PLOTLY_BUNDLE.read_text(encoding="utf-8")

    assert f"v{plotly.offline.get_plotlyjs_version()}" in text[:200]
    assert hashlib.sha256(text.encode()).hexdigest() == (
        "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"
    )
    assert (PLOTLY_BUNDLE.parent / "plotly-LICENSE.txt").is_file()


def test_the_top_level_holds_only_what_the_plan_names() -> None:
    allowed = {
        "pyproject.toml", "uv.lock", "Makefile", "README.md", "CHANGELOG.md", "CONTRIBUTING.md",
        "LICENSE", "notebooks", "lib", "params", "tests", "reports",
    }  # fmt: skip
    shown = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    assert shown <= allowed
