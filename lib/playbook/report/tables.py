"""Tables of costs and decision: a record in, rows of plain text out."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.figures.theme import short
from playbook.report.table import Table, money, spread

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


def cost_inputs(costs: Costs) -> Table:
    """Return every input of the cost estimate with its provenance."""
    rows = [
        (one.name, spread(one.value), one.unit, one.provenance.value, one.source)
        for one in costs.inputs
    ]
    columns = ("Input", "Likely [low, high]", "Unit", "Provenance", "Source")
    return Table("What the costs rest on", columns, rows, folded=True)


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


def prices(record: Costs, options: Sequence[str]) -> Table:
    """Return where the price of each option comes from, and when it was seen."""
    shown = {one.option: one for one in record.options if one.priced}
    rows = [
        (one.title, one.provenance.value, one.price_source)
        for option in options
        if (one := shown.get(option))
    ]
    columns = ("Option", "Provenance", "Price source, and the day it was seen")
    note = f"The latest price known on {record.as_of}; a price may be months older than that day."
    return Table("Where the prices come from", columns, rows, note, folded=True)
