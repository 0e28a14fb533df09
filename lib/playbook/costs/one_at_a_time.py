"""Scenarios in which one input after the other moves alone, for a tornado."""

from __future__ import annotations

import numpy as np

from playbook.costs.records import CostInput
from playbook.costs.scenarios import Scenarios, Shape
from playbook.uncertainty import Samples

LOW, HIGH = 10, 90


class OneAtATime(Scenarios):
    """Each input that has a spread, at its 10th and at its 90th percentile, others at their likely.

    Element 0 is the likely case, as in `Scenarios`; then two for each input. Whatever is computed
    from these samples gives a whole tornado in one go.
    """

    def __init__(self, drawn: Scenarios) -> None:
        self.profile = drawn.profile
        self.catalog = drawn.catalog
        self.seed = drawn.seed
        self.used = {}
        self._samples = {}
        self.ends: dict[str, tuple[float, float]] = {}
        """Low and high value of each input that moves."""
        for name in drawn.used:
            low, high = np.percentile(drawn.samples(name)[1:], [LOW, HIGH])
            if low < high:
                self.ends[name] = (float(low), float(high))
        self.draws = max(2 * len(self.ends), 1)
        self.places: dict[str, tuple[int, int]] = {
            name: (1 + 2 * index, 2 + 2 * index) for index, name in enumerate(self.ends)
        }
        """Elements in which it does so, low and high."""
        self.used |= drawn.used

    def _of(self, row: CostInput, *, shape: Shape = "triangular") -> Samples:  # noqa: ARG002  of draws
        if row.name not in self._samples:
            values = np.full(1 + self.draws, row.value.likely)
            if row.name in self.places:
                values[list(self.places[row.name])] = self.ends[row.name]
            self._samples[row.name] = values
        return self._samples[row.name]
