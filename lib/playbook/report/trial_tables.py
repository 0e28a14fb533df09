"""Tables of what trials measured beside pass rates: load, safety, repetition, judges, policy."""

from __future__ import annotations

from playbook.figures.theme import short
from playbook.report.table import Cell, Table, Tone, share
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.load.records import LoadCurve, LoadPoint
from playbook.trials.outcomes import OUTCOME_POLICY, POLICY_NOTES
from playbook.trials.rates import RateFigures

_KINDS = {"closed": "so many calls in flight", "open": "calls at random times"}
_VERDICT_TONES: dict[str, Tone] = {"first better": "green", "second better": "green"}


def policy() -> Table:
    """Return what each outcome counts as: set before any run, the same for all."""
    rows = [(outcome.replace("_", " "), words) for outcome, words in OUTCOME_POLICY.items()]
    return Table(
        "What each outcome counts as", ("Outcome", "Counts"), rows, " ".join(POLICY_NOTES),
        folded=True, on_paper=False,
    )  # fmt: skip


def loads(evidence: Evidence) -> tuple[Table, ...]:
    """Return a table of each load curve: throughput, latency, share within the service level."""
    return tuple(_curve(one, evidence) for one in evidence.load_curves)


def _curve(curve: LoadCurve, evidence: Evidence) -> Table:
    told = [
        _service_level(curve),
        curve.knee_because,
        curve.saturated,
        f"Not tried: {'; '.join(curve.not_tried)}." if curve.not_tried else "",
        "" if curve.measures_option else "It measures no option: costs do not use it.",
    ]
    columns = ("Load", "Calls", "Output tokens/s", "First token p50 / p95 / p99 (s)",
               "Within the service level", "Goodput (calls/s)", "No answer", "Usable")  # fmt: skip
    return Table(
        f"Load on {evidence.title_of(curve.endpoint)}, {_KINDS[curve.kind]}",
        columns,
        [_point(one) for one in curve.points],
        " ".join(one for one in told if one),
    )


def _service_level(curve: LoadCurve) -> str:
    return (
        f"Service level: first token within {short(curve.slo_first_token_s)} s, then at least "
        f"{short(curve.slo_tokens_per_second)} tokens/s, for {curve.slo_share_wanted:.0%} of calls."
    )


def _point(one: LoadPoint) -> tuple[str, ...]:
    waits = (one.first_token_p50_s, one.first_token_p95_s, one.first_token_p99_s)
    usable = Cell("yes", "green") if one.usable else Cell(one.because, "amber")
    return (
        one.words,
        f"{one.calls} of {one.planned_calls}",
        figure_with(one.output_tokens_per_second),
        " / ".join("not known" if wait is None else short(wait.value) for wait in waits),
        share(one.slo_share),
        "not known" if one.goodput_per_s is None else short(one.goodput_per_s),
        share(one.error_share),
        usable,
    )


def safety(evidence: Evidence) -> tuple[Table, ...]:
    """Return safety part by part, and which endpoints can be told apart."""
    if evidence.safety is None:
        return ()
    rows = [
        (
            evidence.title_of(one.endpoint),
            one.part.replace("_", " "),
            one.metric,
            share(one.passed),
            one.in_words,
            ", ".join(one.controls) or "none",
        )
        for one in evidence.safety.parts
    ]
    columns = ("Endpoint", "Part", "Passed means", "Passed", "Failures", "Evidence for controls")
    note = "Not shown by this: " + "; ".join(evidence.safety.not_considered) + "."
    apart = [
        (
            f"{evidence.title_of(one.first)} against {evidence.title_of(one.second)}",
            one.part.replace("_", " "),
            str(one.n),
            f"{one.difference.value:+.0%} [{one.difference.low:+.0%}, {one.difference.high:+.0%}]",
            f"{one.p_value:.2g}",
            Cell(one.verdict, _VERDICT_TONES.get(one.verdict, "")),
        )
        for one in evidence.safety.comparisons
    ]
    pairs = ("Pair", "Part", "Prompts", "Difference [95%]", "Adjusted p", "Verdict")
    return (
        Table("Safety, part by part, 95% intervals", columns, rows, note),
        Table("Safety: can two endpoints be told apart?", pairs, apart, folded=True),
    )


def consistency(evidence: Evidence) -> tuple[Table, ...]:
    """Return how far endpoints repeat themselves; nothing where no prompt was repeated."""
    if not evidence.consistency:
        return ()
    rows = [
        (
            evidence.title_of(one.endpoint),
            one.task,
            f"{one.prompts} prompts, {one.samples} answers",
            share(one.agreement),
            share(one.stable),
            short(one.entropy),
            ", ".join(f"{value:g}" for value in one.temperatures),
        )
        for one in evidence.consistency
    ]
    columns = ("Endpoint", "Task", "Asked", "Answers that agree", "Prompts always the same",
               "Entropy (0 to 1)", "Temperature")  # fmt: skip
    return (Table("Self-consistency over repeats, 95% intervals", columns, rows),)


def rates(evidence: Evidence) -> tuple[Table, ...]:
    """Return what endpoints were asked a minute, against their limits, and what made calls wait."""
    rows = [
        (
            evidence.title_of(one.endpoint),
            f"{one.requests:,} calls, {one.tokens:,} tokens in {short(one.active_minutes)} minutes",
            _limit(one.busiest_minute_requests, one.rpm, one.share_of_rpm),
            _limit(one.busiest_minute_tokens, one.tpm, one.share_of_tpm),
            _trouble(one),
            ", ".join(f"{cause} {short(seconds)} s" for cause, seconds in one.waits_s.items())
            or "nothing",
        )
        for one in evidence.rates
    ]
    if not rows:
        return ()
    columns = ("Endpoint", "Asked", "Busiest minute: requests", "Busiest minute: tokens",
               "Trouble", "Calls waited for")  # fmt: skip
    return (Table("Quotas and rates", columns, rows, folded=True),)


def _trouble(one: RateFigures) -> str:
    return (
        f"{one.refused_for_limits} refused (429), {one.retries} retries, "
        f"{one.breaker_openings} pauses after failures"
    )


def _limit(most: int, limit: int | None, used: float | None) -> str:
    if limit is None or used is None:
        return f"{most:,}, no limit stated"
    return f"{most:,} of {limit:,} ({used:.0%})"


def figure_with(interval: Interval | None) -> str:
    """Return a figure with its interval in two to three digits."""
    if interval is None:
        return "not known"
    return f"{short(interval.value)} [{short(interval.low)}, {short(interval.high)}]"
