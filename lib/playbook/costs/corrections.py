"""What measurements changed in the costs: speed and bill of a deployment, before and after."""

from __future__ import annotations

from playbook.catalog import Catalog, Measurement
from playbook.costs.records import Costs, Deployment, OptionCost
from playbook.provenance import Provenance
from playbook.records import Record
from playbook.uncertainty import Percentiles


class SpeedSide(Record):
    """An option's own servers and their cost, as estimated with or without measurements."""

    deployment: str
    """GPUs, engine and precision of one replica, in words."""
    provenance: Provenance
    """computed, calibrated or measured."""
    output_tokens_per_second_per_replica: Percentiles
    """Steady output (not total) rate of one replica."""
    replicas: int
    """Replicas, spare included."""
    usd_per_month: Percentiles
    """The option's monthly cost."""


class Correction(Record):
    """One option whose own servers a team, or its organisation, has measured."""

    option: str
    """Option id."""
    title: str
    """Name in words."""
    measurements: int
    """Measurements of this deployment."""
    calls_in_flight: tuple[int, ...]
    """At which loads, ascending."""
    sources: tuple[str, ...]
    """Where they come from, with their days."""
    before: SpeedSide
    """Estimated without them."""
    after: SpeedSide
    """Estimated with them."""


def corrections(before: Costs, after: Costs, catalog: Catalog) -> tuple[Correction, ...]:
    """Return the options whose deployment was measured, with both sides.

    Args:
        before: Costs without the measurements.
        after: Costs of the same profile and day with them.
        catalog: Facts with the measurements laid over them.
    """
    earlier = {one.option: one for one in before.options}
    found = []
    for one in after.options:
        was, used = earlier.get(one.option), _measured(one, catalog)
        if was is not None and used:
            sides = _side(was), _side(one)
            if sides[0] is not None and sides[1] is not None:
                found.append(_correction(one, used, before=sides[0], after=sides[1]))
    return tuple(found)


def _correction(
    cost: OptionCost, used: list[Measurement], *, before: SpeedSide, after: SpeedSide
) -> Correction:
    return Correction(
        option=cost.option,
        title=cost.title,
        measurements=len(used),
        calls_in_flight=tuple(sorted({one.concurrency for one in used})),
        sources=tuple(dict.fromkeys(one.source.cite() for one in used)),
        before=before,
        after=after,
    )


def _measured(cost: OptionCost, catalog: Catalog) -> list[Measurement]:
    """Return the measurements of the deployment that an option rests on."""
    plan = cost.deployment
    if plan is None or plan.capacity_provenance is Provenance.COMPUTED:
        return []
    wanted = (cost.model, plan.engine, plan.gpu, plan.gpus_per_replica)
    return [
        one
        for one in catalog.measurements
        if (one.model, one.engine, one.gpu, one.gpus) == wanted
        and one.precision in (None, plan.precision)
        and one.output_tokens_per_second
    ]


def _side(cost: OptionCost) -> SpeedSide | None:
    plan = cost.deployment
    if plan is None or cost.usd_per_month is None:
        return None
    return SpeedSide(
        deployment=_words(plan),
        provenance=plan.capacity_provenance,
        output_tokens_per_second_per_replica=plan.output_tokens_per_second_per_replica,
        replicas=plan.replicas,
        usd_per_month=cost.usd_per_month,
    )


def _words(plan: Deployment) -> str:
    return f"{plan.gpus_per_replica} x {plan.gpu_title}, {plan.engine}, {plan.precision}"
