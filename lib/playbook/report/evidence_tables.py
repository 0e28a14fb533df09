"""Tables of trials and what may be sent to them: a record in, rows of plain text out."""

from __future__ import annotations

from playbook.compliance.records import Compliance
from playbook.report.table import Cell, Table, Tone, share
from playbook.trials.evidence_records import Evidence
from playbook.trials.records import Comparison, ShownAnswer

CLEARED_TEXT = 300


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
    rows = []
    for one in evidence.endpoints:
        role = "stand-in for a commercial API" if one.stand_in else "own server"
        if one.demonstration:
            role += ", demonstration model"
        word = "recorded" if one.recorded else one.provenance.value
        price = "no price" if one.usd_per_success is None else f"{one.usd_per_success:.2g} USD"
        for result in one.results:
            rows.append(  # noqa: PERF401  two loops read better than one nested comprehension
                (
                    one.title or one.endpoint,
                    role,
                    result.task,
                    share(result.pass_rate),
                    share(result.pass_rate_answered),
                    ", ".join(f"{name}: {n}" for name, n in result.outcomes.items()),
                    price if result.task == "all" else "",
                    word,
                )
            )
    columns = ("Endpoint", "Role", "Task", "Passed of sent", "Passed of answered", "Outcomes",
               "Cost per success", "Provenance")  # fmt: skip
    return Table("Results by endpoint and task, 95% intervals", columns, rows)


def pairs(evidence: Evidence) -> Table:
    """Return the paired comparisons."""
    rows = [
        (
            f"{one.first} against {one.second}",
            one.metric,
            one.task,
            str(one.n),
            _difference(one),
            f"{one.only_first_passed} / {one.only_second_passed}",
            f"{one.p_value:.2g}" + (f" ({one.adjusted_p:.2g})" if one.adjusted_p else ""),
            one.verdict,
            f"about {one.needed:,} prompts" if one.needed else "",
        )
        for one in evidence.comparisons
    ]
    columns = ("Pair", "Of", "Task", "Prompts", "Difference [95%]", "Only one passed, or better",
               "p (adjusted)", "Verdict", "Would settle it")  # fmt: skip
    return Table("Same prompts, two endpoints", columns, rows)


def _difference(one: Comparison) -> str:
    """Return a paired difference in the unit of what is compared."""
    ends = (one.difference.value, one.difference.low, one.difference.high)
    form = {"pass rate": "{:+.0%}", "latency": "{:+.2g} s", "cost per success": "{:+.2g} USD"}
    value, low, high = (form[one.metric].format(end) for end in ends)
    return f"{value} [{low}, {high}]"


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
    each = 60 / max(1, endpoints)
    return ("12%", "16%", "12%", *(f"{each:.1f}%" for _ in range(endpoints)))


_MARKS: dict[bool | None, tuple[str, Tone]] = {
    True: ("✓ passed", "green"),
    False: ("✗ failed", "red"),
    None: ("not scored", ""),
}
