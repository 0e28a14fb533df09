"""Figures of the landscape: capability over time, and prices of models in the race."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import plotly.graph_objects as go

from playbook.figures.labels import Frame, Point, name_points
from playbook.figures.theme import (
    CLOSED,
    INK,
    OPEN,
    cited,
    label,
    new_figure,
    nothing,
    plain,
)
from playbook.landscape.gap_records import FrontierPoint, Lag
from playbook.landscape.records import Landscape, ModelInRace

FADED = 0.3
HEIGHT = 520
ROOM = timedelta(days=75)
"""Time left free at both ends of the axis, for names."""


def capability_over_time(landscape: Landscape) -> go.Figure:
    """Draw capability over release date: the frontiers of open and closed models, and each model.

    Models in the race are named where there is room; the others are faded.
    """
    known = [one for one in landscape.models if one.released and one.capability_index is not None]
    pooled = landscape.gap.pooled if landscape.gap else None
    if not known and not pooled:
        return nothing(
            "No model of the catalogue has a fitted capability", f"Landscape of {landscape.as_of}"
        )
    in_race = sum(one.state == "in" for one in known)
    figure = new_figure(
        _standing(pooled)
        or f"{in_race} of the {len(known)} models with a fitted capability are in the race",
        _capability_caption(landscape, known, pooled),
        height=HEIGHT,
    )
    if pooled:
        _add_frontiers(figure, pooled)
    _add_models(figure, known)
    _name(figure, known, pooled)
    figure.update_xaxes(title={"text": "release date"}, dtick="M6", tickformat="%Y-%m")
    figure.update_yaxes(title={"text": "pooled capability index (logit scale, higher is better)"})
    return figure


def _standing(pooled: Lag | None) -> str:
    """Return where the best open weights stand against earlier closed models; empty if unknown."""
    if not pooled or not pooled.open_frontier or not pooled.closed_frontier:
        return ""
    best = pooled.open_frontier[-1]
    said = f"The best open weights of the index ({best.model}, {best.released:%Y-%m})"
    reached = [one for one in pooled.closed_frontier if one.score <= best.score]
    ahead = [one for one in pooled.closed_frontier if one.score > best.score]
    if not ahead:
        return f"{said} are level with or above every closed model"
    if not reached:
        return f"{said} stand below {_dated(ahead[0])}, the first closed model of the index"
    side = "above" if reached[-1].score < best.score else "level with"
    return f"{said} stand {side} {_dated(reached[-1])} and below {_dated(ahead[0])}"


def _dated(one: FrontierPoint) -> str:
    return f"{one.model} ({one.released:%Y-%m})"


def _capability_caption(
    landscape: Landscape, known: Sequence[ModelInRace], pooled: Lag | None
) -> str:
    in_race = sum(one.state == "in" for one in known)
    unknown = sum(one.state == "in" for one in landscape.models) - in_race
    lines = ""
    if pooled:
        lines = (
            f"Steps: best so far; lag and its interval: next figure. Computed from "
            f"{cited(pooled.source)}; nothing newer than {pooled.last_release} is on the index. "
        )
    return (
        f"{lines}Points: the {len(known)} models of the catalogue with a fitted capability, "
        f"landscape of {landscape.as_of}; named: {in_race} in the race, faded: the others. "
        f"{unknown} more in the race are not on the index."
    )


def _add_frontiers(figure: go.Figure, pooled: Lag) -> None:
    for name, colour, steps in (
        ("best closed model so far", CLOSED, pooled.closed_frontier),
        ("best open weights so far", OPEN, pooled.open_frontier),
    ):
        if not steps:
            continue
        figure.add_scatter(
            x=[*(one.released for one in steps), pooled.last_release],
            y=[*(one.score for one in steps), steps[-1].score],
            mode="lines",
            line={"color": colour, "width": 2, "shape": "hv",
                  "dash": "solid" if colour == CLOSED else "dash"},
            name=name,
            hovertext=[_step(one) for one in (*steps, steps[-1])],
            hovertemplate="%{hovertext}<extra>%{fullData.name}</extra>",
        )  # fmt: skip


def _step(one: FrontierPoint) -> str:
    return f"{plain(one.model)}, {one.released}: {one.score:.2f}"


def _add_models(figure: go.Figure, known: Sequence[ModelInRace]) -> None:
    for weights_open, colour, symbol in ((True, OPEN, "diamond"), (False, CLOSED, "circle")):
        rows = [one for one in known if one.open_weights == weights_open]
        figure.add_scatter(
            x=[one.released for one in rows],
            y=[one.capability_index for one in rows],
            mode="markers",
            name="open weights" if weights_open else "API only",
            marker={
                "color": colour,
                "symbol": symbol,
                "size": 10,
                "opacity": [1.0 if one.state == "in" else FADED for one in rows],
            },
            hovertext=[_why(one) for one in rows],
            hoverinfo="text",
        )


def _name(figure: go.Figure, known: Sequence[ModelInRace], pooled: Lag | None) -> None:
    """Name the models in the race; how many found no room is said under the axis."""
    points = [
        Point(
            on=one.released,
            value=one.capability_index,
            name=one.title if one.state == "in" else "",
            colour=OPEN if one.open_weights else CLOSED,
        )
        for one in known
        if one.released and one.capability_index is not None
    ]
    left_out = name_points(figure, points, _frame(points, pooled))
    if left_out:
        figure.add_annotation(
            text=f"{left_out} names found no room: see the table", showarrow=False,
            xref="paper", yref="paper", x=1, y=0, xanchor="right", yanchor="bottom",
            font={"size": 11, "color": INK},
        )  # fmt: skip


def _frame(points: Sequence[Point], pooled: Lag | None) -> Frame:
    steps = (*pooled.open_frontier, *pooled.closed_frontier) if pooled else ()
    days: list[date] = [one.on for one in points] + [one.released for one in steps]
    values = [one.value for one in points] + [one.score for one in steps]
    if pooled:
        days.append(pooled.last_release)
    room = 0.08 * ((max(values) - min(values)) or 1.0)
    return Frame(
        first=min(days) - ROOM,
        last=max(days) + ROOM,
        low=min(values) - room,
        high=max(values) + room,
        height=HEIGHT - 96.0,
    )


def _why(one: ModelInRace) -> str:
    reasons = "<br>".join(plain(reason.because) for reason in one.reasons[:3])
    return f"<b>{plain(one.title)}</b>: {one.state.replace('_', ' ')}<br>{reasons}"


def model_prices(landscape: Landscape) -> go.Figure:
    """Draw the cheapest quoted input and output price of each model in the race."""
    rows = [
        one
        for one in landscape.models
        if one.state != "out" and one.lowest_output_usd_per_million_tokens is not None
    ]
    if not rows:
        return nothing(
            "No model in the race is offered by an API at a known price",
            f"Landscape of {landscape.as_of}",
        )
    rows.sort(key=lambda one: -(one.lowest_output_usd_per_million_tokens or 0))
    dear, cheap = rows[0], rows[-1]
    ratio = (dear.lowest_output_usd_per_million_tokens or 0) / max(
        cheap.lowest_output_usd_per_million_tokens or 0, 1e-9
    )
    figure = new_figure(
        f"Output prices in the race differ {float(f'{ratio:.2g}'):,.0f}-fold: "
        f"{cheap.title} is cheapest",
        f"Cheapest quoted offer of each model, USD per million tokens, {landscape.as_of}; "
        "list prices without batch or cache discounts. Green: open weights, blue: API only.",
        height=140 + 20 * len(rows),
    )
    _add_prices(figure, rows)
    figure.update_xaxes(
        type="log", title={"text": "USD per million tokens (log scale)"}, tickformat="$~g",
        dtick="D2",
    )  # fmt: skip
    figure.update_yaxes(range=[-0.8, len(rows) - 0.2])
    return figure


def _add_prices(figure: go.Figure, rows: list[ModelInRace]) -> None:
    for name, symbol, field in (
        ("input", "circle-open", "lowest_input_usd_per_million_tokens"),
        ("output", "circle", "lowest_output_usd_per_million_tokens"),
    ):
        figure.add_scatter(
            x=[getattr(one, field) for one in rows],
            y=[label(one.title) for one in rows],
            mode="markers",
            name=f"{name} tokens",
            marker={
                "symbol": symbol,
                "size": 10,
                "color": [OPEN if one.open_weights else CLOSED for one in rows],
                "line": {"color": INK, "width": 1},
            },
            hovertemplate=f"%{{y}}: %{{x:.3g}} USD per million {name} tokens<extra></extra>",
        )
