"""All break-evens at a glance: one row for each pair, with interval, on one axis of volume."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from playbook.costs.finding import SURE_ABOVE, crosses
from playbook.costs.records import BreakEven, Costs
from playbook.figures.theme import (
    LANE_COLOURS,
    LANE_SYMBOLS,
    MUTED,
    beside,
    label,
    label_lines,
    new_figure,
    nothing,
    plain,
    short,
    whiskers,
)
from playbook.figures.volume_axis import VOLUME, own_volume, rule_of_thumb
from playbook.vocabulary import Lane

ROW = 36


def break_even_overview(costs: Costs) -> go.Figure:
    """Draw the first crossing of each pair, median with p10 to p90; *never* in words."""
    pairs = [one for one in costs.break_evens if one.curve]
    if not pairs:
        return nothing("There is no pair of own servers and API to compare", _because(costs))
    names, rows = _rows(pairs)
    ends = _range(pairs)
    figure = new_figure(
        _finding(pairs),
        "Volume at which own servers first get cheaper than the API of the row, solved on the "
        f"staircase of replicas: median with p10 to p90 of the draws that cross ({costs.draws} "
        f"draws, the latest prices known on {costs.as_of}; computed). The rule of thumb is one "
        "number for every row. Quality and rules are not considered here.",
        height=130 + ROW * len(names),
        x={**VOLUME, "range": ends, "title": {"text": _AXIS}},
        y={"tickvals": [*range(len(names))], "ticktext": names, "zeroline": False,
           "range": [len(names) - 0.4, -0.6]},
    )  # fmt: skip
    figure.add_traces([*_crossing(rows, ends), *_never(rows)])
    shapes, words = rule_of_thumb(pairs)
    more, said = own_volume(costs.tokens_per_day)
    figure.update_layout(shapes=[*shapes, *more], annotations=[*words, *said])
    return figure


_AXIS = "first crossing, tokens per day, input plus output (log scale)"
Row = tuple[int, BreakEven]


def _rows(pairs: Sequence[BreakEven]) -> tuple[list[str], list[Row]]:
    """Return the words of each row, a heading for each own-server option, and where pairs stand."""
    names: list[str] = []
    rows: list[Row] = []
    for title, group in groupby(pairs, key=lambda one: one.self_hosted_title):
        names.append(f"<b>{label_lines(title)}</b>")
        for one in group:
            rows.append((len(names), one))
            names.append(label(f"instead of {one.api_title}"))
    return names, rows


def _finding(pairs: Sequence[BreakEven]) -> str:
    never = sum(not crosses(one.share_of_draws_that_cross) for one in pairs)
    found = [one.first_crossing.p50 for one in pairs if _crossing_of(one) and one.first_crossing]
    rule = next((one.rule_open_weights_above for one in pairs if one.rule_open_weights_above), None)
    if not found:
        return f"Own servers never get cheaper against any of {len(pairs)} APIs"
    low, high = short(min(found)), short(max(found))
    span = f"at {low}" if low == high else f"between {low} and {high}"
    beside = f", not at {short(rule)} for all" if rule else ""
    said = f"Own servers first get cheaper {span} tokens a day, depending on the API they replace"
    return f"{said}{beside}" + (f"; against {never} of {len(pairs)} never" if never else "")


def _crossing_of(one: BreakEven) -> bool:
    return one.first_crossing is not None and crosses(one.share_of_draws_that_cross)


def _crossing(rows: Sequence[Row], ends: Sequence[float]) -> list[dict[str, Any]]:
    traces = []
    for lane in (Lane.FRONTIER_API, Lane.HOSTED_OPEN_WEIGHTS):
        mine = [(place, one) for place, one in rows if one.api_lane is lane]
        crossing = [(place, one) for place, one in mine if _crossing_of(one)]
        spans = [one.first_crossing for _, one in crossing if one.first_crossing]
        if not crossing:
            continue
        traces.append(
            {
                "type": "scatter", "mode": "markers+text", "name": f"against {lane.words}",
                "x": [one.p50 for one in spans], "y": [place for place, _ in crossing],
                "error_x": whiskers(spans), "cliponaxis": False,
                "textposition": [beside(math.log10(one.p50), *ends) for one in spans],
                "text": [_said(one) for _, one in crossing], "textfont": {"size": 11},
                "marker": {"color": LANE_COLOURS[lane], "symbol": LANE_SYMBOLS[lane], "size": 11},
                "hovertext": [plain(one.finding) for _, one in crossing], "hoverinfo": "text",
            }
        )  # fmt: skip
    return traces


def _said(one: BreakEven) -> str:
    first = one.first_crossing
    span = f"{short(first.p50)} [{short(first.p10)}, {short(first.p90)}]" if first else ""
    share = one.share_of_draws_that_cross
    return f"{span}, in {share:.0%} of draws" if share < SURE_ABOVE else span


def _never(rows: Sequence[Row]) -> list[dict[str, Any]]:
    mine = [(place, one) for place, one in rows if not _crossing_of(one)]
    if not mine:
        return []
    return [
        {
            "type": "scatter", "mode": "text", "showlegend": False,
            "x": [one.highest_volume_considered for _, one in mine],
            "y": [place for place, _ in mine], "textposition": "middle left",
            "text": [f"never up to {short(one.highest_volume_considered)}  ▸" for _, one in mine],
            "textfont": {"size": 12, "color": MUTED},
            "hovertext": [plain(one.finding) for _, one in mine], "hoverinfo": "text",
        }
    ]  # fmt: skip


def _range(pairs: Sequence[BreakEven]) -> tuple[float, float]:
    """Return the axis' ends as powers of ten: the volumes that were looked at."""
    first, last = pairs[0].curve[0].tokens_per_day, pairs[0].highest_volume_considered
    return math.log10(first), math.log10(last)


def _because(costs: Costs) -> str:
    return " ".join(one.finding for one in costs.break_evens[:2])
