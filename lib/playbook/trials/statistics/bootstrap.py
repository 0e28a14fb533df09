"""Intervals and tests by resampling whole clusters: BCa bootstrap, sign flips, ratios.

Sources:
    BCa: B. Efron, JASA 82 (1987) 171-185, sections 2 and 7. Its widening for few clusters:
    T. Hesterberg, The American Statistician 69 (2015) 371-386, section 3.3. Sign flips:
    E. Edgington, P. Onghena, Randomization Tests, 4th ed. (2007), chapter 5; with the sample
    itself counted: B. Phipson, G. Smyth, Stat. Appl. Genetics 9 (2010), article 39.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from playbook.trials.interval import Interval
from playbook.trials.statistics.intervals import CONFIDENCE

RESAMPLES = 2_000
LEAST_FINITE = 0.99
MOST_ENUMERATED = 12
_AT_ONCE = 4_000_000
_TIE = 1e-9
Array = npt.NDArray[np.float64]
Statistic = Callable[[Array], Array]
"""From sums over clusters, in the last axis, to one number each."""
_NORMAL = NormalDist()


def cluster_sums(columns: Sequence[Sequence[float]], clusters: Sequence[Hashable]) -> Array:
    """Return the sums of several columns of numbers by cluster, one row a cluster.

    Args:
        columns: Each of one number an observation.
        clusters: The cluster of each observation.
    """
    places = {cluster: place for place, cluster in enumerate(dict.fromkeys(clusters))}
    where = np.fromiter((places[one] for one in clusters), dtype=np.intp, count=len(clusters))
    sums = [np.bincount(where, weights=np.asarray(one, dtype=float)) for one in columns]
    return np.stack(sums, axis=-1)


def bca(
    sums: Array,
    statistic: Statistic,
    *,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
    widened: bool = True,
) -> tuple[float, float] | None:
    """Return the bias-corrected and accelerated 95% interval of a statistic of sums.

    Whole clusters are drawn, so that what they have in common stays together.

    Args:
        sums: One row a cluster.
        statistic: What is estimated, from the sums over all clusters drawn.
        rng: Source of the draws.
        resamples: How often all clusters are drawn anew.
        widened: Whether the ends are moved out as t quantiles are beyond normal ones.

    Returns:
        Both ends; None for fewer than two clusters, or where the statistic has no value in more
        than 1% of the resamples, such as a ratio without a success.
    """
    count = len(sums)
    value = float(statistic(sums.sum(axis=0)))
    if count < 2 or not math.isfinite(value):  # noqa: PLR2004  one cluster has no spread
        return None
    drawn = _resampled(sums, statistic, rng=rng, resamples=resamples)
    if np.isfinite(drawn).mean() < LEAST_FINITE:
        return None
    below = float((drawn < value).mean() + (drawn <= value).mean()) / 2
    if np.ptp(drawn[np.isfinite(drawn)]) <= _TIE * max(1.0, abs(value)) or below in (0.0, 1.0):
        return float(drawn.min()), float(drawn.max())  # all alike
    bias, acceleration = _NORMAL.inv_cdf(below), _acceleration(sums, statistic)
    reach = _reach(count) if widened else _NORMAL.inv_cdf((1 + CONFIDENCE) / 2)
    ends = []
    for quantile in (-reach, reach):
        shifted = bias + quantile
        ends.append(_NORMAL.cdf(bias + shifted / max(1 - acceleration * shifted, _TIE)))
    whole = bool(np.isfinite(drawn).all())
    low, high = np.quantile(drawn, ends, method="linear" if whole else "inverted_cdf")
    return (float(low), float(high)) if math.isfinite(high - low) else None


def _reach(count: int) -> float:
    """Return how many standard deviations of a bootstrap the interval reaches, for few clusters."""
    from scipy.special import stdtrit  # noqa: PLC0415  slow import, only where one is made

    return math.sqrt(count / (count - 1)) * float(stdtrit(count - 1, (1 + CONFIDENCE) / 2))


def _resampled(
    sums: Array, statistic: Statistic, *, rng: np.random.Generator, resamples: int
) -> Array:
    count = len(sums)
    step = max(1, _AT_ONCE // sums.size)
    parts = []
    for start in range(0, resamples, step):
        chosen = rng.integers(0, count, (min(step, resamples - start), count))
        totals = [np.take(one, chosen).sum(axis=1) for one in np.ascontiguousarray(sums.T)]
        parts.append(statistic(np.stack(totals, axis=-1)))
    return np.concatenate(parts)


def _acceleration(sums: Array, statistic: Statistic) -> float:
    left_out = statistic(sums.sum(axis=0) - sums)
    if not np.isfinite(left_out).all():
        return 0.0
    pull = left_out.mean() - left_out
    spread = float((pull**2).sum())
    return float((pull**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0


def bootstrap_mean(
    values: Sequence[float], clusters: Sequence[Hashable], *, rng: np.random.Generator
) -> Interval | None:
    """Return a mean, such as that of paired differences, with its BCa interval by cluster.

    Args:
        values: One number an observation.
        clusters: The cluster of each.
        rng: Source of the draws.

    Returns:
        The interval; None for fewer than two clusters.
    """
    sums = cluster_sums([values, [1.0] * len(values)], clusters)
    return ratio_interval(sums, rng=rng, n=len(values))


def ratio_interval(
    sums: Array, *, rng: np.random.Generator, n: int, statistic: Statistic | None = None
) -> Interval | None:
    """Return the ratio of two sums, or another statistic of sums, with its BCa interval.

    Args:
        sums: One row a cluster: above and below the line.
        rng: Source of the draws.
        n: Observations behind it.
        statistic: What is estimated, if not the first sum over the second.
    """
    wanted = statistic or ratio
    ends = bca(sums, wanted, rng=rng)
    if ends is None:
        return None
    value = float(wanted(sums.sum(axis=0)))
    return Interval(
        value=value,
        low=min(ends[0], value),
        high=max(ends[1], value),
        n=n,
        method=f"BCa bootstrap over {len(sums)} clusters (95%)",
    )


def ratio(sums: Array) -> Array:
    """Return the first sum over the second; infinite where the second is 0."""
    below = sums[..., 1]
    found: Array = np.full(below.shape, np.inf)
    np.divide(sums[..., 0], below, out=found, where=below != 0)
    return found


def sign_flip_p(
    differences: Sequence[float],
    clusters: Sequence[Hashable],
    *,
    rng: np.random.Generator,
    flips: int = 9_999,
) -> float:
    """Return the two-sided p value that the signs of paired differences are chance.

    Whole clusters change sign together: all ways of it where there are at most 12, else a sample.

    Args:
        differences: The first's number less the second's, by prompt.
        clusters: The cluster of each.
        rng: Source of the draws.
        flips: Ways drawn where not all are tried.
    """
    sums = cluster_sums([differences], clusters)[:, 0]
    seen = abs(float(sums.sum())) * (1 - _TIE)
    if len(sums) <= MOST_ENUMERATED:
        ways = np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums)) & 1
        return float((np.abs((2.0 * ways - 1) @ sums) >= seen).mean())
    extreme = 0
    step = max(1, _AT_ONCE // len(sums))
    for start in range(0, flips, step):
        signs = rng.integers(0, 2, (min(step, flips - start), len(sums)), dtype=np.int8)
        extreme += int((np.abs((2.0 * signs - 1) @ sums) >= seen).sum())
    return (extreme + 1) / (flips + 1)


def ratio_swap_p(
    sums: Array, statistic: Statistic, *, rng: np.random.Generator, swaps: int = 4_999
) -> float:
    """Return the two-sided p value that it is chance which of two endpoints a cluster belongs to.

    Args:
        sums: One row a cluster: the first half of the columns of one endpoint, the rest of another.
        statistic: Their difference, 0 where both are alike.
        rng: Source of the draws.
        swaps: Ways of swapping that are drawn.
    """
    half = sums.shape[1] // 2
    change = np.concatenate([sums[:, half:], sums[:, :half]], axis=1) - sums
    seen = abs(float(statistic(sums.sum(axis=0)))) * (1 - _TIE)
    extreme, step = 0, max(1, _AT_ONCE // len(sums))
    for start in range(0, swaps, step):
        swapped = rng.integers(0, 2, (min(step, swaps - start), len(sums))).astype(float)
        found = statistic(sums.sum(axis=0) + swapped @ change)
        extreme += int((~(np.abs(found) < seen)).sum())
    return (extreme + 1) / (swaps + 1)
