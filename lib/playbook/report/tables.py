"""Tables of the decision: a record in, rows of plain text out."""

from __future__ import annotations

from playbook.decision.records import Decision
from playbook.figures.theme import short
from playbook.report.table import Table, money

RANKED = 15


def six_rows(decision: Decision) -> Table:
    """Return the six-row table: rule of thumb against the computed answer."""
    return Table(
        "The six questions: the rule of thumb against this team's evidence",
        ("Question", "Rule says", "We say", "Why", "Leans to", "Read from"),
        [(r.question, r.rule_says, r.we_say, r.why, r.leans_to, r.field) for r in decision.rows],
        widths=("12%", "15%", "19%", "34%", "9%", "11%"),
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
    note = (
        f"{len(decision.ranked)} options passed or left open every gate; {len(rows)} are shown, by "
        "mean value over the draws; the median is printed. Value 0: worst acceptable, 1: fully "
        "satisfying. The runner-up is the best option of another lane."
    )
    return Table("Options by value", columns, rows, note)


def changes(decision: Decision) -> Table:
    """Return what would change the lead."""
    titles = {one.option: one.title for one in decision.ranked}
    rows = [
        (one.what, one.now, one.at, titles.get(one.to_option, one.to_option))
        for one in decision.flips
    ]
    note = "" if rows else "No single change that was tried puts another option first."
    return Table("What would change it", ("Input", "Now", "Changes at", "Then leads"), rows, note)


def status(decision: Decision) -> Table:
    """Return the verdict, the status and its reasons."""
    rows = [("verdict", decision.verdict), ("status", decision.status.value)]
    rows += [("because", line) for line in decision.status_because]
    rows += [("do first", line) for line in decision.learn_first]
    return Table(f"Decision as of {decision.as_of}", ("", ""), rows)


def anchors(decision: Decision) -> Table:
    """Return the fixed ends of each criterion's scale and its weight."""
    rows = [
        (
            one.criterion.replace("_", " "),
            f"{one.weight:.0%}",
            f"{short(one.worst)} {one.unit}",
            f"{short(one.best)} {one.unit}",
            one.because,
        )
        for one in decision.anchors
    ]
    columns = ("Criterion", "Weight", "Value 0 at", "Value 1 at", "Set by")
    return Table("Weights and anchors, set before any option is seen", columns, rows, folded=True)
