"""Figures of trials: pass rates with intervals, latency, outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import plotly.graph_objects as go

from playbook.figures.theme import SERIES, label, new_figure, nothing
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.records import EndpointEvidence

OUTCOME_COLOURS = {
    "answered": "#44aa99",
    "refused_by_gate": "#332288",
    "truncated": "#ddcc77",
    "filtered": "#aa4499",
    "error": "#cc3311",
    "timeout": "#882255",
    "wrong_model": "#999999",
}


def _caption(evidence: Evidence) -> str:
    recorded = any(one.recorded for one in evidence.endpoints)
    word = "recorded measurement" if recorded else "measured"
    note = ""
    if any(one.demonstration for one in evidence.endpoints):
        note = " Demonstration models: these figures say nothing about any other model."
    return f"{word}, {evidence.as_of}, {evidence.attempts} attempts.{note}"


def _name(one: EndpointEvidence) -> str:
    name = one.title or one.endpoint
    return name if "stand-in" in name.lower() or not one.stand_in else f"{name} (stand-in)"


def _nothing(evidence: Evidence) -> go.Figure:
    return nothing("Untested: no endpoint has answered this team's prompts", evidence.because)


def pass_rates(evidence: Evidence) -> go.Figure:
    """Draw the pass rate of each endpoint by task, with 95% intervals."""
    if not any(one.results for one in evidence.endpoints):
        return _nothing(evidence)
    totals = [(one, one.results[0].pass_rate) for one in evidence.endpoints if one.results]
    ordered = sorted((rate.value, _name(one)) for one, rate in totals if rate)
    finding = "No prompt was answered"
    if ordered:
        (low, last), (high, first) = ordered[0], ordered[-1]
        finding = f"{first} passes {high:.0%} of its prompts, {last} {low:.0%}"
    figure = new_figure(
        finding, "Pass rate with 95% interval, errors count as failures; " + _caption(evidence)
    )
    for number, one in enumerate(evidence.endpoints):
        rows = [result for result in one.results if result.pass_rate]
        rates = [result.pass_rate for result in rows if result.pass_rate]
        figure.add_bar(
            x=[label(result.task) for result in rows],
            y=[rate.value for rate in rates],
            error_y=_bars(rates),
            name=label(_name(one)),
            marker={"color": SERIES[number % len(SERIES)]},
            hovertext=[f"n = {rate.n}, {rate.method}" for rate in rates],
            hovertemplate="%{x}: %{y:.0%}<br>%{hovertext}<extra>%{fullData.name}</extra>",
        )
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%", title={"text": "prompts passed"})
    figure.update_xaxes(title={"text": "task"})
    figure.update_layout(barmode="group")
    return figure


def _bars(rates: list[Interval]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [max(0.0, rate.high - rate.value) for rate in rates],
        "arrayminus": [max(0.0, rate.value - rate.low) for rate in rates],
        "color": "#333333",
        "thickness": 1.5,
    }


def latency(evidence: Evidence) -> go.Figure:
    """Draw the time to the first token: median and 95th percentile with intervals."""
    rows = [one for one in evidence.endpoints if one.first_token_p50_s and one.first_token_p95_s]
    if not rows:
        return _nothing(evidence)
    figure = new_figure(
        _slowest(rows),
        "Time to first token at the caller, 95% intervals; " + _caption(evidence) + _timed(rows),
        height=150 + 46 * len(rows),
    )
    for name, colour, symbol in (
        ("median", SERIES[0], "circle"),
        ("95th percentile", SERIES[1], "diamond"),
    ):
        found = [
            one.first_token_p50_s if name == "median" else one.first_token_p95_s for one in rows
        ]
        spans = [interval for interval in found if interval]
        bars = _bars(spans)
        figure.add_scatter(
            x=[span.value for span in spans],
            y=[label(_name(one)) for one in rows],
            error_x=bars,
            mode="markers",
            name=name,
            marker={"size": 11, "color": colour, "symbol": symbol},
            hovertemplate="%{y}: %{x:.3g} s<extra>%{fullData.name}</extra>",
        )
    figure.update_xaxes(title={"text": "time to first token (s)"}, rangemode="tozero")
    return figure


def _slowest(rows: Sequence[EndpointEvidence]) -> str:
    """Return which endpoint is slowest, of those that one client timed: across two it misleads."""
    alike = [one for one in rows if one.timed_by != "litellm"] or list(rows)
    ends = [(one.first_token_p95_s.value, _name(one)) for one in alike if one.first_token_p95_s]
    seconds, name = max(ends)
    of_those = "" if len(alike) == len(rows) else " of those timed alike"
    return f"{name} is slowest{of_those}: 95% of first tokens within {seconds:.2g} s"


def _timed(rows: Sequence[EndpointEvidence]) -> str:
    """Return what took the times, and what was left out of them."""
    words = " Timed by a client with little work of its own."
    if any(one.timed_by == "litellm" for one in rows):
        named = ", ".join(_name(one) for one in rows if one.timed_by == "litellm")
        words = f" Through litellm, whose own work is part of these times: {named}."
    left_out: Counter[str] = Counter()
    for one in rows:
        left_out.update(one.latencies_left_out)
    reasons = "; ".join(f"{count:,} {why}" for why, count in left_out.items())
    return words + (f" Calls left out: {reasons}." if reasons else "")


def outcomes(evidence: Evidence) -> go.Figure:
    """Draw what became of every prompt: nothing is dropped silently."""
    rows = [(one, one.results[0]) for one in evidence.endpoints if one.results]
    if not rows:
        return _nothing(evidence)
    refused = sum(one.refused_by_gate for one, _ in rows)
    figure = new_figure(
        f"{refused} prompts were kept back by the clearance and never sent"
        if refused
        else "Every prompt was allowed to its endpoint",
        "Prompts by outcome; " + _caption(evidence),
        height=150 + 46 * len(rows),
    )
    for outcome, colour in OUTCOME_COLOURS.items():
        counts = [result.outcomes.get(outcome, 0) for _, result in rows]
        if any(counts):
            figure.add_bar(
                x=counts,
                y=[label(_name(one)) for one, _ in rows],
                orientation="h",
                name=outcome.replace("_", " "),
                marker={"color": colour},
                text=[str(count) if count else "" for count in counts],
            )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title={"text": "prompts (count)"})
    return figure
