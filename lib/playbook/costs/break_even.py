"""Where own servers get cheaper than an API: solved on the staircase of replicas, per draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playbook.catalog import Option
from playbook.costs.finding import Found, Rule, finding_of
from playbook.costs.intervals import Interval, union
from playbook.costs.records import BreakEven, Crossing, CurvePoint
from playbook.costs.self_hosted import Plan, cheapest_at
from playbook.costs.staircase import Line, Staircase, cheaper_intervals, first_crossing
from playbook.costs.verdict import AtVolume, at_volume
from playbook.uncertainty import Percentiles, Samples, percentiles, percentiles_of_rows

LOWEST_TOKENS_PER_DAY = 1e4
HIGHEST_TOKENS_PER_DAY = 1e11
POINTS = 43  # six to a decade, both ends included
MOST_CROSSINGS = 24


def volume_grid() -> Samples:
    """Return the volumes of a curve in tokens/day, evenly spaced on a log scale."""
    low, high = np.log10([LOWEST_TOKENS_PER_DAY, HIGHEST_TOKENS_PER_DAY])
    return np.logspace(low, high, POINTS)


def frontier_of(plans: Sequence[Plan], *, also: Samples) -> tuple[Plan, ...]:
    """Return the plans that are the cheapest at some volume of the grid, likely figures.

    Small GPUs win at a small volume, large ones at a large one; the choice is part of the curve.

    Args:
        plans: All plans.
        also: Further volumes to look at, tokens/day.
    """
    return tuple(dict.fromkeys(cheapest_at(plans, np.concatenate([volume_grid(), also]))))


@dataclass(frozen=True)
class Team:
    """What of the team a pair is judged by."""

    volume: Samples
    """Its tokens/day, in every scenario."""
    rule: Rule
    """The rule of thumb, for comparison only."""
    inputs: Mapping[str, Samples]
    """Samples of the inputs, to name the one that would settle a close call."""


def break_even(
    plans: Sequence[Plan], line: Line, *, own: Option, api: Option, team: Team
) -> BreakEven:
    """Return where own servers are cheaper than an API, over volume and over the draws.

    At each volume own servers are the cheapest of the plans. In each draw the first crossing is
    solved exactly on each plan's staircase and the lowest taken.

    Args:
        plans: Plans in all scenarios, those that are cheapest at some volume.
        line: The API's cost over volume.
        own: The own-server option.
        api: The API option.
        team: Its volume, and what it is compared with.
    """
    crossings = _crossings(_cheaper(plans, line))
    found = crossing_of(plans, line)
    here = _at_own_volume(plans, line, team, found.share_of_draws)
    sentences = finding_of(found, team.rule, own=f'"{own.title}"', api=f'"{api.title}"')
    return BreakEven(
        self_hosted_option=own.id,
        api_option=api.id,
        same_weights=own.model == api.model,
        curve=_curve(plans, line),
        crossings=crossings[:MOST_CROSSINGS],
        crossings_left_out=max(0, len(crossings) - MOST_CROSSINGS),
        first_crossing=found.spread,
        share_of_draws_that_cross=found.share_of_draws,
        highest_volume_considered=HIGHEST_TOKENS_PER_DAY,
        self_hosted_title=own.title,
        api_title=api.title,
        api_lane=api.lane,
        finding=f"{sentences} {here.words()}",
        tokens_per_day=here.tokens_per_day,
        verdict=here.side,
        share_of_draws_own_cheaper=here.share_own_cheaper,
        never_above_tokens_per_day=found.never_above,
        settle_by=here.settle_by,
        rule_api_below=team.rule.api_below,
        rule_open_weights_above=team.rule.open_weights_above,
    )


def crossing_of(plans: Sequence[Plan], line: Line) -> Found:
    """Return where own servers get cheaper than an API: first over the draws, last of the likely.

    Args:
        plans: Plans in all scenarios, those that are cheapest at some volume.
        line: The API's cost over volume.
    """
    crossing_by_draw, cheaper = _first_crossings(plans, line), _cheaper(plans, line)
    crossed = crossing_by_draw[~np.isnan(crossing_by_draw)]
    ends = cheaper[-1][1] if cheaper else HIGHEST_TOKENS_PER_DAY
    return Found(
        spread=percentiles(crossed) if len(crossed) else None,
        share_of_draws=len(crossed) / len(crossing_by_draw),
        lost_again=any(end < HIGHEST_TOKENS_PER_DAY for _, end in cheaper),
        highest=HIGHEST_TOKENS_PER_DAY,
        lowest=LOWEST_TOKENS_PER_DAY,
        never_above=ends if ends < HIGHEST_TOKENS_PER_DAY else None,
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


def _at_own_volume(plans: Sequence[Plan], line: Line, team: Team, share: float) -> AtVolume:
    plan = cheapest_at(plans, team.volume[:1])[0]
    return at_volume(
        team.volume,
        plan.stairs.usd(team.volume),
        line.usd(team.volume),
        share_that_cross=share,
        inputs=team.inputs,
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


def _cheaper(plans: Sequence[Plan], line: Line) -> tuple[Interval, ...]:
    """Return the volumes at which any plan is cheaper, likely inputs, ascending."""
    low, high = LOWEST_TOKENS_PER_DAY, HIGHEST_TOKENS_PER_DAY
    found = [cheaper_intervals(plan.stairs, line, low=low, high=high) for plan in plans]
    return union([interval for intervals in found for interval in intervals])


def _crossings(cheaper: Sequence[Interval]) -> tuple[Crossing, ...]:
    """Return both ends of each interval within the range; its own ends are no crossing."""
    found = []
    for begin, end in cheaper:
        found.append(Crossing(tokens_per_day=begin, own_servers_cheaper_above=True))
        if end < HIGHEST_TOKENS_PER_DAY:
            found.append(Crossing(tokens_per_day=end, own_servers_cheaper_above=False))
    return tuple(found)


def _curve(plans: Sequence[Plan], line: Line) -> tuple[CurvePoint, ...]:
    grid = volume_grid()
    chosen = cheapest_at(plans, grid)
    api = percentiles_of_rows(line.usd(grid[:, None])[:, 1:])
    own = costs_over_volume([plan.stairs for plan in chosen], grid)
    return tuple(
        CurvePoint(
            tokens_per_day=float(volume),
            api_usd_per_month=at_api,
            self_hosted_usd_per_month=at_own,
            replicas=_replicas(plan, volume),
            gpu_title=plan.sized.replica.gpu.title,
        )
        for volume, plan, at_api, at_own in zip(grid, chosen, api, own, strict=True)
    )


def costs_over_volume(
    chosen: Sequence[Line | Staircase], volumes: Samples
) -> tuple[Percentiles, ...]:
    """Return the cost at each volume of the option chosen there, over the draws."""
    rows = [
        np.broadcast_to(one.usd(volumes[index : index + 1]), _shape(one))[1:]
        for index, one in enumerate(chosen)
    ]
    return percentiles_of_rows(np.stack(rows))


def _shape(one: Line | Staircase) -> tuple[int, ...]:
    return np.shape(one.fixed_usd)


def _replicas(plan: Plan, volume: float) -> int:
    peak = plan.stairs.scenario(0).replicas_for_peak(np.array([volume]))
    return int(peak[0]) + plan.stairs.spare
