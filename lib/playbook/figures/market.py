"""Figures of the market: price of a capability, and changes of hosted prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import plotly.graph_objects as go

from playbook.figures.theme import (
    MUTED,
    SERIES,
    cited,
    label,
    new_figure,
    nothing,
    plain,
    short,
    usd,
)
from playbook.landscape.market_records import CapabilityPrice, HostedChange
from playbook.landscape.records import Landscape
from playbook.provenance import Source

KINDS = {
    "rise": ("dearer", "#d55e00", "triangle-up", 0.13),
    "cut": ("cheaper", "#0072b2", "triangle-down", -0.13),
}
"""Name, colour and mark of a change, and by how much it stands above its row."""


def blend(landscape: Landscape) -> str:
    """Return in words how an input and an output price became one."""
    parts = next((one.input_parts for one in landscape.capability_prices if one.input_parts), None)
    return f"blended {parts:g}:1 input to output" if parts else "input and output blended"


def capability_prices(landscape: Landscape) -> go.Figure:
    """Draw the cheapest price of fixed capabilities over time, with the break of their pace."""
    levels = [one for one in landscape.capability_prices if one.steps]
    if not levels:
        return nothing(
            "No price history of a capability is known", f"Landscape of {landscape.as_of}"
        )
    figure = new_figure(
        _price_finding(levels), _price_caption(levels, blend(landscape)), height=430
    )
    for number, one in enumerate(levels):
        _add_level(figure, one, SERIES[number % len(SERIES)])
        _add_break(figure, one, SERIES[number % len(SERIES)])
    figure.update_xaxes(title={"text": "day on which the price was first seen"})
    figure.update_yaxes(
        type="log", title={"text": "USD per million tokens (log scale)"},
        tickformat="$~g", dtick="D2",
    )  # fmt: skip
    figure.update_layout(showlegend=True)
    return figure


def _price_finding(levels: Sequence[CapabilityPrice]) -> str:
    """Return what became of the level whose pace is known on both sides of its break."""
    known = [one for one in levels if one.fall_per_year_before and one.fall_per_year_after]
    one = (known or list(levels))[0]
    first, last = one.steps[0], one.steps[-1]
    start = f"{one.title}: from {usd(first.usd_per_million_tokens)} to "
    return f"{start}{usd(last.usd_per_million_tokens)} per million tokens; {pace(one)}"


def pace(one: CapabilityPrice) -> str:
    """Return by which factor the price of a capability was divided, before and since its break."""
    if one.break_on is None or one.fall_per_year_after is None:
        return f"divided by {short(one.fall_per_year)} a year"
    until, since = (
        f"until {one.break_on:%Y-%m}",
        f"by {short(one.fall_per_year_after)} a year since",
    )
    if one.fall_per_year_before is not None:
        return f"divided by {short(one.fall_per_year_before)} a year {until}, {since}"
    if one.fall_before is not None:
        return f"divided by {short(one.fall_before)} in all {until}, {since}"
    return f"divided {since} {one.break_on:%Y-%m}"


def _price_caption(levels: Sequence[CapabilityPrice], mix: str) -> str:
    sources = dict.fromkeys(step.source for one in levels for step in one.steps)
    until = max(one.observed_until for one in levels)
    return (
        f"Cheapest price, {mix}, of any model at or above a fixed capability, "
        "as dated copies of price tables show it (the vendor's own day may be weeks earlier), "
        f"until {until}; steps quoted, paces computed. Dotted: break of the pace; band: where it "
        "lies when any one model is left out. A past pace is no forecast. "
        f"Sources: {_named(tuple(sources))}."
    )


def _named(sources: Sequence[Source]) -> str:
    """Return the newest source in words and how many more there are."""
    newest = max(sources, key=lambda one: (one.as_of, one.title))
    more = len(sources) - 1
    return cited(newest) + (f" and {more} more, in the table below" if more else "")


def _add_break(figure: go.Figure, one: CapabilityPrice, colour: str) -> None:
    """Mark the break, and the span in which it lies when any one model is left out."""
    if one.break_on is None:
        return
    figure.add_vline(x=one.break_on, line={"color": colour, "dash": "dot", "width": 1.4})
    if one.break_earliest and one.break_latest and one.break_earliest < one.break_latest:
        figure.add_vrect(x0=one.break_earliest, x1=one.break_latest, fillcolor=colour,
                         opacity=0.08, line_width=0)  # fmt: skip


def _add_level(figure: go.Figure, one: CapabilityPrice, colour: str) -> None:
    steps = one.steps
    figure.add_scatter(
        x=[*(step.on for step in steps), one.observed_until],
        y=[*(step.usd_per_million_tokens for step in steps), steps[-1].usd_per_million_tokens],
        mode="lines+markers",
        line={"color": colour, "width": 2.2, "shape": "hv"},
        marker={"size": [8] * len(steps) + [0.1], "color": colour, "opacity": 1},
        name=f"{plain(one.title)}: {pace(one)}",
        hovertext=[
            f"{step.on}: {plain(usd(step.usd_per_million_tokens))}, {plain(step.model)} at "
            f"{plain(step.provider)}"
            for step in (*steps, steps[-1])
        ],
        hovertemplate=f"%{{hovertext}}<extra>{plain(one.title)}</extra>",
    )


def hosted_changes(landscape: Landscape) -> go.Figure:
    """Draw by which factor hosted open weights changed in price, host by host; exits are counted.

    Price tables are copied on few days, so the day of a change says less than its size.
    """
    rows = landscape.hosted_changes
    if not rows:
        return nothing(
            "No change of a hosted open-weight price is known", f"Landscape of {landscape.as_of}"
        )
    counts = {kind: sum(one.kind == kind for one in rows) for kind in ("rise", "cut", "exit")}
    days, sources = [one.on for one in rows], tuple(dict.fromkeys(one.source for one in rows))
    hosts = _hosts(rows)
    figure = new_figure(
        f"Prices of hosted open weights since {min(days):%Y-%m}: {_some(counts['rise'], 'rise')}, "
        f"{_some(counts['cut'], 'cut')}, {_some(counts['exit'], 'exit')}",
        f"Price after over price before, {blend(landscape)}, {min(days)} to {max(days)}. "
        "Gone: no longer in newer copies of the same price table. "
        f"Computed from quoted prices: {_named(sources)}.",
        height=150 + 40 * len(hosts),
    )
    for kind in KINDS:
        _add_changes(figure, [one for one in rows if one.kind == kind], kind, list(hosts))
    figure.add_vline(x=1, line={"color": MUTED, "width": 1})
    figure.update_xaxes(
        type="log", title={"text": "price after over price before (log scale)"}, tickformat="~g",
        dtick="D2", ticksuffix="×",  # noqa: RUF001  the sign for times
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(hosts))),
        ticktext=[f"{label(host)}: {gone} gone" for host, gone in hosts.items()],
        range=[-0.6, len(hosts) - 0.4],
    )
    return figure


def _hosts(rows: Sequence[HostedChange]) -> dict[str, int]:
    """Return the hosts with the number of offers that are gone, that with most changes last."""
    changes = Counter(one.provider for one in rows)
    gone = Counter(one.provider for one in rows if one.kind == "exit")
    return {host: gone[host] for host, _ in reversed(changes.most_common())}


def _some(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _add_changes(
    figure: go.Figure, rows: Sequence[HostedChange], kind: str, hosts: Sequence[str]
) -> None:
    name, colour, symbol, lift = KINDS[kind]
    figure.add_scatter(
        x=[one.times for one in rows],
        y=[hosts.index(one.provider) + lift for one in rows],
        mode="markers",
        name=f"{name} ({len(rows)})",
        marker={"color": colour, "symbol": symbol, "size": 10, "opacity": 0.7},
        hovertext=[_change(one) for one in rows],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _change(one: HostedChange) -> str:
    before = f"{plain(usd(one.input_before))} / {plain(usd(one.output_before))}"
    after = "gone"
    if one.input_after is not None and one.output_after is not None:
        after = f"{plain(usd(one.input_after))} / {plain(usd(one.output_after))}"
    return f"{plain(one.model)} at {plain(one.provider)}, {one.on}: {before} → {after}"
