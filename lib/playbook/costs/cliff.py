"""The tensor-parallel cliff: what fits, and how many calls, on 1, 2, 4 and 8 of the same GPU."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.costs.memory_records import MemoryWay
from playbook.costs.records import OptionCost
from playbook.costs.sizing import Sized


def memory_ways(ways: Sequence[Sized], chosen: Sized) -> tuple[MemoryWay, ...]:
    """Return the memory of each number of GPUs under the chosen way's engine, fewest first."""
    engine = chosen.replica.engine.id
    fits = {way.fit.gpus: way.fit for way in ways if way.replica.engine.id == engine}
    return tuple(
        MemoryWay(
            gpus=gpus,
            available_gib=fit.available_gib,
            weights_gib=fit.weights_gib,
            overhead_gib=fit.overhead_gib,
            room_gib=fit.available_gib - fit.weights_gib - fit.overhead_gib,
            calls=fit.batch,
        )
        for gpus, fit in sorted(fits.items())
    )


def with_memory(cost: OptionCost, ways: tuple[MemoryWay, ...]) -> OptionCost:
    """Return an own-server option's cost with what its GPUs' memory holds."""
    if cost.deployment is None:
        return cost
    return cost.changed(deployment=cost.deployment.changed(ways=ways))
