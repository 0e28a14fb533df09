"""What trials measured of speed, and what that changed in the costs: a record in, rows out."""

from __future__ import annotations

from playbook.costs.corrections import Correction
from playbook.decision.records import Decision
from playbook.figures.theme import short
from playbook.report.table import Table, money
from playbook.trials.evidence_records import Evidence
from playbook.uncertainty import Percentiles


def measurements(evidence: Evidence) -> tuple[Table, ...]:
    """Return the measurements of the trials and why there are none of others; none of neither."""
    if not (evidence.measurements or evidence.not_measured):
        return ()
    rows = [
        (
            one.endpoint,
            one.model,
            _hardware(one.engine, one.gpu, one.gpus, precision=one.precision or ""),
            str(one.concurrency),
            _number(one.output_tokens_per_second),
            _number(one.output_tokens_per_second_per_call),
            _number(one.first_token_p95_s),
            f"{_number(one.mean_input_tokens)} / {_number(one.mean_output_tokens)}",
            "" if one.success_rate is None else f"{one.success_rate:.0%}",
            str(one.requests),
            one.measured_on.isoformat(),
        )
        for one in evidence.measurements
    ]
    columns = ("Endpoint", "Model", "Hardware as declared", "Calls in flight",
               "Output tokens/s, all calls", "Output tokens/s, one call", "First token p95, s",
               "Tokens in / out", "Ended with an answer", "Calls", "Day")  # fmt: skip
    note = f"Not measured: {'; '.join(evidence.not_measured)}." if evidence.not_measured else ""
    return (Table("Speed as measured in the trials", columns, rows, note=note),)


def corrections(decision: Decision) -> tuple[Table, ...]:
    """Return speed and cost before and after measurements; no table where nothing was measured."""
    if not (decision.corrections or decision.measurements_left_out):
        return ()
    rows = [row for one in decision.corrections for row in _sides(one)]
    columns = ("Option", "Speed is", "One replica", "Output tokens/s [p10, p90]", "Replicas",
               "USD a month [p10, p90]", "Rests on")  # fmt: skip
    left_out = decision.measurements_left_out
    note = "The decision rests on the second line of each option; the figures above on the first."
    if left_out:
        note += f" Not used: {'; '.join(left_out)}."
    return (Table("Own servers that were measured, before and after", columns, rows, note=note),)


def _sides(one: Correction) -> list[tuple[str, ...]]:
    loads = ", ".join(str(number) for number in one.calls_in_flight)
    rests = (
        "the estimate alone",
        f"{one.measurements} measurements at {loads} calls in flight: {'; '.join(one.sources)}",
    )
    return [
        (
            one.title,
            side.provenance.value,
            side.deployment,
            _rate(side.output_tokens_per_second_per_replica),
            str(side.replicas),
            money(side.usd_per_month),
            what,
        )
        for side, what in zip((one.before, one.after), rests, strict=True)
    ]


def _hardware(engine: str, gpu: str, gpus: int, *, precision: str) -> str:
    machines = f"{gpus} x {gpu}" if gpu else ""
    return ", ".join(part for part in (machines, engine, precision) if part) or "not declared"


def _rate(span: Percentiles) -> str:
    return f"{short(span.p50)} [{short(span.p10)}, {short(span.p90)}]"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.3g}"
