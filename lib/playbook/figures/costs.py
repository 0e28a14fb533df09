"""Figures of costs: monthly cost, what it is made of, the staircase, what moves it."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from playbook.costs.finding import crosses
from playbook.costs.records import BreakEven, Costs, OptionCost
from playbook.figures.theme import (
    LANE_COLOURS,
    LANE_SYMBOLS,
    MUTED,
    SERIES,
    label,
    new_figure,
    nothing,
    plain,
    short,
    usd,
)
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane

BAND_OPACITY = 0.2


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
        f"{best.title} is cheapest: {usd(span.p10)} to {usd(span.p90)} a month",
        f"All-in USD per month at {short(volume.p10)} to {short(volume.p90)} tokens a day "
        f"(p10 to p90 of {costs.draws} draws), the latest prices known on {costs.as_of} "
        "(sources and days: the table below); computed. Quality is not considered here.",
        height=130 + 26 * len(rows),
    )
    for lane in Lane:
        mine = [one for one in rows if one.lane is lane and one.usd_per_month]
        spans = [one.usd_per_month for one in mine if one.usd_per_month]
        figure.add_scatter(
            x=[one.p50 for one in spans],
            y=[label(one.title) for one in mine],
            error_x=_bars(spans),
            mode="markers",
            name=lane.words,
            marker={"color": LANE_COLOURS[lane], "symbol": LANE_SYMBOLS[lane], "size": 10},
            hovertemplate="%{y}: %{x:$,.3s} a month<extra></extra>",
        )
    figure.update_yaxes(categoryorder="array", categoryarray=[label(one.title) for one in rows])
    figure.update_xaxes(
        type="log", title={"text": "USD per month (log scale), p10 to p90"}, tickformat="$~s",
        dtick="D2",
    )  # fmt: skip
    return figure


def _bars(spans: list[Percentiles]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [one.p90 - one.p50 for one in spans],
        "arrayminus": [one.p50 - one.p10 for one in spans],
        "thickness": 2,
    }


def cost_components(costs: Costs) -> go.Figure:
    """Draw what the monthly cost of the cheapest options of each lane is made of (medians)."""
    rows = list(cheapest_of_each_lane(costs, each=3))
    if not rows:
        return nothing("No option could be priced", "")
    rows.sort(key=lambda one: -(one.usd_per_month.p50 if one.usd_per_month else 0))
    names = sorted({name for one in rows for name in one.components})
    own = [one for one in rows if one.lane is Lane.SELF_HOSTED]
    figure = new_figure(
        _leading_component((own or rows)[-1]),
        f"Median of each component, USD per month, latest prices known on {costs.as_of}; "
        "computed. The share is of the sum of these medians; medians of components do not add up "
        "to the median of the total.",
        height=150 + 30 * len(rows),
    )
    for number, name in enumerate(names):
        values = [one.components[name].p50 if name in one.components else 0.0 for one in rows]
        figure.add_bar(
            x=values,
            y=[label(one.title) for one in rows],
            orientation="h",
            name=plain(name.replace("_", " ")),
            marker={"color": SERIES[number % len(SERIES)]},
            hovertemplate="%{y}: %{x:$,.3s}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title={"text": "USD per month"}, tickformat="$~s")
    return figure


def _leading_component(option: OptionCost) -> str:
    """Return the component with the largest median, and its share of the sum of medians."""
    medians = {name: one.p50 for name, one in option.components.items()}
    total = sum(medians.values())
    if total <= 0:
        return "What the monthly cost is made of"
    name = max(medians, key=lambda one: medians[one])
    words = _words(name).capitalize()
    return f"{words} is the largest part of {option.title}: {medians[name] / total:.0%}"


def break_even_curve(break_even: BreakEven, costs: Costs | None = None) -> go.Figure:
    """Draw both sides' monthly cost over volume, with bands and the first crossing.

    Args:
        break_even: The pair.
        costs: For the team's own volume, drawn as a band.
    """
    finding, _, more = break_even.finding.partition(". ")
    figure = new_figure(
        finding,
        f"{more} Monthly cost over volume, both axes logarithmic; line: median, band: p10 to p90; "
        f"own servers climb in steps of whole replicas (computed).{_key(break_even)}",
        height=460,
    )
    api = [point.api_usd_per_month for point in break_even.curve]
    own = [point.self_hosted_usd_per_month for point in break_even.curve]
    lane = break_even.api_lane or Lane.FRONTIER_API
    side = "API" if lane is Lane.FRONTIER_API else lane.words
    name = f"{side}: {break_even.api_title or break_even.api_option}"
    _side(figure, break_even, api, name=name, lane=lane)
    name = break_even.self_hosted_title or f"own servers: {break_even.self_hosted_option}"
    _side(figure, break_even, own, name=name, lane=Lane.SELF_HOSTED)
    _mark(figure, break_even, costs)
    figure.update_xaxes(type="log", title={"text": "tokens per day, input plus output"},
                        exponentformat="B", dtick=1)  # fmt: skip
    figure.update_yaxes(type="log", title={"text": "USD per month"}, exponentformat="B",
                        tickprefix="$", dtick=1)  # fmt: skip
    return figure


def _side(
    figure: go.Figure, break_even: BreakEven, spans: list[Percentiles], *, name: str, lane: Lane
) -> None:
    """Draw one side's band from p10 to p90 and its median line."""
    volumes = [point.tokens_per_day for point in break_even.curve]
    colour = LANE_COLOURS[lane]
    figure.add_scatter(
        x=volumes + volumes[::-1],
        y=[one.p90 for one in spans] + [one.p10 for one in spans][::-1],
        fill="toself",
        fillcolor=colour,
        opacity=BAND_OPACITY,
        mode="none",
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=volumes,
        y=[one.p50 for one in spans],
        mode="lines",
        line={"color": colour, "width": 2.5},
        name=plain(name),
        hovertext=[
            f"{short(volume)} tokens/day: {plain(usd(one.p50))} a month"
            for volume, one in zip(volumes, spans, strict=True)
        ],
        hovertemplate="%{hovertext}<extra>%{fullData.name}</extra>",
    )


