"""The figure of the calendar: which offers and models end, have ended, and what follows them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from playbook.figures.theme import (
    INK,
    MUTED,
    SERIES,
    VERDICT_COLOURS,
    label,
    new_figure,
    nothing,
    plain,
)
from playbook.landscape.market_records import RetirementDue
from playbook.landscape.records import Landscape
from playbook.vocabulary import Verdict

MOST, MONTHS_AHEAD = 30, 12
ROOM, WORDS, LONGEST = 0.04, 0.7, 20
"""Shares of the time shown that are left free beside marks, and for words beside them;
letters of a successor's name."""
PAST, SOON, LATER = VERDICT_COLOURS[Verdict.OUT], SERIES[4], SERIES[0]


@dataclass(frozen=True)
class _Kind:
    """A part of the calendar and how it is drawn."""

    name: str
    colour: str
    symbol: str


KINDS = (
    _Kind("ended", PAST, "x"),
    _Kind(f"ends within {MONTHS_AHEAD} months", SOON, "diamond"),
    _Kind("ends later", LATER, "circle"),
)


def calendar(landscape: Landscape) -> go.Figure:
    """Draw the ends of offers and models; ended ones red with their successor.

    What the team considers is marked with a star; where there are more than fit, it comes first.
    """
    rows = _chosen(landscape)
    if not rows:
        return nothing(
            "No end of an offer or model is announced", f"Landscape of {landscape.as_of}"
        )
    figure = new_figure(
        _finding(landscape), _caption(landscape, len(rows)), height=150 + 23 * len(rows)
    )
    names = _names(landscape, rows)
    for number, kind in enumerate(KINDS):
        mine = [(at, one) for at, one in enumerate(rows) if _kind(one) == number]
        if mine:
            _add(figure, landscape, mine, kind)
    figure.add_vline(x=landscape.as_of, line={"color": MUTED, "width": 1}, layer="below")
    figure.add_annotation(
        x=landscape.as_of, y=1, yref="paper", yanchor="bottom", text=f"{landscape.as_of}",
        showarrow=False, font={"size": 11},
    )  # fmt: skip
    figure.update_xaxes(
        title={"text": "last day"}, tickformat="%Y-%m", nticks=5, range=_span(landscape, rows)
    )
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=names,
                        range=[-0.7, len(rows) - 0.3])  # fmt: skip
    return figure


def _kind(one: RetirementDue) -> int:
    if one.months_left < 0:
        return 0
    return 1 if one.months_left <= MONTHS_AHEAD else 2


def considered(landscape: Landscape) -> frozenset[str]:
    """Return the models that the team names as candidates; none where it considers them all."""
    named = frozenset(
        one.model
        for one in landscape.models
        if not any(reason.rule == "candidates" for reason in one.reasons)
    )
    return named if len(named) < len(landscape.models) else frozenset()


def _model(one: RetirementDue) -> str:
    return one.option.partition("@")[0]


def _chosen(landscape: Landscape) -> list[RetirementDue]:
    """Return what is drawn, latest first: the team's, then what is nearest to the day."""
    team = considered(landscape)
    nearest = sorted(
        landscape.calendar, key=lambda one: (_model(one) not in team, abs(one.months_left))
    )
    return sorted(nearest[:MOST], key=lambda one: (one.on, one.title), reverse=True)


def _span(landscape: Landscape, rows: Sequence[RetirementDue]) -> tuple[date, date]:
    """Return the ends of the axis, with room for the words to the right of a mark."""
    days = [landscape.as_of, *(one.on for one in rows)]
    span = max(days) - min(days)
    written = [one.on for one in rows if _after(one, {})]
    last = max([max(days) + ROOM * span, *(day + WORDS * span for day in written)])
    return min(days) - ROOM * span, last


def _names(landscape: Landscape, rows: Sequence[RetirementDue]) -> list[str]:
    team = considered(landscape)
    return [f"{'★ ' if _model(one) in team else ''}{label(one.title)}" for one in rows]


def _finding(landscape: Landscape) -> str:
    rows, team = landscape.calendar, considered(landscape)
    ended = sum(one.months_left < 0 for one in rows)
    soon = [one for one in rows if 0 <= one.months_left <= MONTHS_AHEAD]
    mine = sum(_model(one) in team for one in soon)
    named = f", {mine} of them of models the team considers" if team else ""
    return f"Ends within {MONTHS_AHEAD} months: {len(soon)}{named}; ended: {ended}"


def _caption(landscape: Landscape, shown: int) -> str:
    more = len(landscape.calendar) - shown
    star = " ★ the team considers this model." if considered(landscape) else ""
    rest = f" {more} more: see the table." if more else ""
    return (
        f"Announced last days, quoted; seen from {landscape.as_of}; sources: the table.{star} "
        "After the arrow: what its developer names in its place, or a later release of the same "
        "line."
        f"{rest}"
    )


def _add(
    figure: go.Figure,
    landscape: Landscape,
    rows: Sequence[tuple[int, RetirementDue]],
    kind: _Kind,
) -> None:
    titles = {one.model: one.title for one in landscape.models}
    figure.add_scatter(
        x=[one.on for _, one in rows],
        y=[at for at, _ in rows],
        mode="markers+text",
        text=[_after(one, titles) for _, one in rows],
        textposition="middle right",
        textfont={"size": 11, "color": INK},
        cliponaxis=False,
        name=kind.name,
        marker={"color": kind.colour, "symbol": kind.symbol, "size": 10},
        hovertext=[
            f"{plain(one.title)}: {one.on}, {one.months_left:+.1f} months; "
            f"{plain(one.source.cite())}"
            for _, one in rows
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _after(one: RetirementDue, titles: dict[str, str]) -> str:
    if one.successor:
        name = titles.get(one.successor, one.successor)
        return f"  → {plain(textwrap.shorten(name, LONGEST, placeholder='…') or name[:LONGEST])}"
    return "  no successor known" if one.months_left < 0 else ""
