"""What the chosen servers give, with interval and provenance, and what their memory holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from playbook.costs.memory_records import MemoryWay
from playbook.costs.records import Costs, Deployment, OptionCost
from playbook.figures.theme import (
    INK,
    LANE_COLOURS,
    SERIES,
    beside,
    label_lines,
    new_figure,
    nothing,
    plain,
    short,
    whiskers,
)
from playbook.provenance import Provenance
from playbook.vocabulary import Lane

ROWS = 6
SMALL = 0.03
BADGES = {
    Provenance.MEASURED: ("square", "● measured"),
    Provenance.CALIBRATED: ("square-cross", "◐ calibrated"),
    Provenance.COMPUTED: ("square-open-dot", "◌ computed"),
    Provenance.QUOTED: ("diamond-open", "◌ quoted"),
    Provenance.ASSUMED: ("square-open", "○ assumed"),
}
HATCH = {"fgcolor": "#ffffff", "fillmode": "overlay"}
Deployed = tuple[OptionCost, Deployment]


def capacity(costs: Costs, *, most: int = ROWS) -> go.Figure:
    """Draw the output rate of one replica of the cheapest own-server options, p10 to p90."""
    rows = deployed(costs)[:most]
    if not rows:
        return nothing("No option on own servers has a cost", "")
    first, speed = rows[0][1], rows[0][1].output_tokens_per_second_per_replica
    ends = _ends(rows)
    figure = new_figure(
        f"One replica of the cheapest gives {short(speed.p50)} output tokens/s "
        f"[{short(speed.p10)}, {short(speed.p90)}], {first.capacity_provenance.value}; "
        f"{_share(first.utilisation)} of what is paid for is used",
        "Output tokens (not total) a second of one replica in steady state, median with p10 to "
        f"p90 (80% interval) of {costs.draws} draws; {costs.as_of}. Filled: measured or "
        "calibrated by measurements of this deployment; open: computed or assumed.",
        height=140 + 56 * len(rows),
        x={"type": "log", "dtick": "D2", "tickformat": "~s", "range": ends,
           "title": {"text": "output tokens/s per replica (log scale)"}},
        y={"tickvals": [*range(len(rows))], "ticktext": [_name(*row) for row in rows],
           "zeroline": False, "range": [len(rows) - 0.5, -0.7]},
    )  # fmt: skip
    figure.add_traces([_speeds(rows, ends)])
    return figure


def memory_cliff(costs: Costs) -> go.Figure:
    """Draw what 1, 2, 4 and 8 GPUs hold of the cheapest own option that fills one GPU most."""
    rows = [row for row in deployed(costs)[:ROWS] if row[1].ways]
    if not rows:
        return nothing("No option on own servers has a cost", "")
    option, chosen = max(rows, key=lambda row: _filled(row[1].ways[0]))
    ways = chosen.ways
    figure = new_figure(
        _cliff(option, chosen),
        f"GiB over all GPUs of one replica under {chosen.engine}, weights in {chosen.precision}; "
        "line: memory that the engine may use. What is left of it holds the cache of calls, up to "
        "the engine's own limit of calls. "
        f"Computed; chosen here: {chosen.gpus_per_replica}.",
        height=380,
        x={"type": "category", "title": {"text": f"{chosen.gpu_title} GPUs per replica"}},
        y={"title": {"text": "GiB"}, "rangemode": "tozero"},
    )
    figure.add_traces(_bars(ways))
    figure.update_layout(barmode="stack", bargap=0.5)
    return figure


def deployed(costs: Costs) -> list[Deployed]:
    """Return the own-server options with a cost, cheapest first, each kind of servers once."""
    found: dict[tuple[str, str, int], Deployed] = {}
    for one in costs.options:
        if one.priced and one.deployment:
            key = (one.model, one.deployment.gpu, one.deployment.gpus_per_replica)
            found.setdefault(key, (one, one.deployment))
    return list(found.values())


def _share(value: float) -> str:
    return f"{value:.0%}" if value >= SMALL else f"{value:.1%}"


def _name(option: OptionCost, one: Deployment) -> str:
    servers = f"{one.replicas} x {one.gpus_per_replica} {one.gpu_title}"
    return f"{label_lines(option.title)}<br><span style='font-size:11px'>{plain(servers)}</span>"


def _ends(rows: Sequence[Deployed]) -> tuple[float, float]:
    """Return the axis' ends as powers of ten, with room for the words."""
    spans = [one.output_tokens_per_second_per_replica for _, one in rows]
    low = min((one.p10 for one in spans if one.p10 > 0), default=1.0)
    return math.log10(low / 1.5), math.log10(max(*(one.p90 for one in spans), low) * 1.5)


