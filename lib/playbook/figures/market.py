"""Figures of the market: price of a capability, and changes of hosted prices."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from playbook.figures.theme import (
    INK,
    MUTED,
    SERIES,
    cited,
    new_figure,
    nothing,
    plain,
    short,
    usd,
)
from playbook.landscape.market_records import CapabilityPrice, HostedChange
from playbook.landscape.records import Landscape
from playbook.provenance import Source

INPUT_PARTS, PARTS = 3, 4
"""Blended price: three parts input to one part output."""
KINDS = {
    "rise": ("dearer", "#d55e00", "triangle-up"),
    "cut": ("cheaper", "#0072b2", "triangle-down"),
    "exit": ("gone from the table", INK, "x-thin"),
}


def capability_prices(landscape: Landscape) -> go.Figure:
    """Draw the cheapest price of fixed capabilities over time, with the break of their pace."""
    levels = [one for one in landscape.capability_prices if one.steps]
    if not levels:
        return nothing(
            "No price history of a capability is known", f"Landscape of {landscape.as_of}"
        )
    figure = new_figure(_price_finding(levels), _price_caption(levels), height=430)
    for number, one in enumerate(levels):
        _add_level(figure, one, SERIES[number % len(SERIES)])
    for day in sorted({one.break_on for one in levels if one.break_on}):
        figure.add_vline(x=day, line={"color": MUTED, "dash": "dot", "width": 1})
        figure.add_annotation(
            x=day, y=1, yref="paper", xanchor="left", yanchor="top", showarrow=False,
            text=f" break {day:%Y-%m}", font={"size": 11, "color": MUTED},
        )  # fmt: skip
    figure.update_xaxes(title={"text": "day on which the price was first seen"})
    figure.update_yaxes(
        type="log", title={"text": "USD per million tokens, 3:1 input to output (log scale)"},
        tickformat="$~g", dtick="D2",
    )  # fmt: skip
    figure.update_layout(showlegend=True)
    return figure


def _price_finding(levels: Sequence[CapabilityPrice]) -> str:
    """Return the pace of the level that fell most, before and after its break."""
    one = max(levels, key=lambda level: level.fall_per_year)
    first, last = one.steps[0], one.steps[-1]
    start = f"{one.title}: from {usd(first.usd_per_million_tokens)} to "
    return f"{start}{usd(last.usd_per_million_tokens)} per million tokens; {_pace(one)}"


def _pace(one: CapabilityPrice) -> str:
    before, after = one.fall_per_year_before, one.fall_per_year_after
    if one.break_on and before is not None and after is not None:
        return (
            f"divided by {short(before)} a year until {one.break_on:%Y-%m}, "
            f"by {short(after)} a year since"
        )
    return f"divided by {short(one.fall_per_year)} a year"


def _price_caption(levels: Sequence[CapabilityPrice]) -> str:
    sources = dict.fromkeys(step.source for one in levels for step in one.steps)
    until = max(one.observed_until for one in levels)
    return (
        "Cheapest blended price of any model at or above a fixed capability, as dated copies of "
        f"price tables show it (the vendor's own day may be weeks earlier), until {until}; steps "
        "quoted, paces computed over the steps. A past pace is no forecast. "
        f"Sources: {_named(tuple(sources))}."
    )


def _named(sources: Sequence[Source]) -> str:
    """Return the newest source in words and how many more there are."""
    newest = max(sources, key=lambda one: (one.as_of, one.title))
    more = len(sources) - 1
    return cited(newest) + (f" and {more} more, in the table below" if more else "")


def _add_level(figure: go.Figure, one: CapabilityPrice, colour: str) -> None:
    steps = one.steps
    figure.add_scatter(
        x=[*(step.on for step in steps), one.observed_until],
        y=[*(step.usd_per_million_tokens for step in steps), steps[-1].usd_per_million_tokens],
        mode="lines+markers",
        line={"color": colour, "width": 2.2, "shape": "hv"},
        marker={"size": [8] * len(steps) + [0.1], "color": colour, "opacity": 1},
        name=f"{plain(one.title)}: {_pace(one)}",
        hovertext=[
            f"{step.on}: {plain(usd(step.usd_per_million_tokens))}, {plain(step.model)} at "
            f"{plain(step.provider)}"
            for step in (*steps, steps[-1])
        ],
        hovertemplate=f"%{{hovertext}}<extra>{plain(one.title)}</extra>",
    )


def hosted_changes(landscape: Landscape) -> go.Figure:
    """Draw how hosted open weights changed in price: dearer, cheaper, or gone."""
    rows = landscape.hosted_changes
    if not rows:
        return nothing(
            "No change of a hosted open-weight price is known", f"Landscape of {landscape.as_of}"
        )
    counts = {kind: sum(one.kind == kind for one in rows) for kind in KINDS}
    days, sources = [one.on for one in rows], tuple(dict.fromkeys(one.source for one in rows))
    figure = new_figure(
        f"Prices of hosted open weights since {min(days):%Y-%m}: {_some(counts['rise'], 'rise')}, "
        f"{_some(counts['cut'], 'cut')}, {_some(counts['exit'], 'exit')}",
        f"Price after over price before, blended 3:1 input to output, {min(days)} to {max(days)}; "
        "an exit is drawn at the day of its last price, at 1. "
        f"Computed from quoted prices: {_named(sources)}.",
        height=400,
    )
    for kind, (name, colour, symbol) in KINDS.items():
        _add_changes(figure, [one for one in rows if one.kind == kind], (name, colour, symbol))
    figure.add_hline(y=1, line={"color": MUTED, "width": 1})
    figure.update_xaxes(title={"text": "first day of the new price"})
    figure.update_yaxes(
        type="log", title={"text": "price after over before (log scale)"}, tickformat="~g",
        dtick="D2", ticksuffix="-fold",
    )  # fmt: skip
    return figure


def _some(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _add_changes(
    figure: go.Figure, rows: Sequence[HostedChange], look: tuple[str, str, str]
) -> None:
    name, colour, symbol = look
    if not rows:
        return
    figure.add_scatter(
        x=[one.on for one in rows],
        y=[_factor(one) for one in rows],
        mode="markers",
        name=f"{name} ({len(rows)})",
        marker={"color": colour, "symbol": symbol, "size": 9, "opacity": 0.75,
                "line": {"color": colour, "width": 2 if symbol == "x-thin" else 0}},
        hovertext=[_change(one) for one in rows],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip


def _factor(one: HostedChange) -> float | None:
    """Return the blended price after over that before; an exit stands on the line of no change."""
    if one.input_after is None or one.output_after is None:
        return 1.0
    before = (INPUT_PARTS * one.input_before + one.output_before) / PARTS
    after = (INPUT_PARTS * one.input_after + one.output_after) / PARTS
    return after / before if before > 0 and after > 0 else None


def _change(one: HostedChange) -> str:
    before = f"{plain(usd(one.input_before))} / {plain(usd(one.output_before))}"
    after = "gone"
    if one.input_after is not None and one.output_after is not None:
        after = f"{plain(usd(one.input_after))} / {plain(usd(one.output_after))}"
    return f"{plain(one.model)} at {plain(one.provider)}, {one.on}: {before} → {after}"
