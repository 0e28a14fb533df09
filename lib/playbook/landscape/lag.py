"""How many months later open weights reach a score that closed models had, with its spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.landscape.frontier import LEFT_OUT, Group, Placed, grouped
from playbook.landscape.gap_records import YearLag
from playbook.uncertainty import Samples
from playbook.units import DAYS_PER_MONTH

LEVELS = 200
"""Score levels, evenly spread over those that both groups reached."""
SHARE_DROPPED = 0.15
"""Models left out of each resample: a frontier rests on few models."""
LOW, HIGH = 5, 95
"""Percentiles of an interval."""
LEAST_SHARE = 0.5
"""An interval needs a value in at least this share of the resamples."""
LEAST_VALUES = 20
"""An interval needs as many values: of fewer, not one lies outside its 5% ends."""


@dataclass(frozen=True)
class Lags:
    """Lags and unmatched leads in months, one of each per resample; NaN where none matched."""

    months: Samples
    unmatched_lead_months: Samples
    share_of_first_open: Samples
    """Share of the matched levels that open weights had reached on their first day already."""
    _per_level: Samples
    _year_of_level: NDArray[np.int64]

    def in_year(self, year: int) -> Samples:
        """Return each resample's mean lag over the levels that open weights reached in a year."""
        there = self._year_of_level == year
        count = there.sum(axis=1)
        total = np.where(there, self._per_level, 0).sum(axis=1)
        return np.where(count, total / np.maximum(count, 1), np.nan)

    def years(self) -> tuple[int, ...]:
        """Return the years in which open weights reached a matched level, in any resample."""
        return tuple(sorted(int(year) for year in np.unique(self._year_of_level) if year))


def resampled(scores: Samples, noise: float, rng: np.random.Generator, rows: int) -> Samples:
    """Return scores with noise and with some models left out, one row per resample.

    Args:
        scores: Shape `(models,)`.
        noise: Standard deviation of a score between repeats, in its unit.
        rng: Source of randomness.
        rows: Number of resamples.

    Returns:
        Shape `(rows, models)`; models left out have `LEFT_OUT`.
    """
    noisy = scores + rng.normal(0, noise, (rows, len(scores)))
    order = rng.random((rows, len(scores))).argsort(axis=1)
    return np.where(order < round(SHARE_DROPPED * len(scores)), LEFT_OUT, noisy)


def lags(models: Sequence[Placed], scores: Samples) -> Lags:
    """Return the horizontal distance of the frontiers, averaged over levels that both reached.

    The lag at a level is the first open release at or above it less the first closed one. Levels
    start above the best score of the first day with a closed release, as nobody knows when closed
    models passed lower ones.
    Levels that only closed models have reached are not averaged in: the age of the oldest, on the
    day of the newest release on the board, is the unmatched lead so far, 0 if there is none.

    Args:
        models: The models on a board.
        scores: Their scores, shape `(rows, models)`, higher is better.
    """
    theirs = grouped(models, scores, open_weights=False)
    ours = grouped(models, scores, open_weights=True)
    lowest = theirs.first_day_best()
    highest = np.minimum(ours.scores.max(axis=1), theirs.scores.max(axis=1))
    matched = np.isfinite(lowest) & (highest > lowest)
    bottom, top = np.where(matched, lowest, 0.0), np.where(matched, highest, 1.0)
    steps = (np.arange(LEVELS) + 0.5) / LEVELS
    levels = bottom[:, None] + (top - bottom)[:, None] * steps
    at = np.where(matched[:, None], ours.arrivals(levels), 0)
    closed_at = np.where(matched[:, None], theirs.arrivals(levels), 0)
    per_level = np.where(matched[:, None], ours.months[at] - theirs.months[closed_at], np.nan)
    return Lags(
        months=per_level.mean(axis=1),
        unmatched_lead_months=_unmatched(ours, theirs),
        share_of_first_open=(levels <= ours.first_day_best()[:, None]).mean(axis=1),
        _per_level=per_level,
        _year_of_level=np.where(matched[:, None], ours.years[at], 0),
    )


def interval(values: Samples) -> tuple[float | None, float | None]:
    """Return the 5th and 95th percentile; None for both of few values, or most missing (NaN)."""
    known = values[np.isfinite(values)]
    if len(known) < LEAST_VALUES or not _mostly_known(values):
        return None, None
    low, high = np.percentile(known, [LOW, HIGH])
    return float(low), float(high)


def _mostly_known(values: Samples) -> bool:
    return int(np.isfinite(values).sum()) >= max(1, LEAST_SHARE * len(values))


def median(values: Samples) -> float | None:
    """Return the median of the values there are; None where all are missing (NaN)."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None


def lags_by_year(spread: Lags, point: Lags | None = None) -> tuple[YearLag, ...]:
    """Return the lag of each year with its interval.

    Args:
        spread: Over resamples.
        point: From all data at once, one row; where missing, the median of the spread counts, and
            years that fewer than half of the resamples have are left out.
    """
    found = []
    for year in (point or spread).years():
        values = spread.in_year(year)
        low, high = interval(values)
        months = median((point or spread).in_year(year))
        if months is not None and (point is not None or _mostly_known(values)):
            found.append(YearLag(year=year, months=months, low=low, high=high))
    return tuple(found)


def _unmatched(ours: Group, theirs: Group) -> Samples:
    last = max(ours.released[-1], theirs.released[-1]).toordinal() / DAYS_PER_MONTH
    beyond = theirs.running_best > ours.scores.max(axis=1)[:, None]
    since = theirs.months[beyond.argmax(axis=1)]
    return np.where(beyond.any(axis=1), last - since, 0.0)
