"""Tables of the report: a record in, rows of plain text out (escaped by the template)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from playbook.compliance.records import Compliance
from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.figures.theme import short, usd
from playbook.landscape.records import Landscape
from playbook.trials.records import Evidence, Interval
from playbook.uncertainty import Estimate, Percentiles

RANKED, CLEARED_TEXT = 15, 300


@dataclass(frozen=True, repr=False)
class Table:
    """A titled table of text cells."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    folded: bool = False
    """Whether it starts closed."""

    def _repr_html_(self) -> str:
        """Return the table for a notebook, every cell escaped."""
        head = Markup("").join(
            Markup("<th style='text-align:left'>{}</th>").format(c) for c in self.columns
        )
        body = Markup("").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(
                    Markup("<td style='text-align:left;vertical-align:top'>{}</td>").format(cell)
                    for cell in row
                )
            )
            for row in self.rows
        )
        page = Markup(
            "<b>{}</b><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table><i>{}</i>"
        )
        return str(page.format(self.title, head, body, self.note))

    def __repr__(self) -> str:
        """Return the title and the number of rows."""
        return f"Table({self.title!r}, {len(self.rows)} rows)"


def money(span: Percentiles | None) -> str:
    """Return a cost as median with p10 to p90.

    Example:
        >>> money(Percentiles(p10=900, p50=1000, p90=1250))
        '$1k [$900, $1.2k]'
    """
    return f"{usd(span.p50)} [{usd(span.p10)}, {usd(span.p90)}]" if span else "not known"


def spread(value: Estimate) -> str:
    """Return an estimate as its likely value with low and high."""
    if value.low == value.high:
        return short(value.likely)
    return f"{short(value.likely)} [{short(value.low)}, {short(value.high)}]"


def share(interval: Interval | None) -> str:
    """Return a rate with its 95% interval and n."""
    if interval is None:
        return "not known"
    return f"{interval.value:.0%} [{interval.low:.0%}, {interval.high:.0%}], n={interval.n}"


def six_rows(decision: Decision) -> Table:
    """Return the six-row table: rule of thumb against the computed answer."""
    return Table(
        "The six questions: the rule of thumb against this team's evidence",
        ("Question", "Rule says", "We say", "Why", "Leans to", "Read from"),
        [(r.question, r.rule_says, r.we_say, r.why, r.leans_to, r.field) for r in decision.rows],
    )


def ranked(decision: Decision) -> Table:
    """Return the ranked options."""
    rows = [
        (
            str(number),
            one.title,
            one.lane.words,
            f"{one.value.p50:.2f} [{one.value.p10:.2f}, {one.value.p90:.2f}]",
            f"{one.share_best:.0%}",
            money(one.usd_per_month),
            one.evidence,
            ", ".join(one.open_gates) or "none",
        )
        for number, one in enumerate(decision.ranked[:RANKED], start=1)
    ]
    columns = ("", "Option", "Lane", "Value [p10, p90]", "Best in", "USD a month [p10, p90]",
               "Evidence", "Open gates")  # fmt: skip
    note = f"{len(decision.ranked)} options passed or left open every gate; {len(rows)} are shown."
    return Table("Options by value", columns, rows, note)


def changes(decision: Decision) -> Table:
    """Return what would change the lead."""
    rows = [(one.what, one.now, one.at, one.to_option) for one in decision.flips]
    note = "" if rows else "No single change that was tried puts another option first."
    return Table("What would change it", ("Input", "Now", "Changes at", "Then leads"), rows, note)


def status(decision: Decision) -> Table:
    """Return the verdict, the status and its reasons."""
    rows = [("verdict", decision.verdict), ("status", decision.status.value)]
    rows += [("because", line) for line in decision.status_because]
    rows += [("do first", line) for line in decision.learn_first]
    return Table(f"Decision as of {decision.as_of}", ("", ""), rows)


