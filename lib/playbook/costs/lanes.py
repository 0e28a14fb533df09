"""The three lanes side by side: the cheapest option of each, at the team's volume and others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playbook.catalog import Option
from playbook.costs.break_even import costs_over_volume, volume_grid
from playbook.costs.horizon import CostOverVolume
from playbook.costs.lane_records import LaneCost, LanePoint
from playbook.costs.pairs import is_offered
from playbook.costs.records import OptionCost
from playbook.costs.self_hosted import Plan, Unfit
from playbook.costs.workbench import Workbench
from playbook.uncertainty import Samples
from playbook.vocabulary import Lane

NO_OPTION = {
    Lane.FRONTIER_API: "none of the models considered is offered as a commercial API",
    Lane.HOSTED_OPEN_WEIGHTS: "no provider of the catalog hosts open weights that are considered",
    Lane.SELF_HOSTED: "no open weights are considered, or infrastructure.places names no place",
}


@dataclass(frozen=True, eq=False)
class Way:
    """An option, of own servers with one plan, and its likely cost on the volume grid."""

    option: Option
    likely_usd: Samples
    plan: Plan | None = None


def lane_costs(bench: Workbench, costs: Sequence[OptionCost]) -> tuple[LaneCost, ...]:
    """Return all three lanes, each with its cheapest option or why it has none.

    Args:
        bench: Draws, bills and plans.
        costs: All options with their costs, cheapest first.
    """
    return tuple(_lane(bench, lane, [one for one in costs if one.lane is lane]) for lane in Lane)


def _lane(bench: Workbench, lane: Lane, costs: Sequence[OptionCost]) -> LaneCost:
    priced = [one for one in costs if one.priced]
    if not priced:
        because = f"none of {len(costs)} has a cost: {costs[0].because}" if costs else ""
        return LaneCost(
            lane=lane,
            option=None,
            title="",
            because=because or NO_OPTION[lane],
            usd_per_month=None,
            usd_per_million_tokens=None,
            usd_per_successful_answer=None,
            success="",
            curve=(),
        )
    cheapest = priced[0]
    return LaneCost(
        lane=lane,
        option=cheapest.option,
        title=cheapest.title,
        because=cheapest.because,
        usd_per_month=cheapest.usd_per_month,
        usd_per_million_tokens=cheapest.usd_per_million_tokens,
        usd_per_successful_answer=cheapest.usd_per_successful_answer,
        success=cheapest.success,
        curve=_curve(bench, _offered(bench, priced)),
    )


def _offered(bench: Workbench, priced: Sequence[OptionCost]) -> list[Option]:
    """Return the options that can still be had; where none can, those that could."""
    options = [bench.options[one.option] for one in priced]
    return [one for one in options if is_offered(bench.catalog, one, bench.as_of)] or options


def _curve(bench: Workbench, options: Sequence[Option]) -> tuple[LanePoint, ...]:
    grid = volume_grid()
    ways = [way for option in options for way in _ways(bench, option, grid)]
    lowest = np.argmin(np.round(np.stack([way.likely_usd for way in ways]), 2), axis=0)
    chosen = [ways[index] for index in lowest]
    spread = costs_over_volume([_in_all_draws(bench, way) for way in chosen], grid)
    return tuple(
        LanePoint(tokens_per_day=float(volume), option=way.option.id, usd_per_month=usd)
        for volume, way, usd in zip(grid, chosen, spread, strict=True)
    )


def _ways(bench: Workbench, option: Option, grid: Samples) -> list[Way]:
    if option.lane is not Lane.SELF_HOSTED:
        return [Way(option, bench.line(option).scenario(0).usd(grid))]
    plans = bench.frontier(option)
    if isinstance(plans, Unfit):
        return []
    return [Way(option, bench.stairs(option, plan).scenario(0).usd(grid), plan) for plan in plans]


def _in_all_draws(bench: Workbench, way: Way) -> CostOverVolume:
    if way.plan is None:
        return bench.line(way.option)
    return bench.stairs(way.option, bench.in_all_scenarios(way.option, way.plan))
