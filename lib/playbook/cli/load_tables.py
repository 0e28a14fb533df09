"""What a load sweep showed, for people and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml

from playbook.cli.capacity_tables import print_table
from playbook.profile import Endpoint
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.load.records import LoadCurve, LoadPoint
from playbook.trials.load.sweep import can_be_measured

SERVED_HEADS = ("load", "calls", "output tokens/s", "calls/s", "no answer", "met SLO")
TIME_HEADS = ("load", "TTFT p50 s", "TTFT p95 s", "TTFT p99 s", "gap ms")
LEGEND = (
    "95% intervals in brackets. TTFT: time to the first token; of calls at a rate it counts from "
    "when a call was due. gap: between two pieces of an answer. SLO: the service level."
)
NO_OPTION = (
    "{endpoint} names no option, or is a demonstration model or a stand-in: what it shows is how a "
    "sweep works, not how fast any model on the market is"
)


def result_of(endpoint: Endpoint, evidence: Evidence, out: Path) -> dict[str, Any]:
    """Return a sweep as plain JSON values."""
    points = [point for curve in evidence.load_curves for point in curve.points]
    return {
        "endpoint": endpoint.id,
        "measured": any(one.usable for one in points),
        "counts_for_an_option": can_be_measured(endpoint),
        "because": evidence.because if not points else "",
        "curves": [one.model_dump(mode="json") for one in evidence.load_curves],
        "measurements": [one.model_dump(mode="json") for one in evidence.measurements],
        "not_measured": list(evidence.not_measured),
        "attempts": evidence.attempts,
        "cost_usd": evidence.cost_usd,
        "paths": {
            "evidence": str(out / "evidence.json"),
            "ledger": str(out / "trials.jsonl"),
            "audit_log": str(out / "audit.jsonl"),
        },
    }


def print_curves(endpoint: Endpoint, evidence: Evidence, out: Path) -> None:
    """Print each curve as a table, its knee as a sentence, and what can be measured by it."""
    for curve in evidence.load_curves:
        if curve.points:
            title = f"{endpoint.id}, calls {_HOW[curve.kind]}"
            print_table(title, SERVED_HEADS, [_served(one) for one in curve.points])
            print_table("Times of these calls", TIME_HEADS, [_times(one) for one in curve.points])
        for line in lines_of(curve):
            click.echo(line)
    click.echo(LEGEND)
    click.echo(f"{evidence.attempts} calls, {evidence.cost_usd:.4f} USD")
    if not can_be_measured(endpoint):
        click.echo(NO_OPTION.format(endpoint=endpoint.id))
    elif evidence.measurements:
        click.echo("for a folder of facts (`playbook facts`):")
        click.echo(facts_of(evidence))
    for line in evidence.not_measured:
        click.echo(f"no measurement: {line}")
    click.echo(f"evidence: {out / 'evidence.json'}")


def lines_of(curve: LoadCurve) -> Iterator[str]:
    """Yield what a curve says, a sentence a line."""
    unit = "calls in flight" if curve.kind == "closed" else "calls a second"
    level = (
        f"first token within {curve.slo_first_token_s:g} s, then "
        f"{curve.slo_tokens_per_second:g} tokens/s, for {curve.slo_share_wanted:.0%} of calls"
    )
    if curve.knee is None:
        yield f"No knee: {curve.knee_because}."
    else:
        yield f"The knee is at {curve.knee:g} {unit}: {curve.knee_because}."
    best = f"{curve.best:g} {unit}" if curve.best is not None else "no load that was tried"
    yield f"Highest load that met the service level ({level}): {best}."
    if curve.saturated:
        yield f"The sweep ended early: {curve.saturated}."
    for point in curve.points:
        if point.because:
            yield f"{point.words} is no measurement: {point.because}."
        if point.held_back_calls:
            yield (
                f"{point.words}: {point.held_back_calls} of {point.calls} calls were due while "
                f"{point.in_flight} were in flight, or were held back for limits, and were sent "
                "late; their latency counts the wait."
            )
    yield from curve.not_tried


def facts_of(evidence: Evidence) -> str:
    """Return measurements as YAML for a folder of facts."""
    sources: dict[str, object] = {}
    rows = []
    for one in evidence.measurements:
        values = one.model_dump(mode="json", exclude_defaults=True)
        name = f"load_{one.endpoint}_{one.measured_on.isoformat()}"
        sources[name] = {
            "title": f"Load sweep of {one.endpoint}",
            "as_of": one.measured_on,
            "kind": "measured",
        }
        rows.append({**values, "source": name, "measured_on": one.measured_on})
    return yaml.safe_dump({"sources": sources, "measurements": rows}, sort_keys=False)


_HOW = {"closed": "in flight all the time", "open": "at a rate, at random"}


def _label(point: LoadPoint) -> str:
    return f"{point.in_flight}" if point.kind == "closed" else f"{point.rate_per_s:g}/s"


def _served(point: LoadPoint) -> tuple[str, ...]:
    return (
        _label(point),
        f"{point.calls}",
        _ends(point.output_tokens_per_second),
        _ends(point.requests_per_second),
        _share(point.error_share),
        _share(point.slo_share),
    )


def _times(point: LoadPoint) -> tuple[str, ...]:
    gap = point.token_gap_s
    return (
        _label(point),
        _ends(point.first_token_p50_s),
        _ends(point.first_token_p95_s),
        _ends(point.first_token_p99_s),
        "-" if gap is None else f"{gap.value * 1_000:.3g}",
    )


def _ends(one: Interval | None) -> str:
    if one is None:
        return "-"
    return f"{_figure(one.value)} ({_figure(one.low)}-{_figure(one.high)})"


def _figure(value: float) -> str:
    """Return a number with two or three digits that count, never as a power of ten."""
    if value >= 100:  # noqa: PLR2004  from here on no digit behind the point counts
        return f"{value:,.0f}"
    return f"{value:.2g}" if value < 10 else f"{value:.1f}"  # noqa: PLR2004  as above


def _share(one: Interval | None) -> str:
    return "-" if one is None else f"{one.value:.0%} ({one.low:.0%}-{one.high:.0%})"
