"""Where own servers get cheaper than an API: solved on the staircase of replicas, per draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playbook.catalog import Option
from playbook.costs.finding import Found, Rule, finding_of
from playbook.costs.intervals import Interval, union
from playbook.costs.records import BreakEven, Crossing, CurvePoint
from playbook.costs.self_hosted import Plan, cheapest_at
from playbook.costs.staircase import Line, cheaper_intervals, first_crossing
from playbook.uncertainty import Samples, percentiles

LOWEST_TOKENS_PER_DAY = 1e4
HIGHEST_TOKENS_PER_DAY = 1e11
POINTS = 43  # six to a decade, both ends included
MOST_CROSSINGS = 24


def volume_grid() -> Samples:
    """Return the volumes of a curve in tokens/day, evenly spaced on a log scale."""
    low, high = np.log10([LOWEST_TOKENS_PER_DAY, HIGHEST_TOKENS_PER_DAY])
    return np.logspace(low, high, POINTS)


def frontier_of(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """Return the plans that are the cheapest at some volume of the grid, likely figures.

    Small GPUs win at a small volume, large ones at a large one; the choice is part of the curve.
    """
    return tuple(dict.fromkeys(cheapest_at(plans, volume_grid())))


def break_even(
    plans: Sequence[Plan], line: Line, *, own: Option, api: Option, rule: Rule
) -> BreakEven:
    """Return where own servers are cheaper than an API, over volume and over the draws.

    At each volume own servers are the cheapest of the plans. In each draw the first crossing is
    solved exactly on each plan's staircase and the lowest taken.

    Args:
        plans: Plans in all scenarios, those that are cheapest at some volume.
        line: The API's cost over volume.
        own: The own-server option.
        api: The API option.
        rule: The rule of thumb, for comparison only.
    """
    crossing_by_draw = _first_crossings(plans, line)
    cheaper = union([one for plan in plans for one in _intervals(plan, line)])
    crossings = _crossings(cheaper)
    crossed = crossing_by_draw[~np.isnan(crossing_by_draw)]
    share = len(crossed) / len(crossing_by_draw)
    spread = percentiles(crossed) if len(crossed) else None
    found = Found(
        spread=spread,
        share_of_draws=share,
        lost_again=any(not one.own_servers_cheaper_above for one in crossings),
        highest=HIGHEST_TOKENS_PER_DAY,
        lowest=LOWEST_TOKENS_PER_DAY,
    )
    return BreakEven(
        self_hosted_option=own.id,
        api_option=api.id,
        same_weights=own.model == api.model,
        curve=_curve(plans, line),
        crossings=crossings[:MOST_CROSSINGS],
        crossings_left_out=max(0, len(crossings) - MOST_CROSSINGS),
        first_crossing=spread,
        share_of_draws_that_cross=share,
        highest_volume_considered=HIGHEST_TOKENS_PER_DAY,
        self_hosted_title=own.title,
        api_title=api.title,
        api_lane=api.lane,
        finding=finding_of(found, rule, own=f'"{own.title}"', api=f'"{api.title}"'),
    )


def no_break_even(own: Option, api: Option, because: str) -> BreakEven:
    """Return the result for a pair of which one side has no cost, with the reason."""
    return BreakEven(
        self_hosted_option=own.id,
        api_option=api.id,
        same_weights=own.model == api.model,
        curve=(),
        crossings=(),
        crossings_left_out=0,
        first_crossing=None,
        share_of_draws_that_cross=0.0,
        highest_volume_considered=HIGHEST_TOKENS_PER_DAY,
        self_hosted_title=own.title,
        api_title=api.title,
        api_lane=api.lane,
        finding=f"No break-even can be computed: {because}.",
    )


def _first_crossings(plans: Sequence[Plan], line: Line) -> Samples:
    """Return the lowest first crossing of any plan, by draw; NaN where none crosses."""
    solved = np.stack(
        [
            first_crossing(
                plan.stairs, line, low=LOWEST_TOKENS_PER_DAY, high=HIGHEST_TOKENS_PER_DAY
            )
            for plan in plans
        ]
    )
    lowest: Samples = np.where(np.isnan(solved), np.inf, solved).min(axis=0)[1:]
    return np.where(np.isinf(lowest), np.nan, lowest)


def _intervals(plan: Plan, line: Line) -> tuple[Interval, ...]:
    return cheaper_intervals(
        plan.stairs, line, low=LOWEST_TOKENS_PER_DAY, high=HIGHEST_TOKENS_PER_DAY
    )


def _crossings(cheaper: Sequence[Interval]) -> tuple[Crossing, ...]:
    """Return both ends of each interval within the range; its own ends are no crossing."""
    found = []
    for begin, end in cheaper:
        found.append(Crossing(tokens_per_day=begin, own_servers_cheaper_above=True))
        if end < HIGHEST_TOKENS_PER_DAY:
            found.append(Crossing(tokens_per_day=end, own_servers_cheaper_above=False))
    return tuple(found)


def _curve(plans: Sequence[Plan], line: Line) -> tuple[CurvePoint, ...]:
    points = []
    grid = volume_grid()
    for volume, plan in zip(grid, cheapest_at(plans, grid), strict=True):
        one = np.array([volume])
        points.append(
            CurvePoint(
                tokens_per_day=float(volume),
                api_usd_per_month=percentiles(line.usd(one)[1:]),
                self_hosted_usd_per_month=percentiles(plan.stairs.usd(one)[1:]),
                replicas=int(plan.stairs.scenario(0).replicas_for_peak(one)[0]) + plan.stairs.spare,
                gpu_title=plan.sized.replica.gpu.title,
            )
        )
    return tuple(points)
