"""Switching values: the smallest single change that puts another option first.

Each is found by scanning outward from today's value and bisecting where the lead first changes, on
the same value function that made the ranking; what never changes the lead in range is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playbook.costs.records import BreakEven
from playbook.decision.criteria import CRITERIA, Anchor
from playbook.decision.gates import LEAD_TIME_QUANTILE, quantile
from playbook.decision.measures import (
    Streams,
    draw_lead_weeks,
    draw_pass_rate,
    failure_cost,
)
from playbook.decision.records import Flip
from playbook.decision.situation import Candidate, Situation
from playbook.decision.value import Standing, ValueTable
from playbook.decision.wording import percent, tokens_a_day, usd
from playbook.uncertainty import Samples

COST, QUALITY, TIME = (CRITERIA.index(name) for name in ("cost", "quality", "time_to_production"))
BISECTIONS = 40
SHORTEST_DEADLINE_WEEKS = 0.5
Winner = Callable[[float], int]


@dataclass(frozen=True)
class Ballot:
    """The means that decide the lead, and what they were made from."""

    situation: Situation
    anchors: Mapping[str, Anchor]
    weights: Mapping[str, float]
    table: ValueTable
    """Feasible options."""
    late: ValueTable
    """Options that only the deadline closes."""
    standing: Standing
    streams: Streams

    @property
    def order(self) -> tuple[int, ...]:
        """Return the rows, best first."""
        return self.standing.order

    @property
    def leader(self) -> int:
        """Return the leading row."""
        return self.order[0]

    @property
    def row_of_weights(self) -> Samples:
        """Return the weights in the order of the criteria."""
        return np.array([self.weights[name] for name in CRITERIA])


def find_flips(ballot: Ballot) -> tuple[Flip, ...]:
    """Return every single change that would put another option first."""
    found: list[Flip | None] = [_deadline_flip(ballot)]
    if len(ballot.order) > 1:
        found = [
            *_volume_flips(ballot),
            _pass_rate_flip(ballot, ballot.leader, upwards=False),
            _pass_rate_flip(ballot, ballot.order[1], upwards=True),
            _cost_flip(ballot, ballot.leader, upwards=True),
            _cost_flip(ballot, ballot.order[1], upwards=False),
            *found,
            *(_weight_flip(ballot, name) for name in CRITERIA),
        ]
    return tuple(flip for flip in found if flip is not None)


def first_change(winner: Winner, grid: Sequence[float]) -> tuple[float, int] | None:
    """Return where the winner first differs from that at `grid[0]`, and who wins there.

    Example:
        >>> at, row = first_change(lambda x: int(x > 2.5), [0.0, 1.0, 2.0, 3.0])
        >>> round(at, 6), row
        (2.5, 1)
    """
    leader, inside = winner(grid[0]), grid[0]
    for outside in grid[1:]:
        if winner(outside) != leader:
            for _ in range(BISECTIONS):
                middle = (inside + outside) / 2
                if winner(middle) == leader:
                    inside = middle
                else:
                    outside = middle  # noqa: PLW2901  the bracket shrinks around the change
            return outside, winner(outside)
        inside = outside
    return None


def _first(totals: Samples, order: Sequence[int]) -> int:
    """Return the row with the highest total; equal ones keep today's order."""
    ordered = np.asarray(order)
    return int(ordered[np.argmax(np.round(totals[ordered], 12))])


def _flip(ballot: Ballot, what: str, change: tuple[str, str], row: int) -> Flip:
    now, at = change
    return Flip(what=what, now=now, at=at, to_option=ballot.table.candidates[row].id)


