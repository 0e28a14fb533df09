"""A median line in its band, and stretches of volume at which a saving is lost again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playbook.costs.records import BreakEven
from playbook.figures.theme import MUTED
from playbook.uncertainty import Percentiles

BAND_OPACITY = 0.2


def band(
    x: Sequence[float],
    spans: Sequence[Percentiles],
    *,
    colour: str,
    name: str,
    hover: Sequence[str],
    dash: str = "solid",
) -> list[dict[str, Any]]:
    """Return the traces of a line of medians and its band from p10 to p90.

    Args:
        x: Where the spans stand.
        spans: One at each x.
        colour: Of line and band.
        name: Of the line in the legend, escaped.
        hover: What pointing at each x says, escaped.
        dash: Kind of line, so that paper without colours tells lines apart.
    """
    outline = {
        "type": "scatter",
        "x": [*x, *reversed(x)],
        "y": [one.p90 for one in spans] + [one.p10 for one in spans][::-1],
        "fill": "toself",
        "fillcolor": colour,
        "opacity": BAND_OPACITY,
        "mode": "none",
        "hoverinfo": "skip",
        "showlegend": False,
    }
    line = {
        "type": "scatter",
        "x": list(x),
        "y": [one.p50 for one in spans],
        "mode": "lines",
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "name": name,
        "hovertext": list(hover),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    return [outline, line]


def lost_stretches(break_even: BreakEven) -> list[dict[str, Any]]:
    """Return the volumes at which a saving is lost again, hatched; nothing where none is."""
    stretches = _lost(break_even)
    if not stretches:
        return []
    x: list[float | None] = []
    y: list[float | None] = []
    low, high = _heights(break_even)
    for begin, end in stretches:
        x += [begin, begin, end, end, begin, None]
        y += [low, high, high, low, low, None]
    return [
        {
            "type": "scatter", "x": x, "y": y, "fill": "toself", "mode": "none",
            "fillcolor": "rgba(0,0,0,0)", "hoverinfo": "skip",
            "fillpattern": {"shape": "/", "fgcolor": MUTED, "size": 7, "solidity": 0.12},
            "name": "saving lost again (likely inputs)",
        }
    ]  # fmt: skip


def _lost(break_even: BreakEven) -> list[tuple[float, float]]:
    found = []
    ends = [one.tokens_per_day for one in break_even.crossings] + [
        break_even.highest_volume_considered
    ]
    for one, end in zip(break_even.crossings, ends[1:], strict=True):
        if not one.own_servers_cheaper_above and end > one.tokens_per_day:
            found.append((one.tokens_per_day, end))
    if break_even.crossings_left_out and found and found[-1][1] == ends[-1]:
        found.pop()  # what comes after the last crossing listed is not known
    return found


def _heights(break_even: BreakEven) -> tuple[float, float]:
    spans = [
        one
        for point in break_even.curve
        for one in (point.api_usd_per_month, point.self_hosted_usd_per_month)
    ]
    positive = [one.p10 for one in spans if one.p10 > 0]
    return min(positive, default=1.0), max(one.p90 for one in spans)
