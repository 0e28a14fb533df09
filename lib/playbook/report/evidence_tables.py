"""Tables of trials and what may be sent to them: a record in, rows of plain text out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from playbook.compliance.records import Compliance
from playbook.figures.theme import short
from playbook.report.table import Cell, Table, Tone, share
from playbook.trials.evidence_records import Evidence
from playbook.trials.records import Comparison, EndpointEvidence, ShownAnswer, TaskResult

CLEARED_TEXT = 300
MANY = 10_000


def cleared(compliance: Compliance) -> Table:
    """Return what may be sent to the trial endpoints."""
    rows = [
        (
            one.endpoint,
            one.highest_class.value if one.highest_class else "nothing",
            ", ".join(one.controls),
            one.because[:CLEARED_TEXT],
        )
        for one in compliance.clearance.endpoints
    ]
    columns = ("Endpoint", "May receive at most", "Controls", "Because")
    return Table("Clearance for live trials (unknown counts as not met)", columns, rows)


def results(evidence: Evidence) -> Table:
    """Return each endpoint's results by task."""
    rows = [
        (
            f"{one.title or one.endpoint}\n{_role(one)}" if result.task == "all" else "",
            result.task,
            share(result.pass_rate),
            share(result.pass_rate_answered),
            _outcomes(result),
            _price(one) if result.task == "all" else "",
            "recorded" if one.recorded else one.provenance.value,
        )
        for one in evidence.endpoints
        for result in one.results
    ]
    columns = ("Endpoint", "Task", "Passed of sent", "Passed of answered", "Outcomes",
               "Cost per success", "Provenance")  # fmt: skip
    widths = ("16%", "14%", "15%", "15%", "16%", "10%", "14%")
    return Table("Results by endpoint and task, 95% intervals", columns, rows, widths=widths)


def _role(one: EndpointEvidence) -> str:
    role = "stand-in for a commercial API" if one.stand_in else "own server"
    return f"{role}, demonstration model" if one.demonstration else role


def _outcomes(result: TaskResult) -> str:
    parts = [f"{name.replace('_', ' ')}: {n}" for name, n in result.outcomes.items()]
    for words, count in (
        ("not scored", result.not_scored),
        ("without scorers", result.no_scorers),
        ("no result yet", result.missing),
    ):
        parts += [f"{words}: {count}"] if count else []
    if result.lowest_if_missing is not None and result.highest_if_missing is not None:
        low, high = result.lowest_if_missing, result.highest_if_missing
        parts.append(f"pass rate between {low:.0%} and {high:.0%} whatever these were")
    return ", ".join(parts)


def _price(one: EndpointEvidence) -> str:
    if one.usd_per_success is None:
        return "no price"
    span = one.usd_per_success_interval
    told = f" [{span.low:.2g}, {span.high:.2g}]" if span else ""
    return f"{one.usd_per_success:.2g}{told} USD"


def latencies(evidence: Evidence) -> Table:
    """Return the times to the first token, who took them, and what was left out."""
    rows = [
        (
            one.title or one.endpoint,
            *(
                "not measured"
                if span is None
                else f"{short(span.value)} [{short(span.low)}, {short(span.high)}]"
                for span in (one.first_token_p50_s, one.first_token_p95_s, one.first_token_p99_s)
            ),
            _TIMED_BY[one.timed_by],
            "; ".join(f"{count}: {why}" for why, count in one.latencies_left_out.items()) or "none",
        )
        for one in evidence.endpoints
    ]
    columns = ("Endpoint", "First token p50 (s)", "p95 (s)", "p99 (s)", "Timed by",
               "Left out, and why")  # fmt: skip
    note = (
        "95% intervals by order statistics. A time taken while this machine, not the endpoint, may "
        "have been what was slow is left out."
    )
    return Table("Time to the first token", columns, rows, note)


_TIMED_BY = {
    "lean": "a client with little work of its own",
    "litellm": "litellm: its own work is in these times",
    "replay": "a recording",
    "": "nothing",
}


