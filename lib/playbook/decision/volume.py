"""The volume at which the leading plan and its break-even partner change places."""

from __future__ import annotations

import numpy as np

from playbook.costs.records import BreakEven
from playbook.decision.ballot import Ballot, first_change
from playbook.decision.criteria import CRITERIA
from playbook.decision.records import Flip
from playbook.decision.wording import tokens_a_day

COST = CRITERIA.index("cost")


def volume_flips(ballot: Ballot) -> list[Flip]:
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
            to_option = ballot.table.candidates[other].id
            flips.append(Flip(what=what, now=now, at=tokens_a_day(change), to_option=to_option))
    return flips


def _pair_change(ballot: Ballot, pair: BreakEven, rows: tuple[int, int]) -> float | None:
    weights, means = ballot.weight_row, ballot.table.means()
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
    found = [
        change[0]
        for grid in (above, below)
        if (change := first_change(winner, grid, lambda row: row))
    ]
    return min(found, key=lambda volume: abs(np.log(volume / now)), default=None)
