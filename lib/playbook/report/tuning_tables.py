"""The table of fine-tuning: what each option's first tuning and each repeat would take and cost."""

from __future__ import annotations

from playbook.costs.records import Costs
from playbook.costs.tuning_records import TuningCost
from playbook.figures.theme import short
from playbook.report.table import Table, money
from playbook.uncertainty import Percentiles


def tuning(costs: Costs) -> Table:
    """Return every option with what fine-tuning it would cost, or why that is not known."""
    ranked = sorted(costs.tuning, key=_order)
    rows = [
        (
            one.title,
            f"{one.can_be_tuned}: {one.because}",
            _machines(one),
            money(one.training_usd),
            money(one.first_usd),
            money(one.repeat_usd),
            one.serving,
        )
        for one in ranked
    ]
    columns = ("Option", "Can it be tuned", "A run takes", "Training, all runs",
               "First tuning", "Each repeat", "Serving it then")  # fmt: skip
    billed = any(one.in_monthly_cost for one in ranked)
    plan = "part of the monthly costs" if billed else "not part of the monthly costs: not planned"
    note = (
        f"USD, median [p10, p90]; {plan}. First tuning and repeats hold the people's work to set "
        "up and judge it; the first also the labelling. Licences are judged under compliance."
    )
    widths = ("16%", "20%", "12%", "10%", "9%", "9%", "24%")
    return Table("What fine-tuning would cost", columns, rows, note, folded=True, widths=widths)


def _order(one: TuningCost) -> tuple[bool, float, str]:
    return (one.first_usd is None, one.first_usd.p50 if one.first_usd else 0.0, one.option)


def _machines(one: TuningCost) -> str:
    hours, price = one.gpu_hours_per_run, one.usd_per_million_training_tokens
    if hours is not None:
        return f"{_span(hours)} GPU hours on {one.gpus} x {one.gpu_title}, {one.method}"
    if price is not None:
        return f"{money(price)} per million tokens, {one.method}"
    return "not known"


def _span(span: Percentiles) -> str:
    return f"{short(span.p50)} [{short(span.p10)}, {short(span.p90)}]"
