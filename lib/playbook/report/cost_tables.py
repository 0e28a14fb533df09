"""Tables of options, servers, prices and inputs: what the costs are and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.costs.records import Costs, Deployment
from playbook.figures.theme import short
from playbook.report.table import Table, money, spread

_WIDTHS = ("20%", "16%", "12%", "11%", "17%", "10%", "14%")


def cost_inputs(costs: Costs) -> Table:
    """Return every input of the cost estimate with its provenance."""
    rows = [
        (one.name, spread(one.value), one.unit, one.provenance.value, one.source)
        for one in costs.inputs
    ]
    columns = ("Input", "Likely [low, high]", "Unit", "Provenance", "Source")
    widths = ("32%", "15%", "13%", "12%", "28%")
    return Table("What the costs rest on", columns, rows, folded=True, widths=widths)


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
            f"{d.gpus} x {d.gpu_title} ({d.provider}, {d.region.replace('_', ' ')})",
            _replicas(d),
            f"{short(d.memory_needed_gib)} of {short(d.memory_available_gib)} GiB",
            _speed(d),
            f"{d.utilisation:.1%}",
            money(one.usd_per_month),
        )
        for one in own
        if (d := one.deployment)
    ]
    columns = ("Option", "GPUs paid for", "Replicas", "Memory of a replica",
               "Output tokens/s of a replica [p10, p90]", "Used at likely volume",
               "USD a month [p10, p90]")  # fmt: skip
    return Table("Servers that own hosting needs", columns, rows, widths=_WIDTHS)


def _replicas(one: Deployment) -> str:
    """Return replicas and the GPUs of each.

    Example:
        >>> from types import SimpleNamespace
        >>> _replicas(SimpleNamespace(replicas=1, gpus_per_replica=2))
        '1 replica of 2 GPUs'
    """
    copies, gpus = one.replicas, one.gpus_per_replica
    return f"{copies} replica{'s' * (copies != 1)} of {gpus} GPU{'s' * (gpus != 1)}"


def _speed(one: Deployment) -> str:
    speed = one.output_tokens_per_second_per_replica
    badge = one.capacity_provenance.value
    return f"{short(speed.p50)} [{short(speed.p10)}, {short(speed.p90)}], {badge}"


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
