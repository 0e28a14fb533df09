"""One pair's break-even: both sides over volume, where they cross, and where that is lost again."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go

from playbook.costs.finding import crosses, volume_words
from playbook.costs.records import BreakEven, Costs
from playbook.figures.bands import band, lost_stretches
from playbook.figures.theme import INK, LANE_COLOURS, new_figure, nothing, plain, short, usd
from playbook.figures.volume_axis import (
    USD_PER_MONTH,
    VOLUME,
    line_at,
    note,
    own_volume,
    rule_of_thumb,
    upright,
)
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane


def break_evens(costs: Costs, number: int = 0) -> go.Figure:
    """Draw the break-even curve of one instructive pair, the first if none is named."""
    if len(costs.break_evens) <= number:
        return nothing("There is no pair of own servers and API to compare", "")
    return break_even_curve(costs.break_evens[number], costs)


def break_even_curve(break_even: BreakEven, costs: Costs | None = None) -> go.Figure:
    """Draw both sides' monthly cost over volume, with bands and the first crossing.

    Args:
        break_even: The pair.
        costs: For the team's own volume, drawn as a band.
    """
    finding, _, more = break_even.finding.partition(". ")
    if not break_even.curve:
        return nothing(finding, more or "One side of the pair has no cost.")
    verdict, short_finding = verdict_words(break_even), finding.partition(" (median")[0]
    figure = new_figure(
        f"{verdict}. {short_finding}" if verdict else short_finding,
        f"{more} {_key(break_even, costs)}".strip(),
        height=480,
        x=VOLUME,
        y=USD_PER_MONTH,
    )
    figure.add_traces([*lost_stretches(break_even), *_sides(break_even)])
    shapes, words = _marks(break_even, costs)
    figure.update_layout(shapes=shapes, annotations=words)
    return figure


def verdict_words(break_even: BreakEven) -> str:
    """Return which side is cheaper at the team's own volume, and how sure that is."""
    share = break_even.share_of_draws_own_cheaper
    at = f"at your {volume_words(break_even.tokens_per_day)}"
    return {
        "own_servers": f"Own servers are cheaper {at} ({share:.0%} of draws)",
        "api": f"The API is cheaper {at} ({1 - share:.0%} of draws)",
        "never": f"The API is cheaper {at} ({1 - share:.0%} of draws), as at nearly every volume",
        "too_close": f"Too close to call {at}: measure ({share:.0%} of draws for own servers)",
    }.get(break_even.verdict, "")


def _key(break_even: BreakEven, costs: Costs | None) -> str:
    """Return what the lines mean, and on which day's prices they rest."""
    parts = ["Line: median, band: p10 to p90; own servers climb in steps of whole replicas."]
    if _first_crossing(break_even) is not None:
        share = f"{break_even.share_of_draws_that_cross:.0%}"
        parts.append(f"Dashed: first crossing, median, p10, p90 of the {share} that cross.")
    if break_even.settle_by:
        parts.append(f"To settle it: {break_even.settle_by.rstrip('.')}.")
    day = f" on {costs.as_of}, {costs.draws} draws" if costs else ""
    return " ".join([*parts, f"Computed from the latest prices known{day}."])


def _sides(break_even: BreakEven) -> list[dict[str, Any]]:
    lane = break_even.api_lane or Lane.FRONTIER_API
    side = "API" if lane is Lane.FRONTIER_API else lane.words
    api = f"{side}: {break_even.api_title or break_even.api_option}"
    own = break_even.self_hosted_title or f"own servers: {break_even.self_hosted_option}"
    volumes = [point.tokens_per_day for point in break_even.curve]
    found: list[dict[str, Any]] = []
    for name, of, spans in (
        (api, lane, [point.api_usd_per_month for point in break_even.curve]),
        (own, Lane.SELF_HOSTED, [point.self_hosted_usd_per_month for point in break_even.curve]),
    ):
        hover = [
            f"{short(volume)} tokens/day: {plain(usd(one.p50))} "
            f"[{plain(usd(one.p10))}, {plain(usd(one.p90))}] a month"
            for volume, one in zip(volumes, spans, strict=True)
        ]
        found += band(volumes, spans, colour=LANE_COLOURS[of], name=plain(name), hover=hover)
    return found


def _marks(break_even: BreakEven, costs: Costs | None) -> tuple[list[Any], list[Any]]:
    shapes, words = rule_of_thumb([break_even])
    if costs:
        more, said = own_volume(costs.tokens_per_day)
        shapes, words = [*shapes, *more], [*words, *said]
    first = _first_crossing(break_even)
    if first is not None:
        shapes += _crossing(first)
        words.append(_crossing_words(break_even, first))
    elif not crosses(break_even.share_of_draws_that_cross):
        never = f"<b>never up to {volume_words(break_even.highest_volume_considered)}</b>"
        words.append(_corner(never))
    above = break_even.never_above_tokens_per_day
    if first is not None and above:
        words.append(
            note(above, f"never above {short(above)}", y=0.86, yanchor="top", xanchor="left")
        )
    return shapes, words


def _crossing(first: Percentiles) -> list[Any]:
    lines = [line_at(first.p10, dash="dot"), line_at(first.p50, dash="dash", colour=INK),
             line_at(first.p90, dash="dot")]  # fmt: skip
    return [upright(first.p10, first.p90, INK, opacity=0.06), *lines]


def _crossing_words(break_even: BreakEven, first: Percentiles) -> dict[str, Any]:
    said = f"first crossing {short(first.p50)} [{short(first.p10)}, {short(first.p90)}]"
    middle = math.sqrt(break_even.curve[0].tokens_per_day * break_even.curve[-1].tokens_per_day)
    left = first.p50 > middle
    return note(first.p10 if left else first.p90, said, colour=INK, y=0.93, yanchor="top",
                xanchor="right" if left else "left")  # fmt: skip


def _corner(text: str) -> dict[str, Any]:
    return {
        "x": 0.01, "xref": "paper", "xanchor": "left", "y": 0.93, "yref": "paper", "yanchor": "top",
        "text": text, "showarrow": False, "font": {"size": 12, "color": INK},
        "bgcolor": "rgba(255,255,255,0.8)",
    }  # fmt: skip


def _first_crossing(break_even: BreakEven) -> Percentiles | None:
    """Return the crossing to mark: none where the finding says never."""
    never = not crosses(break_even.share_of_draws_that_cross)
    return None if never or not break_even.curve else break_even.first_crossing
