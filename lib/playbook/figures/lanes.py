"""The three lanes side by side: at the team's volume, and over volume."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from playbook.costs.lane_records import LaneCost
from playbook.costs.records import Costs
from playbook.figures.bands import band
from playbook.figures.theme import (
    LANE_COLOURS,
    LANE_SYMBOLS,
    label_lines,
    new_figure,
    nothing,
    plain,
    short,
    usd,
    whiskers,
)
from playbook.figures.volume_axis import (
    USD_PER_MONTH,
    VOLUME,
    own_volume,
    rule_of_thumb,
    volume_words,
)
from playbook.vocabulary import Lane

SURE = 0.9
NEARLY_SAME = 1.05
DASHES = {Lane.FRONTIER_API: "solid", Lane.HOSTED_OPEN_WEIGHTS: "dash", Lane.SELF_HOSTED: "solid"}


def lane_costs(costs: Costs) -> go.Figure:
    """Draw the monthly cost of the cheapest option of each lane, median with p10 to p90."""
    priced = [one for one in costs.lanes if one.usd_per_month]
    if not priced:
        return nothing("No lane has an option with a cost", _reasons(costs.lanes))
    figure = new_figure(
        _first(priced, costs),
        f"Cheapest option of each lane at {volume_words(costs.tokens_per_day)}: "
        f"all-in USD per month, median with p10 to p90 of {costs.draws} joint draws, the latest "
        f"prices known on {costs.as_of}; computed. Quality and rules are not considered here."
        f"{_missing(costs.lanes)}{_untuned(costs)}",
        height=150 + 64 * len(costs.lanes),
        x={**USD_PER_MONTH, "dtick": "D2", "tickformat": "$~s", "tickprefix": "",
           "range": _ends(priced),
           "title": {"text": "USD per month (log scale), median with p10 to p90"}},
        y={"tickvals": [*range(len(costs.lanes))], "ticktext": [_name(one) for one in costs.lanes],
           "zeroline": False, "range": [len(costs.lanes) - 0.5, -0.7]},
    )  # fmt: skip
    figure.add_traces([_row(one, place) for place, one in enumerate(costs.lanes)])
    return figure


def lane_curves(costs: Costs) -> go.Figure:
    """Draw the monthly cost of each lane's cheapest option over volume, with the team's volume."""
    drawn = [one for one in costs.lanes if one.curve]
    if not drawn:
        return nothing("No lane has an option with a cost", _reasons(costs.lanes))
    figure = new_figure(
        _over_volume(drawn),
        "At each volume the option of the lane that is likely the cheapest there; line: median, "
        f"band: p10 to p90 of {costs.draws} draws, the latest prices known on {costs.as_of}; "
        f"computed.{_missing(costs.lanes)}{_untuned(costs)}",
        height=480,
        x=VOLUME,
        y=USD_PER_MONTH,
    )
    figure.add_traces([trace for one in drawn for trace in _curve(one)])
    shapes, words = own_volume(costs.tokens_per_day)
    more, said = rule_of_thumb(costs.break_evens)
    figure.update_layout(shapes=[*more, *shapes], annotations=[*said, *words])
    return figure


def share_cheaper(one: str, other: str, costs: Costs) -> float:
    """Return the share of joint draws in which one option costs less than another."""
    draws = {cost.option: cost.draws_usd_per_month for cost in costs.options}
    pairs = [np.array(draws.get(name, ())) for name in (one, other)]
    same = len(pairs[0]) == len(pairs[1]) and len(pairs[0]) > 0
    return float((pairs[0] < pairs[1]).mean()) if same else 1.0


def _first(priced: Sequence[LaneCost], costs: Costs) -> str:
    ranked = sorted(priced, key=lambda one: one.usd_per_month.p50 if one.usd_per_month else 0.0)
    best, span = ranked[0], ranked[0].usd_per_month
    money = f"{usd(span.p50)} [{usd(span.p10)}, {usd(span.p90)}] a month" if span else ""
    if len(ranked) == 1:
        return f"Only the lane {best.lane.words} has a cost: {money}"
    beside = ranked[1].usd_per_month
    if span and beside and beside.p50 < span.p50 * NEARLY_SAME:
        both = f"{best.lane.words} and {ranked[1].lane.words}"
        return f"{both[:1].upper()}{both[1:]} cost nearly the same: {money}"
    share = share_cheaper(best.option or "", ranked[1].option or "", costs)
    if share < SURE:
        return (
            f"Too close to call: {best.lane.words} for {money} is cheaper than "
            f"{ranked[1].lane.words} in {share:.0%} of draws only"
        )
    what = "its planned fine-tuning" if costs.lacks_planned_tuning(best.option) else ""
    before = f"Without {what}" if what else "Before rules and quality"
    return f"{before}, {best.lane.words} is the cheapest lane: {money}, with {best.title}"


def _ends(priced: Sequence[LaneCost]) -> list[float]:
    """Return the axis' ends as powers of ten, with room for the words above a point."""
    spans = [one.usd_per_month for one in priced if one.usd_per_month]
    low, high = min(one.p10 for one in spans), max(one.p90 for one in spans)
    return [math.log10(max(low, 1.0) / 1.5), math.log10(max(high, 2.0) * 1.5)]


