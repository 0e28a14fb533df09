"""The monthly cost of the cheapest options, lane by lane."""

from __future__ import annotations

import plotly.graph_objects as go

from playbook.costs.records import Costs, OptionCost
from playbook.figures.theme import (
    LANE_COLOURS,
    LANE_SYMBOLS,
    label_lines,
    new_figure,
    nothing,
    usd,
    whiskers,
)
from playbook.figures.volume_axis import volume_words
from playbook.vocabulary import Lane


def cheapest_of_each_lane(costs: Costs, *, each: int = 5) -> tuple[OptionCost, ...]:
    """Return the cheapest priced options of each lane, cheapest first."""
    found: list[OptionCost] = []
    for lane in Lane:
        found += [one for one in costs.options if one.priced and one.lane is lane][:each]
    return tuple(sorted(found, key=lambda one: one.usd_per_month.p50 if one.usd_per_month else 0))


def monthly_costs(costs: Costs, options: tuple[str, ...] = ()) -> go.Figure:
    """Draw the monthly cost of options with p10 to p90.

    Args:
        costs: The record.
        options: Ids to draw; the cheapest five of each lane if empty.
    """
    chosen = [one for one in costs.options if one.option in options and one.priced]
    rows = chosen or list(cheapest_of_each_lane(costs))
    rows.sort(key=lambda one: -(one.usd_per_month.p50 if one.usd_per_month else 0))
    if not rows:
        return nothing("No option could be priced", "")
    best, volume = rows[-1], costs.tokens_per_day
    span = best.usd_per_month or volume
    figure = new_figure(
        "Before rules and quality, "
        f"{best.title} is cheapest: {usd(span.p10)} to {usd(span.p90)} a month",
        f"All-in USD per month at {volume_words(volume)} "
        f"(p10 to p90 of {costs.draws} draws), the latest prices known on {costs.as_of} "
        "(sources and days: the table below); computed. Quality is not considered here.",
        height=130 + 36 * len(rows),
    )
    for lane in Lane:
        mine = [one for one in rows if one.lane is lane and one.usd_per_month]
        spans = [one.usd_per_month for one in mine if one.usd_per_month]
        figure.add_scatter(
            x=[one.p50 for one in spans],
            y=[label_lines(one.title) for one in mine],
            error_x=whiskers(spans),
            mode="markers",
            name=lane.words,
            marker={"color": LANE_COLOURS[lane], "symbol": LANE_SYMBOLS[lane], "size": 10},
            hovertemplate="%{y}: %{x:$,.3s} a month<extra></extra>",
        )
    figure.update_yaxes(
        categoryorder="array", categoryarray=[label_lines(one.title) for one in rows]
    )
    figure.update_xaxes(
        type="log", title={"text": "USD per month (log scale), p10 to p90"}, tickformat="$~s",
        dtick="D2",
    )  # fmt: skip
    return figure
