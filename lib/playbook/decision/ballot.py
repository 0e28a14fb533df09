"""A ballot: the open options with their values, and where a change of one input moves the lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from playbook.decision.criteria import CRITERIA, Anchor
from playbook.decision.measures import Streams
from playbook.decision.situation import Candidate, Situation
from playbook.decision.value import Standing, ValueTable
from playbook.uncertainty import Samples
from playbook.vocabulary import Lane

BISECTIONS = 40
Winner = Callable[[float], int]
Scope = Literal["lane", "option"]
"""Whether a change counts only when the lane of the lead changes, or any option."""


@dataclass(frozen=True)
class Ballot:
    """The open options with their order, and what it was made from."""

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
    def everyone(self) -> tuple[Candidate, ...]:
        """Return the open options and behind them those that only the deadline closes."""
        return (*self.table.candidates, *self.late.candidates)

    @property
    def weight_row(self) -> Samples:
        """Return the weights in the order of the criteria."""
        return np.array([self.weights[name] for name in CRITERIA])

    def label(self, row: int, scope: Scope) -> Lane | int:
        """Return what must change for a change to count: the row's lane or the row."""
        return row if scope == "option" or row < 0 else self.everyone[row].lane

    def rival(self, scope: Scope) -> int | None:
        """Return the best row that would count as a change."""
        now = self.label(self.leader, scope)
        return next((row for row in self.order if self.label(row, scope) != now), None)


def first_change(
    winner: Winner, grid: Sequence[float], label: Callable[[int], object]
) -> tuple[float, int] | None:
    """Return where the winner's label first differs from that at `grid[0]`, and who wins there.

    The grid is scanned outward and the step with the change is bisected.

    Example:
        >>> at, row = first_change(lambda x: int(x > 2.5), [0.0, 1.0, 2.0, 3.0], lambda row: row)
        >>> round(at, 6), row
        (2.5, 1)
    """
    now, inside = label(winner(grid[0])), grid[0]
    for step in grid[1:]:
        if label(winner(step)) != now:
            outside = step
            for _ in range(BISECTIONS):
                middle = (inside + outside) / 2
                if label(winner(middle)) == now:
                    inside = middle
                else:
                    outside = middle
            return outside, winner(outside)
        inside = step
    return None


def first_place(totals: Samples, order: Sequence[int]) -> int:
    """Return the row with the highest total; equal ones keep today's order."""
    ordered = np.asarray(order)
    return int(ordered[np.argmax(np.round(totals[ordered], 12))])