def verdicts(compliance: Compliance) -> Table:
    """Return the verdict on each option with what decides it."""
    rows = [
        (
            one.option,
            one.verdict.value,
            ", ".join(one.controls),
            "; ".join(one.because[:2]),
            ", ".join(one.questions),
        )
        for one in compliance.verdicts
    ]
    columns = ("Option", "Verdict", "Controls", "Because", "Questions that would settle it")
    return Table("Verdicts on options", columns, rows, compliance.disclaimer)


def costs(record: Costs, *, most: int = 40) -> Table:
    """Return the options by cost, cheapest first."""
    rows = [
        (
            one.option,
            one.lane.words,
            money(one.usd_per_month),
            money(one.usd_per_million_tokens),
            one.provenance.value,
            one.price_source if one.priced else one.because,
        )
        for one in record.options[:most]
    ]
    columns = ("Option", "Lane", "USD a month [p10, p90]", "USD per million tokens", "Provenance",
               "Price from")  # fmt: skip
    note = f"{len(rows)} of {len(record.options)} options; prices of {record.as_of}."
    return Table("Options by cost", columns, rows, note)


def race(landscape: Landscape) -> Table:
    """Return every model with its state and first reasons."""
    rows = [
        (
            one.title,
            one.developer,
            "open weights" if one.open_weights else "API only",
            one.state.replace("_", " "),
            "; ".join(r.because for r in one.reasons if r.result != "pass") or "all tests pass",
            one.retires.isoformat() if one.retires else "none announced",
            one.successor or "",
        )
        for one in landscape.models
    ]
    columns = ("Model", "Developer", "Weights", "State", "Because", "Retires", "Successor")
    note = f"Facts as of {landscape.as_of}; the oldest is of {landscape.oldest_fact}."
    return Table("Every model of the catalogue", columns, rows, note, folded=True)


def findings(compliance: Compliance) -> Table:
    """Return the controls that apply or may apply."""
    rows = [
        (
            one.control,
            one.question,
            one.severity.replace("_", " "),
            one.answer.value.replace("_", " "),
            one.citation,
            one.basis,
            one.owner,
        )
        for one in compliance.findings
        if one.applies != "no"
    ]
    columns = ("Control", "Question", "Weight", "Answer", "Citation", "Basis", "Owner")
    skipped = len(compliance.findings) - len(rows)
    note = f"{skipped} further controls do not apply. Basis `memory`: citation not checked."
    return Table("Checklist", columns, rows, note, folded=True)


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


def cost_inputs(costs: Costs) -> Table:
    """Return every input of the cost estimate with its provenance."""
    rows = [
        (one.name, spread(one.value), one.unit, one.provenance.value, one.source)
        for one in costs.inputs
    ]
    columns = ("Input", "Likely [low, high]", "Unit", "Provenance", "Source")
    return Table("What the costs rest on", columns, rows, folded=True)


def deployments(costs: Costs, *, most: int = 8) -> Table:
    """Return the servers that the cheapest own-server options need."""
    own = [one for one in costs.options if one.deployment and one.priced][:most]
    rows = [
        (
            one.title,
            f"{d.gpus} x {d.gpu_title} ({d.provider}, {d.region})",
            f"{d.replicas} replicas of {d.gpus_per_replica} GPU",
            f"{short(d.memory_needed_gib)} of {short(d.memory_available_gib)} GiB",
            f"{short(d.output_tokens_per_second_per_replica.p50)} output tokens/s",
            f"{d.utilisation:.2%}",
            money(one.usd_per_month),
        )
        for one in own
        if (d := one.deployment)
    ]
    columns = ("Option", "GPUs paid for", "Replicas", "Memory", "Capacity per replica",
               "Used at likely volume", "USD a month [p10, p90]")  # fmt: skip
    return Table("Servers that own hosting needs (computed)", columns, rows)


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


def questions(compliance: Compliance, *, most: int = 12) -> Table:
    """Return the open questions with their owners."""
    rows = [
        (one.id, one.question, one.owner, str(one.options_it_can_change))
        for one in compliance.open_questions[:most]
    ]
    columns = ("Id", "Question", "Who knows", "Options it can change")
    return Table("Open questions, most decisive first", columns, rows)
