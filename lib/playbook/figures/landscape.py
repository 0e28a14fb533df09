"""Figures of the landscape: capability over time, and prices of models in the race."""

from __future__ import annotations

import plotly.graph_objects as go

from playbook.figures.theme import INK, LANE_COLOURS, label, new_figure, nothing, plain
from playbook.landscape.records import Landscape, ModelInRace
from playbook.vocabulary import Lane

OPEN, CLOSED = LANE_COLOURS[Lane.SELF_HOSTED], LANE_COLOURS[Lane.FRONTIER_API]
FADED = 0.35


def capability_over_time(landscape: Landscape) -> go.Figure:
    """Draw each model's pooled capability over its release date, open and closed weights apart."""
    known = [one for one in landscape.models if one.released and one.capability_index is not None]
    if not known:
        return nothing("No model of the catalogue has a fitted capability", "")
    in_race = sum(one.state == "in" for one in known)
    figure = new_figure(
        f"{in_race} of the {len(known)} models with a fitted capability are in the race",
        "Pooled capability index, logit scale, higher is better (computed from public boards; the "
        f"catalogue names the source); landscape of {landscape.as_of}. Faded and unnamed: not in "
        "the race. Models newer than the fit have no value and are not drawn.",
        height=440,
    )
    for weights_open, colour, symbol in ((True, OPEN, "diamond"), (False, CLOSED, "circle")):
        rows = [one for one in known if one.open_weights == weights_open]
        figure.add_scatter(
            x=[one.released for one in rows],
            y=[one.capability_index for one in rows],
            mode="markers+text",
            text=[plain(one.title) if one.state == "in" else "" for one in rows],
            textposition="top center",
            textfont={"size": 10},
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
    figure.update_xaxes(title={"text": "release date"})
    figure.update_yaxes(title={"text": "capability index (logit)"})
    return figure


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
        return nothing("No model in the race is offered by an API at a known price", "")
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
