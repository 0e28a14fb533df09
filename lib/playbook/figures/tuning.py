"""What fine-tuning would cost: machines or a provider's charge, examples, people's work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from playbook.costs.records import Costs
from playbook.costs.tuning_records import TuningCost
from playbook.figures.theme import (
    INK,
    SERIES,
    label_lines,
    new_figure,
    nothing,
    plain,
    short,
    usd,
    whiskers,
)

ROWS = 8
SMALL = 0.001
KNOWN = {"unknown": ", unknown whether it can be tuned", "limited": ", can be tuned within limits"}
HATCHED = {"fgcolor": "#ffffff", "fillmode": "overlay"}
PARTS = (
    ("training", "training_usd", SERIES[1], ""),
    ("labelling", "labelling_usd", SERIES[5], "/"),
    ("set-up and evaluation", "evaluation_usd", SERIES[0], ""),
)


def tuning_costs(costs: Costs) -> go.Figure:
    """Draw the first tuning of the cheapest options that can be tuned, by part, p10 to p90."""
    rows = priced(costs.tuning)[:ROWS]
    if not rows:
        return nothing("No option has a known cost of fine-tuning", _why(costs.tuning))
    billed = any(one.in_monthly_cost for one in rows)
    figure = new_figure(
        _finding(rows[0]),
        f"First tuning, USD: medians of its parts, whisker: p10 to p90 of the sum ({costs.draws} "
        f"draws, {costs.as_of}); {rows[0].provenance.value}. "
        + ("Part of the monthly costs above, repeats too. " if billed else
           "Not part of the monthly costs above: this team does not plan it. ")
        + _why([one for one in costs.tuning if one.first_usd is None]),
        height=150 + 58 * len(rows),
        x={"tickformat": "$~s", "rangemode": "tozero",
           "title": {"text": "USD for the first tuning, all its runs"}},
        y={"tickvals": [*range(len(rows))], "ticktext": [_name(one) for one in rows],
           "zeroline": False, "range": [len(rows) - 0.4, -0.6]},
    )  # fmt: skip
    figure.add_traces([*_parts(rows), _sum(rows)])
    figure.update_layout(barmode="stack")
    return figure


def priced(tuning: Sequence[TuningCost]) -> list[TuningCost]:
    """Return options whose first tuning has a cost, cheapest first, each model once a lane."""
    found: dict[tuple[str, str], TuningCost] = {}
    known = [one for one in tuning if one.first_usd and one.can_be_tuned != "no"]
    for one in sorted(known, key=lambda one: one.first_usd.p50 if one.first_usd else 0.0):
        found.setdefault((one.model, one.lane.value), one)
    return list(found.values())


def _parts(rows: Sequence[TuningCost]) -> list[dict[str, Any]]:
    return [
        {
            "type": "bar", "orientation": "h", "name": name, "y": [*range(len(rows))],
            "x": [span.p50 if (span := getattr(one, field)) else 0.0 for one in rows],
            "marker": {"color": colour, "pattern": {**HATCHED, "shape": shape}},
            "hovertemplate": f"{name}: %{{x:$,.3s}}<extra></extra>",
        }
        for name, field, colour, shape in PARTS
    ]  # fmt: skip


def _sum(rows: Sequence[TuningCost]) -> dict[str, Any]:
    spans = [one.first_usd for one in rows if one.first_usd]
    return {
        "type": "scatter", "mode": "markers", "name": "sum, p10 to p90", "y": [*range(len(rows))],
        "x": [one.p50 for one in spans], "error_x": {**whiskers(spans), "color": INK},
        "marker": {"color": INK, "symbol": "line-ns-open", "size": 12},
        "hovertext": [_hover(one) for one in rows], "hoverinfo": "text",
    }  # fmt: skip


def _hover(one: TuningCost) -> str:
    return plain(f"{_span(one)}; {one.because}. {one.serving}")


def _name(one: TuningCost) -> str:
    hours = one.gpu_hours_per_run
    used = f"{short(hours.p50)} GPU hours on {one.gpus} x {one.gpu_title}" if hours else "API"
    known = KNOWN.get(one.can_be_tuned, "")
    small = plain(f"{one.method}, {used}{known}")
    return f"{label_lines(one.title)}<br><span style='font-size:11px'>{small}</span>"


def _finding(one: TuningCost) -> str:
    total = one.first_usd.p50 if one.first_usd else 0.0
    share = one.training_usd.p50 / total if one.training_usd and total > 0 else None
    part = (
        f"; training is {_share(share)} of it, people's work the rest" if share is not None else ""
    )
    return f"The cheapest first tuning costs {_span(one)}{part}"


def _share(share: float) -> str:
    return f"{share:.1%}" if share >= SMALL else f"under {SMALL:.1%}"


def _span(one: TuningCost) -> str:
    span = one.first_usd
    return f"{usd(span.p50)} [{usd(span.p10)}, {usd(span.p90)}]" if span else "not known"


def _why(without: Sequence[TuningCost]) -> str:
    """Return how many options have no cost, and the most frequent reason."""
    if not without:
        return ""
    reason, times = Counter(one.because.partition(";")[0] for one in without).most_common(1)[0]
    said = "1 option has" if len(without) == 1 else f"{len(without)} options have"
    share = "" if times == len(without) else f", {times} of them for this reason"
    return f"{said} no known cost{share}: {reason}."
