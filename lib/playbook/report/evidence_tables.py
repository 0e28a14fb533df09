"""Tables of trials and what may be sent to them: a record in, rows of plain text out."""

from __future__ import annotations

from playbook.compliance.records import Compliance
from playbook.report.table import Table, share
from playbook.trials.records import Evidence

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
            one.task,
            str(one.n),
            f"{one.difference.value:+.0%} [{one.difference.low:+.0%}, {one.difference.high:+.0%}]",
            f"{one.only_first_passed} / {one.only_second_passed}",
            f"{one.p_value:.2g}",
            one.verdict,
        )
        for one in evidence.comparisons
    ]
    columns = ("Pair", "Task", "Prompts", "Difference [95%]", "Only one passed", "p (McNemar)",
               "Verdict")  # fmt: skip
    return Table("Same prompts, two endpoints", columns, rows)


def answers(evidence: Evidence) -> Table:
    """Return sample answers; their text comes from models and is shown as text."""
    rows = [
        (one.endpoint, one.task, one.asked, one.expected, one.text,
         {True: "passed", False: "failed", None: "not scored"}[one.passed])
        for one in evidence.samples
    ]  # fmt: skip
    columns = ("Endpoint", "Task", "Asked", "Expected", "Answered", "Result")
    return Table("Sample answers, failures first", columns, rows, folded=True)
