"""Errors of estimators on the same points, and whether a difference is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEAR = 0.25
RESAMPLES, SEED = 4_000, 20261123
FEWEST_GROUPS = 5
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """How far estimates are off."""

    mdape: float
    """Median of |estimate / measured - 1|."""
    within_25: float
    """Share of points off by at most a quarter."""
    median_ratio: float
    """Median of estimate / measured; above 1 is optimistic."""


@dataclass(frozen=True)
class Difference:
    """MdAPE of one estimator less that of another on the same points."""

    low: float
    """5% quantile over resampled groups."""
    high: float
    """95% quantile."""
    groups: int
    """Groups of points resampled: one laboratory, model and GPU is one."""

    @property
    def verdict(self) -> str:
        """Return what may be said: nothing where the interval holds zero or groups are few."""
        if self.groups < FEWEST_GROUPS:
            return f"too few groups ({self.groups}) to tell"
        if self.high < 0:
            return "ours is nearer"
        return "the peer is nearer" if self.low > 0 else "no difference shown"


def errors(estimates: Values, measured: Values) -> Errors:
    """Return the errors of estimates.

    Example:
        >>> errors(np.array([110.0, 90.0, 200.0]), np.array([100.0, 100.0, 100.0]))
        Errors(mdape=0.1, within_25=0.667, median_ratio=1.1)
    """
    ratios = estimates / measured
    off = np.abs(ratios - 1)
    return Errors(
        mdape=round(float(np.median(off)), 3),
        within_25=round(float(np.mean(off <= NEAR)), 3),
        median_ratio=round(float(np.median(ratios)), 3),
    )


def difference(
    ours: Values, theirs: Values, *, measured: Values, groups: Sequence[str]
) -> Difference:
    """Return the 90% interval of the difference of the MdAPEs, resampling whole groups.

    Points of one group share model, GPU and laboratory, so that they are right or wrong together;
    resampling single points would make intervals too narrow.

    Source: Davison and Hinkley, Bootstrap Methods and their Application, section 3.8 (1997).
    """
    names = sorted(set(groups))
    members = [np.flatnonzero(np.array(groups) == name) for name in names]
    one, other = np.abs(ours / measured - 1), np.abs(theirs / measured - 1)
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(RESAMPLES):
        drawn = rng.integers(0, len(names), len(names))
        taken = np.concatenate([members[place] for place in drawn])
        found.append(float(np.median(one[taken]) - np.median(other[taken])))
    low, high = np.quantile(found, (0.05, 0.95))
    return Difference(round(float(low), 3), round(float(high), 3), len(names))
