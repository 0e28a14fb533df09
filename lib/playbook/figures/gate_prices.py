"""What each gate costs a month: the price of compliance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from playbook.decision.records import Decision, GatePrice
from playbook.figures.theme import SERIES, label, new_figure, nothing, plain, usd, whiskers

ROWS = 12
EMPTY_AXIS_USD = 100


def gate_prices(decision: Decision) -> go.Figure:
    """Draw what each gate and control costs a month, median with p10 to p90; the dearest first."""
    priced = [one for one in decision.gate_prices if one.usd_per_month][:ROWS]
    if not priced:
        return nothing("No gate has a price that can be named", _unpriced(decision.gate_prices))
    figure = new_figure(
        _finding(priced),
        "Cheapest open option with the gate less the cheapest without it alone, over joint draws: "
        f"USD per month, median with p10 to p90; computed, {decision.as_of}. A price of 0 means "
        f"that the gate closes no cheaper option alone. {_unpriced(decision.gate_prices)}".strip(),
        height=130 + 34 * len(priced),
        x=_axis(priced),
        y={"tickvals": [*range(len(priced))], "ticktext": [label(one.title) for one in priced],
           "zeroline": False, "range": [len(priced) - 0.4, -0.6]},
    )  # fmt: skip
    spans = [one.usd_per_month for one in priced if one.usd_per_month]
    figure.add_bar(
        x=[one.p50 for one in spans],
        y=[*range(len(priced))],
        orientation="h",
        error_x=whiskers(spans),
        marker={"color": SERIES[5]},
        hovertext=[plain(one.because) for one in priced],
        hoverinfo="text",
    )
    return figure


def _axis(priced: Sequence[GatePrice]) -> dict[str, Any]:
    """Return the axis of money; where every price is 0 it still counts in whole dollars."""
    axis = {"tickformat": "$~s", "rangemode": "tozero", "title": {"text": "USD per month"}}
    ends = [end for one in priced if (span := one.usd_per_month) for end in (span.p10, span.p90)]
    return axis if any(ends) else {**axis, "range": [0, EMPTY_AXIS_USD]}


def _finding(priced: Sequence[GatePrice]) -> str:
    costly = [one for one in priced if one.usd_per_month and one.usd_per_month.p50 > 0]
    if not costly:
        return "No gate alone makes this team's cheapest open option dearer"
    first, span = costly[0], costly[0].usd_per_month
    money = f"{usd(span.p50)} [{usd(span.p10)}, {usd(span.p90)}]" if span else ""
    return f"The dearest gate costs {money} a month: {first.title}"


def _unpriced(prices: Sequence[GatePrice]) -> str:
    without = [one for one in prices if one.usd_per_month is None]
    if not without:
        return ""
    return "Without a price: " + "; ".join(f"{one.title} ({one.because})" for one in without[:3])
