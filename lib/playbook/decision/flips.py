"""Switching values: the smallest single change that puts another option first.

Each is found by scanning outward from today's value and bisecting where the lead first changes, on
the same value function that made the ranking; what never changes the lead in range is left out.
Changes of lane come first: which of two similar models leads a lane matters less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from playbook.decision.ballot import Ballot, Scope, Winner, first_change, first_place
from playbook.decision.criteria import CRITERIA, Anchor
from playbook.decision.gates import LEAD_TIME_QUANTILE, quantile
from playbook.decision.measures import draw_lead_weeks, draw_pass_rate, failure_cost
from playbook.decision.records import Flip
from playbook.decision.situation import Candidate
from playbook.decision.volume import volume_flips
from playbook.decision.wording import percent, usd
from playbook.uncertainty import Samples

COST, QUALITY, TIME = (CRITERIA.index(name) for name in ("cost", "quality", "time_to_production"))
SHORTEST_DEADLINE_WEEKS = 0.5
Change = tuple[float, int]


def find_flips(ballot: Ballot) -> tuple[Flip, ...]:
    """Return every single change that would put another option first, changes of lane first."""
    scopes: tuple[Scope, ...] = ("lane", "option")
    found = [*volume_flips(ballot)]
    for scope in scopes:
        found.extend(flip for flip in _flips(ballot, scope) if flip is not None)
    return tuple(flip for place, flip in enumerate(found) if flip not in found[:place])


def _flips(ballot: Ballot, scope: Scope) -> Iterator[Flip | None]:
    yield _deadline_flip(ballot, scope)
    rival = ballot.rival(scope)
    if rival is None:
        return
    yield _pass_rate_flip(ballot, ballot.leader, scope, upwards=False)
    yield _pass_rate_flip(ballot, rival, scope, upwards=True)
    yield _cost_flip(ballot, ballot.leader, scope, upwards=True)
    yield _cost_flip(ballot, rival, scope, upwards=False)
    yield from (_weight_flip(ballot, name, scope) for name in CRITERIA)


def _nearest(ballot: Ballot, winner: Winner, scope: Scope, *grids: Samples) -> Change | None:
    """Return the change nearest to where the grids start."""
    found = [
        first_change(winner, [float(step) for step in grid], lambda row: ballot.label(row, scope))
        for grid in grids
    ]
    changes = [change for change in found if change is not None and change[1] >= 0]
    return min(changes, key=lambda change: abs(change[0] - float(grids[0][0])), default=None)


def _flip(ballot: Ballot, what: str, change: tuple[str, str], row: int) -> Flip:
    now, at = change
    return Flip(what=what, now=now, at=at, to_option=ballot.table.candidates[row].id)


def _weight_flip(ballot: Ballot, name: str, scope: Scope) -> Flip | None:
    column, means = CRITERIA.index(name), ballot.table.means()
    now = ballot.weights[name]
    others = ballot.weight_row.copy()
    others[column] = 0
    if others.sum() <= 0:
        return None
    others /= others.sum()

    def winner(weight: float) -> int:
        row = others * (1 - weight)
        row[column] = weight
        return first_place(means @ row, ballot.order)

    ends = (np.linspace(now, end, 25) for end in (0.0, 1.0))
    change = _nearest(ballot, winner, scope, *ends)
    if change is None:
        return None
    at, row = change
    shares = f"{percent(now)} of all weights", f"{percent(at)} of all weights"
    return _flip(ballot, f"weight of {name.replace('_', ' ')}", shares, row)


def _row_value(ballot: Ballot, row: int, *, factor: float = 1, rate: float | None = None) -> float:
    """Return a row's mean weighted value with its cost scaled or its pass rate fixed."""
    candidate, anchors = ballot.table.candidates[row], ballot.anchors
    means = ballot.table.values[row].mean(axis=1)
    passing = np.zeros(ballot.streams.draws)
    if rate is not None:
        passing = np.full_like(passing, rate)
        means[QUALITY] = anchors["quality"].value(passing).mean()
    elif ballot.situation.profile.weights.usd_per_failure > 0:
        passing = draw_pass_rate(candidate, ballot.streams)
    cost = _running_cost(candidate) * factor + failure_cost(passing, ballot.situation.profile)
    means[COST] = anchors["cost"].value(cost).mean()
    return float(means @ ballot.weight_row)


