"""Names beside points never overlap, on narrow pages and on wide ones."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from playbook.figures.labels import LETTER, LINE, WIDTHS, Frame, Point, name_points
from playbook.figures.theme import new_figure

FRAME = Frame(first=date(2024, 1, 1), last=date(2026, 1, 1), low=-1.0, high=3.0, height=400.0)


def points(days: list[int], values: list[float]) -> list[Point]:
    return [
        Point(FRAME.first + timedelta(days=day), value, f"Model {number:02}", "#000000")
        for number, (day, value) in enumerate(zip(days, values, strict=True))
    ]


def boxes(figure: object, width: float) -> list[tuple[float, float, float, float]]:
    found = []
    for note in figure.layout.annotations:  # type: ignore[attr-defined]
        x, y = FRAME.middle(Point(note.x, note.y, "", ""), width)
        half = LETTER * len(note.text) / 2
        x, y = x + note.ax, y - note.ay
        found.append((x - half, y - LINE / 2, x + half, y + LINE / 2))
    return found


@given(
    st.lists(
        st.tuples(st.integers(0, 731), st.floats(-1, 3, allow_nan=False)), min_size=1, max_size=40
    )
)
def test_no_two_names_overlap_and_none_is_lost_uncounted(drawn: list[tuple[int, float]]) -> None:
    figure = new_figure("finding", "caption")

    left_out = name_points(figure, points(*map(list, zip(*drawn, strict=True))), FRAME)

    assert left_out + len(figure.layout.annotations) == len(drawn)
    for width in WIDTHS:
        for one, other in itertools.combinations(boxes(figure, width), 2):
            apart = (
                one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            )
            assert apart


def test_a_lone_point_is_named_above_itself() -> None:
    figure = new_figure("finding", "caption")

    assert name_points(figure, points([365], [1.0]), FRAME) == 0
    (note,) = figure.layout.annotations
    assert (note.ax, note.ay) == (0, -15)


def test_a_name_is_text_however_hostile() -> None:
    figure = new_figure("finding", "caption")

    name_points(figure, [Point(date(2025, 1, 1), 1.0, "<b>$x$", "#000000")], FRAME)

    assert figure.layout.annotations[0].text == "&lt;b&gt;&#36;x&#36;"


def test_a_nameless_point_keeps_its_place_free() -> None:
    figure = new_figure("finding", "caption")
    above = Point(date(2025, 1, 1), 1.15, "", "#000000")

    name_points(figure, [Point(date(2025, 1, 1), 1.0, "Model", "#000000"), above], FRAME)

    assert figure.layout.annotations[0].ay != -15