def _weight_flip(ballot: Ballot, name: str) -> Flip | None:
    column, means = CRITERIA.index(name), ballot.table.means()
    now = ballot.weights[name]
    others = ballot.row_of_weights.copy()
    others[column] = 0
    if others.sum() <= 0:
        return None
    others /= others.sum()

    def winner(weight: float) -> int:
        row = others * (1 - weight)
        row[column] = weight
        return _first(means @ row, ballot.order)

    found = [
        change for end in (0.0, 1.0)
        if (change := first_change(winner, list(np.linspace(now, end, 25)))) is not None
    ]  # fmt: skip
    if not found:
        return None
    at, row = min(found, key=lambda change: abs(change[0] - now))
    shares = f"{percent(now)} of all weights", f"{percent(at)} of all weights"
    return _flip(ballot, f"weight of {name.replace('_', ' ')}", shares, row)


def _row_value(ballot: Ballot, row: int, *, factor: float = 1, rate: float | None = None) -> float:
    """Return a row's mean weighted value with its cost scaled or its pass rate fixed."""
    candidate, anchors = ballot.table.candidates[row], ballot.anchors
    means = ballot.table.values[row].mean(axis=1)
    passing = draw_pass_rate(candidate, ballot.streams)
    if rate is not None:
        passing = np.full_like(passing, rate)
        means[QUALITY] = anchors["quality"].value(passing).mean()
    cost = _running_cost(candidate) * factor + failure_cost(passing, ballot.situation.profile)
    means[COST] = anchors["cost"].value(cost).mean()
    return float(means @ ballot.row_of_weights)


def _running_cost(candidate: Candidate) -> Samples:
    return np.asarray(candidate.cost.draws_usd_per_month if candidate.cost else (), dtype=float)


def _winner_with(ballot: Ballot, row: int, value_at: Callable[[float], float]) -> Winner:
    totals = ballot.table.means() @ ballot.row_of_weights

    def winner(amount: float) -> int:
        changed = totals.copy()
        changed[row] = value_at(amount)
        return _first(changed, ballot.order)

    return winner


def _pass_rate_flip(ballot: Ballot, row: int, *, upwards: bool) -> Flip | None:
    candidate, measured = ballot.table.candidates[row], ballot.table.candidates[row].pass_rate
    start = measured.value if measured else (0.0 if upwards else 1.0)
    winner = _winner_with(ballot, row, lambda rate: _row_value(ballot, row, rate=rate))
    if winner(start) != ballot.leader:
        return None
    change = first_change(winner, list(np.linspace(start, 1.0 if upwards else 0.0, 41)))
    if change is None:
        return None
    now = percent(measured.value) if measured else "untested"
    at = f"{'at least' if upwards else 'under'} {percent(change[0])}"
    return _flip(ballot, f"pass rate of {candidate.option.title}", (now, at), change[1])


def _cost_flip(ballot: Ballot, row: int, *, upwards: bool) -> Flip | None:
    candidate = ballot.table.candidates[row]
    cost = candidate.cost
    if cost is None or cost.usd_per_month is None:
        return None
    machines = cost.components.get("machines")
    part = machines.p50 / cost.usd_per_month.p50 if machines and cost.usd_per_month.p50 else 1.0
    plan = cost.deployment if machines else None
    price = plan.usd_per_gpu_hour if plan else cost.usd_per_month.p50
    share = part if plan else 1.0

    def value_at(factor: float) -> float:
        return _row_value(ballot, row, factor=1 + share * (factor - 1))

    grid = list(np.geomspace(1, 20 if upwards else 0.05, 31))
    change = first_change(_winner_with(ballot, row, value_at), grid)
    if change is None:
        return None
    what, unit = (
        (f"price of {plan.gpu_title} for {candidate.option.title}", "a GPU-hour")
        if plan else (f"cost of {candidate.option.title}", "a month (P50)")
    )  # fmt: skip
    amounts = f"{usd(price)} {unit}", f"{usd(price * change[0])} {unit}"
    return _flip(ballot, what, amounts, change[1])