def _running_cost(candidate: Candidate) -> Samples:
    return np.asarray(candidate.cost.draws_usd_per_month if candidate.cost else (), dtype=float)


def _winner_with(ballot: Ballot, row: int, value_at: Callable[[float], float]) -> Winner:
    totals = ballot.table.means() @ ballot.weight_row

    def winner(amount: float) -> int:
        changed = totals.copy()
        changed[row] = value_at(amount)
        return first_place(changed, ballot.order)

    return winner


def _pass_rate_flip(ballot: Ballot, row: int, scope: Scope, *, upwards: bool) -> Flip | None:
    candidate, measured = ballot.table.candidates[row], ballot.table.candidates[row].pass_rate
    start = measured.value if measured else (0.0 if upwards else 1.0)
    winner = _winner_with(ballot, row, lambda rate: _row_value(ballot, row, rate=rate))
    if winner(start) != ballot.leader:
        return None
    grid = np.linspace(start, 1.0 if upwards else 0.0, 41)
    change = _nearest(ballot, winner, scope, grid)
    if change is None:
        return None
    now = percent(measured.value) if measured else "untested"
    at = f"{'at least' if upwards else 'under'} {percent(change[0])}"
    return _flip(ballot, f"pass rate of {candidate.option.title}", (now, at), change[1])


def _cost_flip(ballot: Ballot, row: int, scope: Scope, *, upwards: bool) -> Flip | None:
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

    grid = np.geomspace(1, 20 if upwards else 0.05, 31)
    change = _nearest(ballot, _winner_with(ballot, row, value_at), scope, grid)
    if change is None:
        return None
    what, unit = (
        (f"price of {plan.gpu_title} for {candidate.option.title}", "a GPU-hour")
        if plan else (f"cost of {candidate.option.title}", "a month (P50)")
    )  # fmt: skip
    now, at = usd(price), usd(price * change[0])
    if now == at:
        at = f"just {'above' if upwards else 'below'} {at}"
    return _flip(ballot, what, (f"{now} {unit}", f"{at} {unit}"), change[1])


def _deadline_flip(ballot: Ballot, scope: Scope) -> Flip | None:
    """Return the nearest deadline that changes the lead, by the gate and by the anchor."""
    everyone = ballot.everyone
    means = np.concatenate([ballot.table.means(), ballot.late.means()])
    times = ballot.situation.profile.infrastructure.lead_times
    drawn = {
        lane: draw_lead_weeks(lane, ballot.situation, ballot.streams)
        for lane in {one.lane for one in everyone}
    }
    ready = {lane: quantile(times.of(lane), LEAD_TIME_QUANTILE) for lane in drawn}
    order = [*ballot.order, *range(len(ballot.order), len(everyone))]
    rest = np.delete(ballot.weight_row, TIME) @ np.delete(means, TIME, axis=1).T

    lanes = list(drawn)
    lane_of = np.array([lanes.index(one.lane) for one in everyone])
    weight, best = ballot.weight_row[TIME], ballot.anchors["time_to_production"].best

    def winner(weeks: float) -> int:
        anchor = Anchor(weeks, min(best, weeks / 2), "", "")
        by_lane = [
            weight * float(anchor.value(drawn[lane]).mean()) if ready[lane] <= weeks else -np.inf
            for lane in lanes
        ]
        totals = rest + np.array(by_lane)[lane_of]
        return first_place(totals, order) if np.isfinite(totals).any() else -1

    now = ballot.situation.profile.infrastructure.deadline_weeks
    ends = min(SHORTEST_DEADLINE_WEEKS, now), max(2 * now, 1.05 * max(ready.values()))
    change = _nearest(ballot, winner, scope, *(np.linspace(now, end, 41) for end in ends))
    if change is None:
        return None
    at, row = change
    return Flip(
        what="deadline", now=f"{now:g} weeks", at=f"{at:.1f} weeks", to_option=everyone[row].id
    )