def pairs(evidence: Evidence) -> tuple[Table, ...]:
    """Return the paired comparisons of all tasks together, then folded those of each task."""
    whole = [one for one in evidence.comparisons if one.task == "all"]
    parts = [one for one in evidence.comparisons if one.task != "all"]
    margins = {one.margin for one in evidence.comparisons if one.margin is not None}
    margin = f"Margin, set before the run: {max(margins):.0%} of prompts. " if margins else ""
    note = (
        f"{margin}p values: exact McNemar (pass rate), sign test (latency), sign flips (cost); "
        "adjusted by Holm for all comparisons of the run. Inconclusive is a result, not a failure: "
        "the last column says about how many shared prompts would settle it."
    )
    first = _pairs_of("Same prompts, two endpoints", whole, evidence)
    first = replace(first, note=note if whole else "")
    if not parts:
        return (first,)
    by_task = _pairs_of("Same prompts, two endpoints, by task", parts, evidence)
    return first, replace(by_task, folded=True)


def _pairs_of(title: str, comparisons: Sequence[Comparison], evidence: Evidence) -> Table:
    rows = [
        (
            f"{evidence.title_of(one.first)}\nagainst {evidence.title_of(one.second)}",
            f"{one.metric}, {one.task}",
            str(one.n),
            _difference(one),
            f"{one.only_first_passed} / {one.only_second_passed}",
            _p_values(one),
            Cell(one.verdict, _TONES.get(one.verdict, "amber")),
            _needed(one.needed),
        )
        for one in comparisons
    ]
    columns = ("Pair", "By, task", "Prompts", "First less second [95%]", "Only first / second",
               "p, adjusted", "Verdict", "Prompts to settle it")  # fmt: skip
    widths = ("19%", "14%", "9%", "16%", "10%", "9%", "14%", "9%")
    return Table(title, columns, rows, widths=widths)


def _p_values(one: Comparison) -> str:
    adjusted = "" if one.adjusted_p is None else f", {one.adjusted_p:.2g}"
    return f"{one.p_value:.2g}{adjusted}"


def _needed(prompts: int | None) -> str:
    if prompts is None:
        return ""
    return f"over {MANY:,}" if prompts > MANY else f"about {prompts:,}"


def _difference(one: Comparison) -> str:
    span = one.difference
    if one.metric == "pass rate":
        return f"{span.value:+.0%} [{span.low:+.0%}, {span.high:+.0%}]"
    unit = "s" if one.metric == "latency" else "USD"
    return f"{span.value:+.2g} [{span.low:+.2g}, {span.high:+.2g}] {unit}"


def answers(evidence: Evidence) -> Table:
    """Return prompts with the answers of all endpoints side by side, as text and never markup."""
    named = {one.endpoint: one.title or one.endpoint for one in evidence.endpoints}
    rows = [
        (
            f"{one.task}\n{one.prompt}",
            one.asked,
            one.expected,
            *(_shown(next((a for a in one.answers if a.endpoint == id_), None)) for id_ in named),
        )
        for one in evidence.samples
    ]
    note = (
        "Of each task first the prompts on which endpoints differ, then some that all failed. Long "
        "texts are cut; the ledger trials.jsonl has them whole."
    )
    return Table(
        "Answers side by side",
        ("Task, prompt", "Asked", "Expected", *named.values()),
        rows,
        note if rows else "",
        folded=True,
        widths=_widths(len(named)),
    )


def _shown(answer: ShownAnswer | None) -> str:
    if answer is None:
        return "no result"
    words, tone = _MARKS[answer.passed]
    if answer.outcome != "answered":
        words, tone = answer.outcome.replace("_", " "), "amber"
    return Cell(f"{words}\n{answer.text}", tone)


def _widths(endpoints: int) -> tuple[str, ...]:
    each = 58 / max(1, endpoints)
    return ("14%", "16%", "12%", *(f"{each:.1f}%" for _ in range(endpoints)))


_TONES: dict[str, Tone] = {
    "first better": "green",
    "second better": "green",
    "equivalent": "green",
    "first not inferior": "",
    "second not inferior": "",
}
_MARKS: dict[bool | None, tuple[str, Tone]] = {
    True: ("✓ passed", "green"),
    False: ("✗ failed", "red"),
    None: ("not scored", ""),
}
