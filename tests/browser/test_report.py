"""The report as a reader sees it: every figure whole, no request, nothing hostile runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from playbook.report import write_report
from playbook.report.page import render
from playbook.runs import Run
from tests.report.builders import HOSTILE, records_of

pytestmark = pytest.mark.browser

WIDE, NARROW = 1200, 400
SIZES = """figure => {
    const svg = figure.querySelector("svg.main-svg"), inner = figure.querySelector(".drawing");
    const box = svg ? svg.getBoundingClientRect() : {width: 0, height: 0};
    const title = figure.querySelector(".gtitle"), top = inner.getBoundingClientRect().top;
    return {width: box.width, height: box.height, room: inner.clientHeight,
            titleTop: title ? title.getBoundingClientRect().top - top : -1,
            scrolls: figure.scrollHeight > figure.clientHeight + 1};
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Visit:
    """A page that was opened, with everything it said and asked for."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.file = page, file
        self.said: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_function("document.documentElement.dataset.figures")

    def figures(self) -> list[dict[str, Any]]:
        return [one.evaluate(SIZES) for one in self.page.query_selector_all(".figure")]


@pytest.fixture(scope="module", params=["demo", "hostile"])
def visit(
    request: pytest.FixtureRequest,
    chromium: Browser,
    demo_run: Run,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Visit]:
    file = write_report(demo_run)
    if request.param == "hostile":
        file = tmp_path_factory.mktemp("hostile") / "report.html"
        file.write_text(render(records_of(demo_run), run_name=HOSTILE), encoding="utf-8")
    page = chromium.new_page(viewport={"width": WIDE, "height": 900})
    yield Visit(page, file)
    page.close()


def test_page_loads_without_a_word_or_a_request(visit: Visit) -> None:
    assert visit.said == []
    assert visit.requests == [visit.file.as_uri()]


def test_every_figure_is_drawn_whole(visit: Visit) -> None:
    sizes = visit.figures()

    assert len(sizes) >= 8
    for size in sizes:
        assert size["width"] > 0
        assert 0 < size["height"] <= size["room"]
        assert size["titleTop"] >= 0
        assert not size["scrolls"]


def test_title_is_text_however_hostile(visit: Visit) -> None:
    title = visit.page.title()

    assert title not in ("owned", "o")
    assert title.endswith(": AI strategy")
    assert visit.page.locator("img").count() == 0


def test_pointing_at_a_figure_shows_its_numbers(visit: Visit) -> None:
    figure = visit.page.locator(".figure", has=visit.page.locator(".errorbars, .xerror")).first
    figure.scroll_into_view_if_needed()
    point = figure.locator(".point").first.bounding_box()
    assert point is not None

    visit.page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)

    label = figure.locator(".hoverlayer .hovertext").first
    label.wait_for(state="visible", timeout=5_000)
    assert re.search(r"\d", label.text_content() or "")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_page_never_scrolls_sideways(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})

    assert visit.page.evaluate(OVERFLOW) == 0


def test_figures_fit_on_paper_and_take_their_width_back(visit: Visit) -> None:
    widths = "[...document.querySelectorAll('.drawing')].map(one => one._fullLayout.width)"
    visit.page.set_viewport_size({"width": WIDE, "height": 900})
    visit.page.wait_for_function(f"{widths}.every(one => one > 1000)")
    before = visit.page.evaluate(widths)

    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    on_paper = visit.page.evaluate(widths)
    visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")

    assert set(on_paper) == {760}
    visit.page.wait_for_function(f"before => String({widths}) === String(before)", arg=before)


def test_paper_shows_every_table_but_the_longest_of_which_it_says_so(visit: Visit) -> None:
    visit.page.emulate_media(media="print")
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    assert visit.page.locator("details:not(.long):not([open])").count() == 0
    shut = visit.page.locator("details.long:not([open], .more) summary")
    assert shut.count() >= 1
    after = shut.first.evaluate("one => getComputedStyle(one, '::after').content")
    assert "not on paper" in after
