"""The checklist in a browser: it fits its paper, asks for nothing, and nothing hostile runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from playbook.catalog import load_catalog
from playbook.compliance import assess_compliance
from playbook.profile import load_profile
from playbook.report.checklist_page import checklist_page
from tests.compliance.builders import AS_OF
from tests.report.builders import HOSTILE

pytestmark = pytest.mark.browser

PAPER_WIDTHS = {"A4": 184, "Letter": 190}
"""Millimetres between the margins."""
PIXELS_PER_MM = 96 / 25.4
CUT_OFF = """() => [...document.querySelectorAll("td, th, p, div.line")]
    .filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
    .map(one => one.textContent.trim().slice(0, 60))"""


@pytest.fixture(params=["hospital", "eu_bank", "hostile"])
def page(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    hostile = request.param == "hostile"
    profile = load_profile(Path(f"params/teams/{'hospital' if hostile else request.param}.yaml"))
    if hostile:
        said = {"reason": HOSTILE, "owner": "x" * 300, "evidence": "y" * 400}
        answers = {name: one.changed(**said) for name, one in profile.data.answers.items()}
        title = f"{HOSTILE}'\"; }} * {{ display: none }}"
        profile = profile.changed(
            data=profile.data.changed(answers=answers),
            team=profile.team.changed(title=title, owner=HOSTILE),
        )
    compliance = assess_compliance(profile, load_catalog(), as_of=AS_OF)
    file = tmp_path / "checklist.html"
    file.write_text(checklist_page(profile, compliance), encoding="utf-8")
    opened = chromium.new_page()
    opened.goto(file.as_uri())
    yield opened
    opened.close()


@pytest.mark.parametrize("paper", PAPER_WIDTHS)
def test_nothing_is_cut_off_on_paper(page: Page, paper: str) -> None:
    width = round(PAPER_WIDTHS[paper] * PIXELS_PER_MM)
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []


def test_the_page_asks_for_nothing_and_runs_nothing(page: Page) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))

    page.reload()

    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []
    assert said == []
    assert page.locator("script").count() == 0
    assert page.locator("h1").is_visible()