def _deadline_flip(ballot: Ballot) -> Flip | None:
    """Return the nearest deadline that changes the lead, by the gate and by the anchor."""
    everyone = (*ballot.table.candidates, *ballot.late.candidates)
    means = np.concatenate([ballot.table.means(), ballot.late.means()])
    times = ballot.situation.profile.infrastructure.lead_times
    drawn = {
        lane: draw_lead_weeks(lane, ballot.situation, ballot.streams)
        for lane in {one.lane for one in everyone}
    }
    ready = {lane: quantile(times.of(lane), LEAD_TIME_QUANTILE) for lane in drawn}
    order = [*ballot.order, *range(len(ballot.order), len(everyone))]
    rest = np.delete(ballot.row_of_weights, TIME) @ np.delete(means, TIME, axis=1).T

    def winner(weeks: float) -> int:
        anchor = Anchor(weeks, min(ballot.anchors["time_to_production"].best, weeks / 2), "", "")
        by_lane = {lane: float(anchor.value(draws).mean()) for lane, draws in drawn.items()}
        totals = np.array([
            rest[row] + ballot.row_of_weights[TIME] * by_lane[one.lane]
            if ready[one.lane] <= weeks else -np.inf
            for row, one in enumerate(everyone)
        ])  # fmt: skip
        return _first(totals, order) if np.isfinite(totals).any() else -1

    now = ballot.situation.profile.infrastructure.deadline_weeks
    ends = min(SHORTEST_DEADLINE_WEEKS, now), max(2 * now, 1.05 * max(ready.values()))
    found = [first_change(winner, list(np.linspace(now, end, 41))) for end in ends]
    changes = [change for change in found if change is not None and change[1] >= 0]
    if not changes:
        return None
    at, row = min(changes, key=lambda change: abs(change[0] - now))
    return Flip(
        what="deadline", now=f"{now:g} weeks", at=f"{at:.1f} weeks", to_option=everyone[row].id
    )


def _volume_flips(ballot: Ballot) -> list[Flip]:
    """Return, for break-even pairs with the leader in them, the volume at which the other leads.

    Only the pair is compared: the other options' costs at that volume are not computed here.
    """
    if ballot.situation.profile.weights.usd_per_failure > 0:
        return []
    rows = {one.id: row for row, one in enumerate(ballot.table.candidates)}
    flips = []
    for pair in ballot.situation.costs.break_evens:
        ends = rows.get(pair.self_hosted_option), rows.get(pair.api_option)
        own, api = ends
        if own is None or api is None or ballot.leader not in ends:
            continue
        change = _pair_change(ballot, pair, (own, api))
        if change is not None:
            other = api if own == ballot.leader else own
            title = ballot.table.candidates[other].option.title
            now = tokens_a_day(ballot.situation.costs.tokens_per_day.p50)
            what = f"volume, the leading plan against {title} alone"
            flips.append(_flip(ballot, what, (now, tokens_a_day(change)), other))
    return flips


def _pair_change(ballot: Ballot, pair: BreakEven, rows: tuple[int, int]) -> float | None:
    weights, means = ballot.row_of_weights, ballot.table.means()
    rest = [float(np.delete(weights, COST) @ np.delete(means[row], COST)) for row in rows]
    volumes = [point.tokens_per_day for point in pair.curve]
    costs = (
        [point.self_hosted_usd_per_month.p50 for point in pair.curve],
        [point.api_usd_per_month.p50 for point in pair.curve],
    )

    def winner(volume: float) -> int:
        value = [
            rest[side] + weights[COST] * float(
                ballot.anchors["cost"].value(np.array([np.interp(volume, volumes, costs[side])]))[0]
            )
            for side in (0, 1)
        ]  # fmt: skip
        return rows[0] if value[0] >= value[1] else rows[1]

    now = ballot.situation.costs.tokens_per_day.p50
    if not volumes or winner(now) != ballot.leader:
        return None
    above = [now, *(volume for volume in volumes if volume > now)]
    below = [now, *(volume for volume in reversed(volumes) if volume < now)]
    found = [change[0] for grid in (above, below) if (change := first_change(winner, grid))]
    return min(found, key=lambda volume: abs(np.log(volume / now)), default=None)