def _mark(figure: go.Figure, break_even: BreakEven, costs: Costs | None) -> None:
    if costs:
        low, high = costs.tokens_per_day.p10, costs.tokens_per_day.p90
        figure.add_vrect(x0=low, x1=high, fillcolor=MUTED, opacity=0.15, line_width=0)
        _note(figure, math.sqrt(low * high), "your volume", y=0, yanchor="bottom")
    first = _first_crossing(break_even)
    if first is None:
        return
    for volume, dash in ((first.p10, "dot"), (first.p50, "dash"), (first.p90, "dot")):
        figure.add_vline(x=volume, line={"color": MUTED, "dash": dash, "width": 1})
    said = f"{short(first.p50)} [{short(first.p10)}, {short(first.p90)}]"
    middle = math.sqrt(break_even.curve[0].tokens_per_day * break_even.curve[-1].tokens_per_day)
    if first.p50 > middle:
        _note(figure, first.p10, said, y=1, xanchor="right", yanchor="top")
    else:
        _note(figure, first.p90, said, y=1, xanchor="left", yanchor="top")


def _first_crossing(break_even: BreakEven) -> Percentiles | None:
    """Return the crossing to mark: none where the finding says never."""
    never = not crosses(break_even.share_of_draws_that_cross)
    return None if never or not break_even.curve else break_even.first_crossing


def _key(break_even: BreakEven) -> str:
    if _first_crossing(break_even) is None:
        return ""
    return " Dashed: median first crossing of the draws that cross, dotted: its p10 and p90."


def _note(figure: go.Figure, volume: float, text: str, **place: object) -> None:
    """Write beside a volume; on a logarithmic axis plotly places text by its power of ten."""
    figure.add_annotation(
        x=math.log10(volume), yref="paper", text=text, showarrow=False,
        font={"size": 11, "color": MUTED}, **place,
    )  # fmt: skip


def cost_swings(costs: Costs, *, most: int = 10) -> go.Figure:
    """Draw which inputs move the cheapest own-server option's cost most."""
    rows = list(costs.swings_usd_per_month.items())[:most][::-1]
    if not rows:
        return nothing("No input of an own-server option is uncertain", "")
    name, swing = rows[-1]
    figure = new_figure(
        f"{_words(name)} moves the cheapest own-server option most: {usd(abs(swing))} a month",
        "Mean cost in the input's upper third less that in its lower third, USD per month "
        f"(computed from {costs.draws} draws, {costs.as_of}).",
        height=130 + 30 * len(rows),
    )
    figure.add_bar(
        x=[value for _, value in rows],
        y=[label(_words(one)) for one, _ in rows],
        orientation="h",
        marker={"color": [SERIES[1] if value > 0 else SERIES[0] for _, value in rows]},
        hovertemplate="%{y}: %{x:$,.3s} a month<extra></extra>",
    )
    figure.update_xaxes(title={"text": "change of cost, USD per month"}, tickformat="$~s")
    return figure


def _words(path: str) -> str:
    """Return a field's path in words: `infrastructure.fte_needed_api` is `FTE needed api`."""
    return path.rpartition(".")[2].replace("_", " ").replace("fte ", "FTE ")


def break_evens(costs: Costs, number: int = 0) -> go.Figure:
    """Draw the break-even curve of one instructive pair, the first if none is named."""
    if len(costs.break_evens) <= number:
        return nothing("There is no pair of own servers and API to compare", "")
    return break_even_curve(costs.break_evens[number], costs)
