"""Pairs of endpoints on the same prompts: the difference, its interval and the margin."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from playbook.figures.theme import GRID, INK, MUTED, SERIES, label, new_figure, nothing, plain
from playbook.trials.evidence_records import Evidence
from playbook.trials.records import Comparison

ROWS = 9
NAME_WIDTH = 44
_SETTLED = {"first better", "second better", "equivalent"}
_COLOURS = {"settled": SERIES[2], "one side": SERIES[0], "inconclusive": SERIES[4]}
_SYMBOLS = {"settled": "circle", "one side": "diamond", "inconclusive": "circle-open"}
_WORDS = {
    "settled": "settled: one is better, or both are equivalent",
    "one side": "not inferior, on one side only",
    "inconclusive": "inconclusive",
}


def paired_differences(evidence: Evidence) -> go.Figure:
    """Draw each pair's difference in pass rate with its 95% interval, and the margin as a band."""
    found = [one for one in evidence.comparisons if one.metric == "pass rate"]
    rows = sorted(found, key=lambda one: one.task != "all")[:ROWS]
    if not rows:
        return nothing("No two endpoints have a scored prompt in common", evidence.because)
    margin = rows[0].margin
    band = f" Band: the margin of {margin:.0%} set before the run." if margin else ""
    figure = new_figure(
        _finding(rows, evidence.title_of),
        "Pass rate of the first less that of the second on the same prompts, with 95% interval "
        f"(paired, by group of prompts).{band} p values are adjusted for all comparisons of the "
        f"run. {evidence.as_of}.{_left_out(len(found) - len(rows))}",
        height=130 + 54 * len(rows),
        x={"tickformat": "+.0%", "title": {"text": "difference in pass rate (share of prompts)"}},
        y={"tickvals": [*range(len(rows))],
           "ticktext": [_row(one, evidence.title_of) for one in rows],
           "range": [len(rows) - 0.4, -0.6], "zeroline": False},
    )  # fmt: skip
    for kind in _WORDS:
        of_kind = [(place, one) for place, one in enumerate(rows) if _kind(one) == kind]
        if of_kind:
            figure.add_trace(_points(of_kind, kind))
    figure.add_vline(x=0, line={"color": INK, "width": 1})
    if margin:
        figure.add_vrect(x0=-margin, x1=margin, fillcolor=GRID, opacity=0.6, line_width=0,
                         layer="below")  # fmt: skip
    return figure


def _kind(one: Comparison) -> str:
    if one.verdict in _SETTLED:
        return "settled"
    return "inconclusive" if one.verdict == "inconclusive" else "one side"


def _finding(rows: Sequence[Comparison], name: Callable[[str], str]) -> str:
    whole = [one for one in rows if one.task == "all"] or list(rows)
    told = next((one for one in whole if one.verdict in {"first better", "second better"}), None)
    if told is not None:
        pair = (told.first, told.second)
        better, worse = pair if told.verdict == "first better" else pair[::-1]
        gap = abs(told.difference.value)
        return f"{name(better)} passes {100 * gap:.0f} points more than {name(worse)}"
    open_ones = sum(_kind(one) == "inconclusive" for one in whole)
    if open_ones:
        return f"{open_ones} of {len(whole)} pairs are inconclusive: more prompts would settle them"
    return "No endpoint is worse than another by more than the margin"


def _row(one: Comparison, name: Callable[[str], str]) -> str:
    pair = f"{name(one.first)} less {name(one.second)}"
    task = "all tasks" if one.task == "all" else one.task
    lines = textwrap.wrap(textwrap.shorten(pair, 2 * NAME_WIDTH, placeholder=" …"), NAME_WIDTH)
    return "<br>".join(plain(line) for line in [*lines, f"{task}, n={one.n}"])


def _left_out(count: int) -> str:
    return f" {count} more pairs, by task, are in the table." if count > 0 else ""


def _points(rows: Sequence[tuple[int, Comparison]], kind: str) -> go.Scatter:
    spans = [one.difference for _, one in rows]
    return go.Scatter(
        x=[span.value for span in spans],
        y=[place for place, _ in rows],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [span.high - span.value for span in spans],
            "arrayminus": [span.value - span.low for span in spans],
            "color": _COLOURS[kind],
            "thickness": 2,
        },
        mode="markers+text",
        text=[label(one.verdict) for _, one in rows],
        textposition="top center",
        textfont={"size": 11, "color": MUTED},
        marker={"size": 11, "color": _COLOURS[kind], "symbol": _SYMBOLS[kind]},
        name=_WORDS[kind],
        hovertext=[_hover(one) for _, one in rows],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(one: Comparison) -> str:
    span = one.difference
    needed = f"<br>about {one.needed} shared prompts would settle it" if one.needed else ""
    adjusted = one.p_value if one.adjusted_p is None else one.adjusted_p
    return (
        label(f"{span.value:+.1%} [{span.low:+.1%}, {span.high:+.1%}], adjusted p {adjusted:.2g}")
        + needed
    )
