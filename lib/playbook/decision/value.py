"""Additive value over joint draws: who leads, how surely, and what being wrong costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.decision.criteria import CRITERIA, Anchor
from playbook.decision.measures import Streams, draw_measures
from playbook.decision.situation import Candidate, Situation
from playbook.uncertainty import Samples

TIE = 1e-9
PARETO_EPSILON = 0.01


@dataclass(frozen=True)
class ValueTable:
    """Values of options on all criteria in joint draws; widgets weigh it again and again."""

    candidates: tuple[Candidate, ...]
    values: Samples
    """Shape `(options, criteria, draws)`, criteria in the order of `CRITERIA`."""

    def weighted(self, weights: Mapping[str, float]) -> Samples:
        """Return the weighted value, shape `(options, draws)`."""
        row = np.array([weights[name] for name in CRITERIA])
        return np.asarray(np.einsum("c,ocd->od", row, self.values))

    def means(self) -> Samples:
        """Return mean values, shape `(options, criteria)`."""
        return np.asarray(self.values.mean(axis=2))


@dataclass(frozen=True)
class Standing:
    """The order of the options under some weights."""

    order: tuple[int, ...]
    """Rows of the table, best mean value first."""
    totals: Samples
    """Weighted value, `(options, draws)`."""
    share_best: Samples
    """By row of the table: share of draws in which none is better; equal ones both count."""
    regret: float
    """Mean value lost by the leader against the best of each draw."""


def can_be_valued(candidate: Candidate, situation: Situation) -> bool:
    """Return whether the option has a cost in every joint draw."""
    cost = candidate.cost
    return cost is not None and cost.priced and cost.usd_per_month is not None and (
        len(cost.draws_usd_per_month) == situation.costs.draws
    )  # fmt: skip


def build_table(
    candidates: Sequence[Candidate],
    situation: Situation,
    *,
    anchors: Mapping[str, Anchor],
    streams: Streams,
) -> ValueTable:
    """Return the values of options that can be valued, by the anchors."""
    values = np.empty((len(candidates), len(CRITERIA), streams.draws))
    for row, candidate in enumerate(candidates):
        measures = draw_measures(candidate, situation, streams)
        for column, name in enumerate(CRITERIA):
            values[row, column] = anchors[name].value(measures[name])
    return ValueTable(candidates=tuple(candidates), values=values)


def stand(table: ValueTable, weights: Mapping[str, float]) -> Standing:
    """Return who leads by mean value, how often each is best, and the leader's mean regret.

    Equal means are ordered by median cost, then by id.
    """
    totals = table.weighted(weights)
    means = totals.mean(axis=1)
    order = tuple(
        sorted(
            range(len(means)), key=lambda row: (-round(float(means[row]), 12), *_tie(table, row))
        )
    )
    best = totals.max(axis=0)
    share_best = (totals >= best - TIE).mean(axis=1)
    regret = max(float((best - totals[order[0]]).mean()), 0.0)
    return Standing(order=order, totals=totals, share_best=share_best, regret=regret)


def share_best_by_lane(table: ValueTable, standing: Standing) -> dict[str, float]:
    """Return the share of draws in which an option of each lane is best."""
    best = standing.totals >= standing.totals.max(axis=0) - TIE
    lanes = [candidate.lane.value for candidate in table.candidates]
    return {
        lane: float(best[[one == lane for one in lanes]].any(axis=0).mean())
        for lane in dict.fromkeys(lanes)
    }


def pareto_front(means: Samples) -> NDArray[np.bool_]:
    """Return which options no other beats: as good everywhere, and better by 0.01 somewhere.

    Args:
        means: Mean values, shape `(options, criteria)`.
    """
    as_good = (means[:, None, :] >= means[None, :, :]).all(axis=2)
    better = (means[:, None, :] > means[None, :, :] + PARETO_EPSILON).any(axis=2)
    return np.asarray(~(as_good & better).any(axis=0))


def _tie(table: ValueTable, row: int) -> tuple[float, str]:
    candidate = table.candidates[row]
    cost = candidate.cost.usd_per_month if candidate.cost else None
    return (cost.p50 if cost else np.inf), candidate.id
