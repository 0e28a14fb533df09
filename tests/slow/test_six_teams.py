"""Six teams in one command: six reports and an index, which open in Chromium without a word."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import chromium  # noqa: F401  a fixture is found by its name here
from tests.slow.running import PLAYBOOK, ROOT, environment, record_in, run_folder

pytestmark = pytest.mark.slow

TEAMS = sorted(path.stem for path in (ROOT / "params" / "teams").glob("*.yaml"))
LONGEST_S = 1_200


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run all teams, two at a time, and return the folder of their reports."""
    folder = tmp_path_factory.mktemp("teams") / "reports"
    files = [f"params/teams/{team}.yaml" for team in TEAMS]
    ended = subprocess.run(
        [*PLAYBOOK, "run", *files, "--jobs", "2", "--out", str(folder)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.count("report.html") == len(TEAMS)
    return folder


def test_there_are_six_teams() -> None:
    assert len(TEAMS) == 6


@pytest.mark.parametrize("team", TEAMS)
def test_every_stage_of_every_team_is_done(out: Path, team: str) -> None:
    manifest = record_in(run_folder(out, team), "manifest.json")

    assert manifest["status"] == "complete"
    assert {one["state"] for one in manifest["stages"].values()} == {"done"}  # type: ignore[attr-defined]


def test_the_teams_differ_in_what_they_may_send(out: Path) -> None:
    refused = {}
    for team in TEAMS:
        evidence = record_in(run_folder(out, team), "evidence.json")
        refused[team] = sum(one["refused_by_gate"] for one in evidence["endpoints"])  # type: ignore[attr-defined]

    assert len(set(refused.values())) > 1, refused


@pytest.mark.parametrize("page_of", [*TEAMS, "index"])
def test_a_page_opens_without_an_error_or_a_request(
    out: Path,
    page_of: str,
    chromium: Browser,  # noqa: F811  the fixture imported above
) -> None:
    is_index = page_of == "index"
    file = out / "index.html" if is_index else run_folder(out, page_of) / "report.html"
    page = chromium.new_page()
    said: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))

    page.goto(file.as_uri())
    if not is_index:
        page.wait_for_function("document.documentElement.dataset.figures")
    links = page.locator("a[href$='report.html']").count()
    page.close()

    assert said == []
    assert requests == [file.as_uri()]
    assert links >= len(TEAMS) or not is_index
