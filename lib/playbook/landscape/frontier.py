"""The frontier of a group of models: the best score so far, by release date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from playbook.landscape.gap_records import FrontierPoint
from playbook.uncertainty import Samples
from playbook.units import DAYS_PER_MONTH

LEFT_OUT = -np.inf
"""Score of a model that a resample leaves out: it never raises a frontier."""


class Placed(Protocol):
    """A model with a release date and a place on some scale."""

    @property
    def model(self) -> str:
        """Name."""

    @property
    def released(self) -> date:
        """Release date."""

    @property
    def open_weights(self) -> bool:
        """Whether its weights can be downloaded."""


@dataclass(frozen=True)
class Group:
    """Models in order of release, and their scores in several resamples (one row each)."""

    released: tuple[date, ...]
    scores: Samples

    @property
    def months(self) -> Samples:
        """Return release dates in months of 365.25/12 days since year 0; shape `(models,)`."""
        return np.array([day.toordinal() for day in self.released]) / DAYS_PER_MONTH

    @property
    def years(self) -> NDArray[np.int64]:
        """Return the calendar year of each release; shape `(models,)`."""
        return np.array([day.year for day in self.released], dtype=np.int64)

    @property
    def running_best(self) -> Samples:
        """Return the best score up to and with each release; shape `(rows, models)`."""
        return np.maximum.accumulate(self.scores, axis=1)

    def first_day_best(self) -> Samples:
        """Return the best score on the first release day of each row; shape `(rows,)`.

        A row without any model gives `LEFT_OUT`.
        """
        months = np.where(np.isfinite(self.scores), self.months, np.inf)
        on_first_day = months <= months.min(axis=1, keepdims=True)
        best: Samples = np.where(on_first_day, self.scores, LEFT_OUT).max(axis=1)
        return best

    def arrivals(self, levels: Samples) -> NDArray[np.int64]:
        """Return the place in release order of the first model at or above each level.

        Args:
            levels: Scores, shape `(rows, levels)`.

        Returns:
            Shape `(rows, levels)`; the number of models where no model reaches a level.
        """
        rows = zip(self.running_best, levels, strict=True)
        return np.array([best.searchsorted(wanted) for best, wanted in rows])

    def best_by(self, month: float) -> Samples:
        """Return the best score released by a month, for each row; `LEFT_OUT` if none."""
        known = int(np.searchsorted(self.months, month, side="right"))
        if not known:
            return np.full(len(self.scores), LEFT_OUT)
        best: Samples = self.running_best[:, known - 1]
        return best


def grouped(models: Iterable[Placed], scores: Samples, *, open_weights: bool) -> Group:
    """Return the open or the closed models in order of release.

    Args:
        models: All models.
        scores: Their scores, shape `(rows, models)`.
        open_weights: Which group.
    """
    chosen = [
        (one.released, place) for place, one in enumerate(models)
        if one.open_weights == open_weights
    ]  # fmt: skip
    chosen.sort()
    released = tuple(day for day, _ in chosen)
    return Group(released=released, scores=scores[:, [place for _, place in chosen]])


def frontier_points(models: Iterable[Placed], scores: Samples) -> tuple[FrontierPoint, ...]:
    """Return the models that raised the best score on their release, oldest first.

    Of several on one day only the best counts.

    Args:
        models: Models of one group.
        scores: Their scores, shape `(models,)`.
    """
    best = LEFT_OUT
    points: list[FrontierPoint] = []
    ranked = sorted(zip(models, scores.tolist(), strict=True), key=lambda p: (p[0].released, -p[1]))
    for one, score in ranked:
        if score > best:
            points.append(FrontierPoint(released=one.released, model=one.model, score=score))
            best = score
    return tuple(points)