def _name(one: LaneCost) -> str:
    return f"<b>{plain(one.lane.words)}</b><br>{label_lines(one.title or 'no option with a cost')}"


def _row(one: LaneCost, place: int) -> dict[str, Any]:
    span = one.usd_per_month
    if span is None:
        return {"type": "scatter", "x": [None], "y": [place], "showlegend": False}
    said = f"{usd(span.p50)} [{usd(span.p10)}, {usd(span.p90)}]"
    return {
        "type": "scatter", "x": [span.p50], "y": [place], "error_x": whiskers([span]),
        "mode": "markers+text", "text": [plain(said)], "textposition": "top center",
        "textfont": {"size": 12}, "showlegend": False, "cliponaxis": False,
        "marker": {"color": LANE_COLOURS[one.lane], "symbol": LANE_SYMBOLS[one.lane], "size": 12},
        "hovertext": [plain(f"{said} a month; {one.because}")], "hoverinfo": "text",
    }  # fmt: skip


def _curve(one: LaneCost) -> list[dict[str, Any]]:
    hover = [
        f"{short(point.tokens_per_day)} tokens/day: {plain(usd(point.usd_per_month.p50))} a month, "
        f"{plain(point.option)}"
        for point in one.curve
    ]
    return band(
        [point.tokens_per_day for point in one.curve],
        [point.usd_per_month for point in one.curve],
        colour=LANE_COLOURS[one.lane],
        name=plain(one.lane.words),
        hover=hover,
        dash=DASHES[one.lane],
    )


def _over_volume(drawn: Sequence[LaneCost]) -> str:
    """Return where the lane with the lowest median changes over volume."""
    changes: list[tuple[float, Lane]] = []
    for points in zip(*(one.curve for one in drawn), strict=False):
        best = min(range(len(points)), key=lambda number: points[number].usd_per_month.p50)
        lane = drawn[best].lane
        if not changes or changes[-1][1] is not lane:
            changes.append((points[best].tokens_per_day, lane))
    first, *later = changes
    if not later:
        return f"{first[1].words.capitalize()} has the lowest median at every volume drawn"
    said = [f"{lane.words} above about {short(volume)}" for volume, lane in later[:2]]
    more = " and further changes" if len(later) > len(said) else ""
    return f"Lowest median: {first[1].words} at small volumes, {', '.join(said)} tokens a day{more}"


def _missing(lanes: Sequence[LaneCost]) -> str:
    absent = [f"{one.lane.words}: {one.because}" for one in lanes if not one.curve]
    return f" Not drawn: {'; '.join(absent)}." if absent else ""


def _untuned(costs: Costs) -> str:
    """Return which lanes leave the fine-tuning out that the team plans and others pay for."""
    without = [one.lane.words for one in costs.lanes if costs.lacks_planned_tuning(one.option)]
    if not without:
        return ""
    return (
        " The fine-tuning that is planned has no known cost and is not in: "
        f"{', '.join(without)}; the lanes do not compare like for like."
    )


def _reasons(lanes: Sequence[LaneCost]) -> str:
    return "; ".join(f"{one.lane.words}: {one.because}" for one in lanes) or "nothing was computed"
