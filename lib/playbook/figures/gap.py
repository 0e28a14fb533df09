"""The figure of the gap: how many months open weights come after closed models."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from playbook.figures.theme import (
    CLOSED,
    INK,
    MUTED,
    OPEN,
    between,
    cited,
    label,
    new_figure,
    nothing,
)
from playbook.landscape.gap_records import Gap, Lag
from playbook.landscape.records import Landscape

POOLED, BOARD, LEAD = INK, OPEN, CLOSED
LEAD_SHIFT = 0.28
"""How far below its row the unmatched lead is drawn, in rows."""


def lags(landscape: Landscape) -> go.Figure:
    """Draw the lag of open weights behind closed models: pooled and per board, with intervals.

    What closed models show and no open weights have reached is drawn apart: it is a lower bound.
    """
    gap = landscape.gap
    rows = _rows(gap) if gap else []
    if not gap or not rows:
        return nothing(
            "No board is known on which open and closed models can be compared",
            f"Landscape of {landscape.as_of}",
        )
    figure = new_figure(_finding(gap), _caption(gap, rows), height=150 + 34 * len(rows))
    _add_lags(figure, rows)
    _add_leads(figure, rows)
    figure.add_vline(x=0, line={"color": MUTED, "width": 1})
    figure.update_xaxes(title={"text": "months after the first closed model of the same score"})
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[_name(one) for one in rows],
        range=[-0.7, len(rows) - 0.4],
    )
    return figure


def _rows(gap: Gap) -> list[Lag]:
    """Return the lags from the lowest row to the highest: boards by newest data, then pooled."""
    boards = sorted(gap.boards, key=lambda one: (one.last_release, one.title))
    return [*boards, *([gap.pooled] if gap.pooled else [])]


def _name(one: Lag) -> str:
    title = "Pooled index" if one.board == "pooled" else one.title
    text = label(f"{title}, to {one.last_release:%Y-%m}")
    return f"<b>{text}</b>" if one.board == "pooled" else text


def _finding(gap: Gap) -> str:
    months = [one.months for one in gap.boards if one.months is not None]
    boards = f"single boards range from {min(months):.1f} to {max(months):.1f}" if months else ""
    pooled = gap.pooled
    if pooled is None or pooled.months is None:
        return f"Lag of open weights in months: {boards or 'no score was matched on any board'}"
    return f"Open weights come {_months(pooled)} after closed models, pooled" + (
        f"; {boards}" if boards else ""
    )


def _months(one: Lag) -> str:
    """Return a lag in words with its interval."""
    if one.months is None:
        return "no level matched"
    return f"{one.months:.1f} months{between(one.low, one.high)}"


def _caption(gap: Gap, rows: Sequence[Lag]) -> str:
    speed = gap.speed_ratio
    pace = ""
    if speed:
        pace = (
            " Speed of the open over the closed frontier in its last 24 months: "
            f"{speed.value:.2f}{between(speed.low, speed.high, digits=2)}."
        )
    return (
        "Filled: mean distance of the two frontiers over the scores that both reached (pooled: "
        "median over refits), with 5 to 95% over resamples. Hollow, to the right: for how long the "
        "oldest closed score out of reach had stood at the last data; the next lag is at least "
        "that. Its interval can end at the mark: a lead runs from a closed model's release to the "
        "last data, so it takes few values. Boards run newest data first. Computed from "
        f"{cited(rows[-1].source)} and the boards named; nothing is known after each month named."
        f"{pace}"
    )


def _add_lags(figure: go.Figure, rows: Sequence[Lag]) -> None:
    shown = [(at, one, one.months) for at, one in enumerate(rows) if one.months is not None]
    figure.add_scatter(
        x=[months for _, _, months in shown],
        y=[at for at, _, _ in shown],
        error_x=_bars([(months, one.low, one.high) for _, one, months in shown], INK),
        mode="markers",
        name="mean lag of the scores that both reached",
        marker={
            "color": [POOLED if one.board == "pooled" else BOARD for _, one, _ in shown],
            "symbol": "diamond",
            "size": [13 if one.board == "pooled" else 10 for _, one, _ in shown],
            "opacity": 1,
        },
        hovertext=[f"{_name(one)}: {_months(one)}" for _, one, _ in shown],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _add_leads(figure: go.Figure, rows: Sequence[Lag]) -> None:
    shown = [(at, one) for at, one in enumerate(rows) if one.unmatched_lead_months > 0]
    figure.add_scatter(
        x=[one.unmatched_lead_months for _, one in shown],
        y=[at - LEAD_SHIFT for at, _ in shown],
        error_x=_bars(
            [
                (one.unmatched_lead_months, one.unmatched_lead_low, one.unmatched_lead_high)
                for _, one in shown
            ],
            LEAD,
        ),
        mode="markers",
        name="closed lead not matched yet: at least",
        marker={"color": LEAD, "symbol": "triangle-right-open", "size": 11},
        hovertext=[
            f"{_name(one)}: at least {one.unmatched_lead_months:.1f} months so far"
            for _, one in shown
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _bars(
    spans: Sequence[tuple[float, float | None, float | None]], colour: str
) -> dict[str, object]:
    """Return error bars; a mean outside its own percentiles gets none on that side."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [max(0.0, (high if high is not None else at) - at) for at, _, high in spans],
        "arrayminus": [max(0.0, at - (low if low is not None else at)) for at, low, _ in spans],
        "color": colour,
        "thickness": 1.6,
        "width": 3,
    }