def _speeds(rows: Sequence[Deployed], ends: tuple[float, float]) -> dict[str, Any]:
    spans = [one.output_tokens_per_second_per_replica for _, one in rows]
    badges = [BADGES[one.capacity_provenance] for _, one in rows]
    return {
        "type": "scatter", "mode": "markers+text", "showlegend": False, "cliponaxis": False,
        "x": [one.p50 for one in spans], "y": [*range(len(rows))], "error_x": whiskers(spans),
        "text": [f"{short(one.p50)} [{short(one.p10)}, {short(one.p90)}]  {words}"
                 for one, (_, words) in zip(spans, badges, strict=True)],
        "textposition": [beside(math.log10(max(one.p50, 1e-9)), *ends) for one in spans],
        "textfont": {"size": 11},
        "marker": {"color": LANE_COLOURS[Lane.SELF_HOSTED], "size": 11,
                   "symbol": [symbol for symbol, _ in badges]},
        "hovertext": [_hover(one) for _, one in rows], "hoverinfo": "text",
    }  # fmt: skip


def _hover(one: Deployment) -> str:
    return plain(
        f"{one.batch} calls at once on a replica; first token after {short(one.first_token_s)} s, "
        f"{short(1 / one.seconds_per_output_token)} tokens/s for each call; {one.provider}, "
        f"{one.region.replace('_', ' ')}"
    )


def _bars(ways: Sequence[MemoryWay]) -> list[dict[str, Any]]:
    names = [f"{way.gpus}" for way in ways]
    parts = (
        ("weights", [way.weights_gib for way in ways], SERIES[0], ""),
        ("runtime", [way.overhead_gib for way in ways], SERIES[6], ""),
        ("room for the cache of calls", [max(way.room_gib, 0.0) for way in ways], SERIES[4], "/"),
    )
    bars: list[dict[str, Any]] = [
        {
            "type": "bar", "x": names, "y": values, "name": name,
            "marker": {"color": colour, "pattern": {**HATCH, "shape": shape}},
            "hovertemplate": f"%{{x}} GPU, {name}: %{{y:,.0f}} GiB<extra></extra>",
        }
        for name, values, colour, shape in parts
    ]  # fmt: skip
    top = [max(way.available_gib, way.weights_gib + way.overhead_gib) for way in ways]
    said = [f"<b>{way.calls} calls</b>" if way.calls else "<b>does not fit</b>" for way in ways]
    return [
        *bars,
        {
            "type": "scatter", "mode": "markers", "x": names, "name": "usable memory",
            "y": [way.available_gib for way in ways], "hoverinfo": "skip",
            "marker": {"symbol": "line-ew-open", "size": 46, "color": INK, "line": {"width": 2}},
        },
        {
            "type": "scatter", "mode": "text", "x": names, "y": top, "text": said,
            "textposition": "top center", "showlegend": False, "hoverinfo": "skip",
            "cliponaxis": False,
        },
    ]  # fmt: skip


def _filled(way: MemoryWay) -> float:
    return (way.weights_gib + way.overhead_gib) / way.available_gib


def _cliff(option: OptionCost, chosen: Deployment) -> str:
    misses = [way.gpus for way in chosen.ways if not way.calls]
    holds = [way for way in chosen.ways if way.calls]
    model = option.title.partition(",")[0]
    first = f"{model} does not fit {_list(misses)} x {chosen.gpu_title}" if misses else model
    same = [(calls, [way.gpus for way in ways])
            for calls, ways in groupby(holds, key=lambda way: way.calls)]  # fmt: skip
    said = ", ".join(f"{calls} calls at once on {_list(gpus)}" for calls, gpus in same[:3])
    return f"{first}{', but holds' if misses else ' holds'} {said}" if said else first


def _list(numbers: Sequence[int]) -> str:
    """Return numbers in words.

    Example:
        >>> _list([1, 2, 4])
        '1, 2 or 4'
    """
    *first, last = (f"{number}" for number in numbers)
    return f"{', '.join(first)} or {last}" if first else last
