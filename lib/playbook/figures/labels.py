"""Names beside points that never lie on each other: the first free place of a few, or none."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from playbook.figures.theme import plain

LETTER, LINE, AWAY, LONGEST = 6.2, 14.0, 9.0, 30
WIDTHS = (620.0, 1060.0)
"""Pixels between the axis' ends on a narrow and on a wide page; a place must be free on both."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Point:
    """A point in time to be named."""

    on: date
    """Its day."""
    value: float
    """Its height on a linear axis."""
    name: str
    """Its name, escaped here; with an empty one it only keeps its place free."""
    colour: str
    """Colour of the name."""


@dataclass(frozen=True)
class Frame:
    """What the axes show."""

    first: date
    """Left end."""
    last: date
    """Right end."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    height: float
    """Pixels between the lower and the upper end."""

    def middle(self, one: Point, width: float) -> tuple[float, float]:
        """Return where a point lies, in pixels from the lower left."""
        across = (one.on - self.first).days / max(1, (self.last - self.first).days)
        up = (one.value - self.low) / ((self.high - self.low) or 1.0)
        return across * width, up * self.height


def name_points(figure: go.Figure, points: Sequence[Point], frame: Frame) -> int:
    """Fix the axes, write names beside points and return how many found no room.

    Args:
        figure: A figure with one time axis and one linear axis.
        points: All points that are drawn.
        frame: What the axes are to show.
    """
    figure.update_xaxes(range=[frame.first, frame.last])
    figure.update_yaxes(range=[frame.low, frame.high])
    taken = [[_box(one, (0, 0), frame, width, letters=1) for one in points] for width in WIDTHS]
    left_out = 0
    for one in points:
        if not one.name:
            continue
        place = _place(one, taken, frame)
        if place is None:
            left_out += 1
            continue
        for boxes, width in zip(taken, WIDTHS, strict=True):
            boxes.append(_box(one, place, frame, width))
        _write(figure, one, place)
    return left_out


def _places(letters: int) -> list[tuple[float, float]]:
    """Return the middles of a name that are tried, in pixels from its point, nearest first."""
    side = AWAY + LETTER * letters / 2
    near = [(0, 15), (side, 0), (-side, 0), (0, -15), (side, 13), (-side, 13), (side, -13),
            (-side, -13)]  # fmt: skip
    far = [(across, up) for up in (30, -30, 45, -45, 60, -60) for across in (0, side, -side)]
    return [(float(across), float(up)) for across, up in (*near, *far)]


def _place(one: Point, taken: list[list[Box]], frame: Frame) -> tuple[float, float] | None:
    for place in _places(len(_short(one.name))):
        found = [_box(one, place, frame, width) for width in WIDTHS]
        if all(
            _inside(box, width, frame.height) and not any(_meet(box, other) for other in boxes)
            for box, boxes, width in zip(found, taken, WIDTHS, strict=True)
        ):
            return place
    return None


def _short(name: str) -> str:
    return textwrap.shorten(name, LONGEST, placeholder=" …") or name[:LONGEST]


def _box(
    one: Point, place: tuple[float, float], frame: Frame, width: float, *, letters: int = 0
) -> Box:
    x, y = frame.middle(one, width)
    half = LETTER * (letters or len(_short(one.name))) / 2 + 2
    x, y, rise = x + place[0], y + place[1], (5.0 if letters else LINE / 2)
    return (x - half, y - rise, x + half, y + rise)


def _inside(box: Box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _write(figure: go.Figure, one: Point, place: tuple[float, float]) -> None:
    """Write a name; from afar a thin line leads to its point."""
    far = abs(place[1]) > LINE + 1
    figure.add_annotation(
        x=one.on, y=one.value, ax=place[0], ay=-place[1], text=plain(_short(one.name)),
        showarrow=True, arrowhead=0, arrowwidth=1, standoff=5, borderpad=0,
        arrowcolor=one.colour if far else "rgba(0,0,0,0)", font={"size": 11, "color": one.colour},
        xanchor="center", yanchor="middle", bgcolor="rgba(255,255,255,0.7)",
    )  # fmt: skip
