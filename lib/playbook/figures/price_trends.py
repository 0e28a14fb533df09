"""Costs over the months ahead, if prices go one way or another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import plotly.graph_objects as go

from playbook.costs.lane_records import TrendScenario
from playbook.costs.records import Costs
from playbook.figures.bands import band
from playbook.figures.theme import (
    LANE_COLOURS,
    LANE_SYMBOLS,
    label,
    new_figure,
    nothing,
    plain,
    usd,
    whiskers,
)
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane

NONE = "No way of prices was looked at"
SURE = 0.9
BESIDE = 0.22
"""Rows between the lanes of one scenario."""
DASHES = {Lane.FRONTIER_API: "solid", Lane.HOSTED_OPEN_WEIGHTS: "dash", Lane.SELF_HOSTED: "solid"}


def price_trends(costs: Costs) -> go.Figure:
    """Draw each lane's cost over all months, by scenario, median with p10 to p90."""
    if not costs.trends:
        return nothing(NONE, "")
    rows = [f"<b>{label(one.title)}</b><br>{_leader(one)}" for one in costs.trends]
    months = costs.trends[0].months
    figure = new_figure(
        _finding(costs.trends),
        f"Sum over {months} months, not discounted, USD: each lane's cheapest option of today, "
        f"median with p10 to p90 of {costs.draws} draws. Ways of prices are assumed; the table "
        "names the source of each pace. No way is a forecast.",
        height=140 + 62 * len(rows),
        x={"type": "log", "tickformat": "$~s", "dtick": "D2",
           "title": {"text": f"USD over {months} months (log scale)"}},
        y={"tickvals": [*range(len(rows))], "ticktext": rows, "zeroline": False,
           "range": [len(rows) - 0.4, -0.6]},
    )  # fmt: skip
    for number, lane in enumerate(Lane):
        places = [(place, one.usd_total.get(lane)) for place, one in enumerate(costs.trends)]
        found = [(place + (number - 1) * BESIDE, span) for place, span in places if span]
        if found:
            figure.add_traces(_sums(lane, found))
    return figure


def price_trend(costs: Costs, scenario: str = "") -> go.Figure:
    """Draw each lane's cost in each month of one scenario, the first if none is named."""
    one = next((one for one in costs.trends if one.id == scenario or not scenario), None)
    if one is None:
        return nothing(NONE, "")
    figure = new_figure(
        f"{one.title}: {_sentence(one)}",
        f"{one.meaning} USD in each month, line: median, band: p10 to p90 of {costs.draws} draws; "
        f"{one.provenance.value}: {one.source}.",
        height=420,
        x={"title": {"text": "month from today"}, "dtick": 3, "range": [0.5, one.months + 0.5]},
        y={"type": "log", "tickformat": "$~s", "dtick": "D2",
           "title": {"text": "USD per month (log scale)"}},
    )  # fmt: skip
    figure.add_traces([trace for lane in Lane for trace in _monthly(one, lane)])
    return figure


def trend_views(costs: Costs) -> dict[str, Callable[[Costs], go.Figure]]:
    """Return a figure for each scenario, by its name in words, for a choice of views."""
    return {f"price trend: {one.title}": partial(_of, one.id) for one in costs.trends}


def _of(scenario: str, costs: Costs) -> go.Figure:
    return price_trend(costs, scenario)


def _sums(lane: Lane, found: Sequence[tuple[float, Percentiles]]) -> dict[str, Any]:
    spans = [span for _, span in found]
    said = [f"{usd(one.p50)} [{usd(one.p10)}, {usd(one.p90)}]" for one in spans]
    return {
        "type": "scatter", "mode": "markers", "name": plain(lane.words),
        "x": [one.p50 for one in spans], "y": [place for place, _ in found],
        "error_x": whiskers(spans),
        "marker": {"color": LANE_COLOURS[lane], "symbol": LANE_SYMBOLS[lane], "size": 10},
        "hovertext": [plain(f"{lane.words}: {text}") for text in said], "hoverinfo": "text",
    }  # fmt: skip


def _monthly(one: TrendScenario, lane: Lane) -> list[dict[str, Any]]:
    spans = one.usd_per_month.get(lane, ())
    if not spans:
        return []
    months = [float(number) for number in range(1, len(spans) + 1)]
    hover = [
        f"month {month:.0f}, {plain(lane.words)}: {plain(usd(span.p50))} "
        f"[{plain(usd(span.p10))}, {plain(usd(span.p90))}]"
        for month, span in zip(months, spans, strict=True)
    ]
    return band(months, spans, colour=LANE_COLOURS[lane], name=plain(lane.words), hover=hover,
                dash=DASHES[lane])  # fmt: skip


def _leader(one: TrendScenario) -> str:
    if one.cheapest_lane is None:
        return "no lane has a cost"
    share = one.share_of_draws.get(one.cheapest_lane, 0.0)
    close = "" if share >= SURE else ": too close to call"
    return f"{plain(one.cheapest_lane.words)} in {share:.0%} of draws{close}"


def _finding(trends: Sequence[TrendScenario]) -> str:
    leaders = {one.cheapest_lane for one in trends if one.cheapest_lane}
    months = trends[0].months
    if len(leaders) == 1:
        return (
            f"{leaders.pop().words.capitalize()} costs least over {months} months whichever of "
            f"{len(trends)} ways prices go"
        )
    now = trends[0].cheapest_lane
    other = [one.title for one in trends if now and one.cheapest_lane is not now]
    if not now or not other:
        return f"What costs least over {months} months depends on the way that prices go"
    return f"{now.words.capitalize()} costs least over {months} months, but not if: {other[0]}"


def _sentence(one: TrendScenario) -> str:
    month = one.first_month_own_servers_cheaper
    if month is None:
        return f"own servers get cheaper than every API in none of {one.months} months"
    if month == 1:
        return "own servers are cheaper than the cheapest API from the first month"
    return f"own servers get cheaper than the cheapest API from month {month}"
