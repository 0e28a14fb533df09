"""What the own cost, and its difference to the cheapest API, depend on: one input at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from playbook.catalog import Option
from playbook.costs.lane_records import Tornado, TornadoRow
from playbook.costs.one_at_a_time import OneAtATime
from playbook.costs.records import OptionCost
from playbook.costs.self_hosted import Plan, Unfit, cheapest_at
from playbook.costs.servers import Servers, servers_in
from playbook.costs.workbench import Workbench
from playbook.uncertainty import Samples
from playbook.vocabulary import Lane

MOST_ROWS = 12
LEAST_SHARE_OF_LARGEST = 0.01


@dataclass(frozen=True)
class Moved:
    """Results with each input moved alone."""

    inputs: OneAtATime
    own: Option
    own_usd: Samples
    api: Option | None
    api_usd: Samples


def tornados(bench: Workbench, costs: Sequence[OptionCost]) -> tuple[Tornado, ...]:
    """Return the difference of the cheapest own servers and API, and the own cost alone.

    Each input moves to its 10th and 90th percentile while all others stay at their likely value.
    Empty where no own-server option has a cost.

    Args:
        bench: Draws, bills and plans.
        costs: All options with their costs, cheapest first.
    """
    moved = _moved(bench, costs)
    if moved is None:
        return ()
    alone = _tornado(moved, moved.own_usd, against=None)
    if moved.api is None:
        return (alone,)
    return (_tornado(moved, moved.own_usd - moved.api_usd, against=moved.api), alone)


def _moved(bench: Workbench, costs: Sequence[OptionCost]) -> Moved | None:
    priced = [bench.options[one.option] for one in costs if one.priced]
    own = next((one for one in priced if one.lane is Lane.SELF_HOSTED), None)
    api = next((one for one in priced if one.lane is not Lane.SELF_HOSTED), None)
    plans = bench.frontier(own) if own else None
    if own is None or plans is None or isinstance(plans, Unfit):
        return None
    plan = cheapest_at(plans, bench.volume[:1])[0]
    moving = OneAtATime(bench.scenarios)
    other = Workbench(moving.profile, bench.catalog, scenarios=moving, as_of=bench.as_of)
    same = _same_plan(other, own, plan)
    if same is None:
        return None
    own_usd = other.stairs(own, other.in_all_scenarios(own, same)).usd(other.volume)
    api_usd = other.line(api).usd(other.volume) if api else np.zeros(own_usd.shape)
    return Moved(moving, own, own_usd, api, api_usd)


def _same_plan(bench: Workbench, own: Option, plan: Plan) -> Plan | None:
    """Return a plan on machines whose price is that of another bench's scenarios."""
    here = _machines(plan.servers)
    found = servers_in(bench.scenarios, own.place).servers
    same = next((one for one in found if _machines(one) == here), None)
    return replace(plan, servers=same) if same else None


def _machines(servers: Servers) -> tuple[object, ...]:
    return (servers.gpu.id, servers.gpus_per_instance, servers.provider, servers.region)


def _tornado(moved: Moved, usd: Samples, *, against: Option | None) -> Tornado:
    likely = float(usd[0])
    rows = [
        _row(moved.inputs, name, (float(usd[low]), float(usd[high])), likely, flips=bool(against))
        for name, (low, high) in moved.inputs.places.items()
    ]
    rows.sort(key=lambda row: -_swing(row))
    least = LEAST_SHARE_OF_LARGEST * _swing(rows[0]) if rows else 0.0
    kept = [row for row in rows[:MOST_ROWS] if _swing(row) > max(least, 0.0)]
    title = f'"{moved.own.title}"'
    return Tornado(
        of="difference" if against else "own_servers",
        title=f'{title} less "{against.title}"' if against else f"{title} alone",
        self_hosted_option=moved.own.id,
        api_option=against.id if against else None,
        usd_per_month_likely=likely,
        rows=tuple(kept),
    )


def _swing(row: TornadoRow) -> float:
    ends = (row.usd_at_low, row.usd_at_high)
    return max(ends) - min(ends)


def _row(
    inputs: OneAtATime, name: str, ends: tuple[float, float], likely: float, *, flips: bool
) -> TornadoRow:
    used = inputs.used[name]
    low, high = inputs.ends[name]
    return TornadoRow(
        input=name,
        unit=used.unit,
        provenance=used.provenance,
        low_value=low,
        high_value=high,
        usd_at_low=ends[0],
        usd_at_high=ends[1],
        flips=_flips((low, high), ends, likely, used.unit) if flips else "",
    )


def _flips(values: tuple[float, float], ends: tuple[float, float], likely: float, unit: str) -> str:
    """Return in words at which end the cheaper side changes; empty where at neither."""
    side = "the API is" if likely < 0 else "own servers are"
    turned = [value for value, usd in zip(values, ends, strict=True) if (usd < 0) != (likely < 0)]
    at = " and at ".join(f"{value:.3g} {unit}" for value in turned)
    return f"at {at} {side} cheaper" if turned else ""
