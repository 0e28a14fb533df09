"""What fine-tuning would take and cost, by option: a record in, rows of plain text out."""

from __future__ import annotations

from playbook.costs.records import Costs
from playbook.costs.tuning_records import TuningCost
from playbook.figures.theme import short
from playbook.report.table import Table, money
from playbook.uncertainty import Percentiles

WHETHER = {"yes": "yes", "limited": "in part", "no": "no", "unknown": "not known"}


def tuning(costs: Costs) -> Table:
    """Return what fine-tuning each option takes and costs; those with a cost first."""
    ordered = sorted(costs.tuning, key=lambda one: (one.first_usd is None, one.title))
    billed = any(one.in_monthly_cost for one in costs.tuning)
    note = (
        "The team plans to tune: `USD a month` is part of the monthly cost of what can be tuned."
        if billed
        else "The team does not plan to tune: none of this is in the monthly cost."
    )
    columns = ("Option", "Can be tuned", "Method", "GPU hours of a run [p10, p90]", "Trained on",
               "All runs, USD", "First tuning, USD", "Each repeat, USD", "USD a month",
               "Serving it", "Because")  # fmt: skip
    rows = [_row(one) for one in ordered]
    return Table("Fine-tuning, option by option", columns, rows, note=note, folded=True)


def _row(one: TuningCost) -> tuple[str, ...]:
    machines = f"{one.gpus} x {one.gpu_title}" if one.gpus else ""
    return (
        one.title,
        WHETHER[one.can_be_tuned],
        one.method,
        _span(one.gpu_hours_per_run),
        machines or ("at the provider" if one.training_usd else ""),
        _usd(one.training_usd),
        _usd(one.first_usd),
        _usd(one.repeat_usd),
        _usd(one.usd_per_month),
        one.serving,
        one.because + (f"; {one.price_source}" if one.price_source else ""),
    )


def _span(span: Percentiles | None) -> str:
    return f"{short(span.p50)} [{short(span.p10)}, {short(span.p90)}]" if span else ""


def _usd(span: Percentiles | None) -> str:
    return money(span) if span else "not known"
