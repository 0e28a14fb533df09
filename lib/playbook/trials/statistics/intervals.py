"""95% intervals of one share, one clustered mean, one quantile.

Sources:
    Wilson: E. B. Wilson, JASA 22 (1927) 209-212. Clopper-Pearson: Biometrika 26 (1934) 404-413.
    Effective sample size and its degrees of freedom: E. Korn, B. Graubard, Survey Methodology 24
    (1998) 193-201; with intraclass correlation and Kish's design effect, L. Kish, Survey Sampling
    (1965), section 5.4. Order statistics: H. David, H. Nagaraja,
    Order Statistics, 3rd ed. (2003), section 7.1.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from functools import lru_cache

from playbook.trials.interval import Interval

CONFIDENCE = 0.95
Z_95 = 1.959963984540054
LIKENESS = 0.3
"""Assumed correlation of two members of a cluster before any was seen."""


def wilson(passed: float, n: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share.

    Args:
        passed: Successes; need not be whole where n is an effective sample size.
        n: Trials, above 0.

    Example:
        >>> [round(end, 3) for end in wilson(0, 30)]
        [0.0, 0.114]
    """
    share, z2 = passed / n, Z_95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = 0.0 if passed <= 0 else max(0.0, centre - half)
    return low, 1.0 if passed >= n else min(1.0, centre + half)


def clopper_pearson(passed: float, n: float) -> tuple[float, float]:
    """Return the exact (never too narrow) interval of a share, for gates.

    Args:
        passed: Successes; need not be whole where n is an effective sample size.
        n: Trials, above 0.

    Example:
        >>> [round(end, 3) for end in clopper_pearson(0, 30)]
        [0.0, 0.116]
    """
    from scipy.special import betaincinv  # noqa: PLC0415  slow import, only where it is needed

    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if passed <= 0 else float(betaincinv(passed, n - passed + 1, tail))
    high = 1.0 if passed >= n else float(betaincinv(passed + 1, n - passed, 1 - tail))
    return low, high


def effective_size(
    values: Sequence[float], clusters: Sequence[Hashable], *, spread: float
) -> float:
    """Return how many independent observations clustered ones are worth: at most their number.

    The cluster-robust variance of the mean over that of independent observations is the design
    effect, which says how alike the members of a cluster are. Few clusters that differ from the
    rest say little of it: their likeness is averaged with that of one more cluster, whose members
    correlate by 0.3. Few clusters cost further, by the ratio of t quantiles.

    Args:
        values: One number an observation.
        clusters: The cluster of each, such as the template a prompt was made from.
        spread: Variance of one observation; 0 where all are equal.
    """
    n, sizes = len(values), Counter(clusters)
    if len(sizes) < 2:  # noqa: PLR2004  one cluster tells nothing of the spread between clusters
        return 1.0
    size = math.fsum(count**2 for count in sizes.values()) / n
    if size <= 1:
        return float(n)
    effect = 1 + (size - 1) * _likeness(values, clusters, size=size, spread=spread)
    return max(1.0, n / effect * (_t_95(n - 1) / _t_95(len(sizes) - 1)) ** 2)


def _likeness(
    values: Sequence[float], clusters: Sequence[Hashable], *, size: float, spread: float
) -> float:
    """Return the correlation of two members of a cluster, shrunk to 0.3 where few tell of it."""
    n, count = len(values), len(set(clusters))
    mean = math.fsum(values) / n
    residuals: dict[Hashable, list[float]] = defaultdict(list)
    for value, cluster in zip(values, clusters, strict=True):
        residuals[cluster].append(value - mean)
    between = math.fsum(math.fsum(one) ** 2 for one in residuals.values())
    effect = count / (count - 1) * between / n**2 * (n - 1) / spread if spread > 0 else 1.0
    seen = min(1.0, max(0.0, effect - 1) / (size - 1))
    usual = Counter(values).most_common(1)[0][0]
    telling = len(
        {cluster for value, cluster in zip(values, clusters, strict=True) if value != usual}
    )
    return (telling * seen + LIKENESS) / (telling + 1)


def clustered_share(values: Sequence[float], clusters: Sequence[Hashable]) -> Interval | None:
    """Return the mean of pass marks with an interval that respects clusters; None of none.

    It is Wilson's interval at the effective sample size; equal to Wilson's where every
    observation is a cluster of its own.

    Args:
        values: 0 to 1 for each prompt: the share of its repeats that passed.
        clusters: Group of each prompt.
    """
    n = len(values)
    if n == 0:
        return None
    mean = math.fsum(values) / n
    size = effective_size(values, clusters, spread=mean * (1 - mean))
    low, high = wilson(mean * size, size)
    alone = len(set(clusters)) == n
    method = (
        "Wilson" if alone else f"Wilson, {len(set(clusters))} groups, as {size:.0f} independent"
    )
    return Interval(
        value=mean, low=min(low, mean), high=max(high, mean), n=n, method=f"{method} (95%)"
    )


def quantile(values: Sequence[float], share: float) -> Interval | None:
    """Return a quantile with its order-statistic interval; None of no values.

    Where too few values were seen, the interval ends at the largest or smallest one and its
    method says what it covers.

    Args:
        values: Observations in any order.
        share: 0.5 for the median, 0.95 for p95.
    """
    n = len(values)
    if n == 0:
        return None
    ordered = sorted(values)
    low, high, covers = _ranks(n, share)
    note = "" if covers >= CONFIDENCE else f", too few values: covers {covers:.0%}"
    return Interval(
        value=ordered[max(0, math.ceil(share * n - 1e-9) - 1)],
        low=ordered[low],
        high=ordered[high],
        n=n,
        method=f"order statistics (95%){note}",
    )


@lru_cache(maxsize=1_024)
def _ranks(n: int, share: float) -> tuple[int, int, float]:
    """Return the places of both ends in order, from 0, and the probability that they cover."""
    from scipy.special import bdtr  # noqa: PLC0415  slow import, only where an interval is made

    tail = (1 - CONFIDENCE) / 2
    below = [float(bdtr(count, n, share)) for count in range(n)]
    low = max((place for place in range(n) if below[place] <= tail), default=0)
    high = next((place for place in range(n) if below[place] >= 1 - tail), n - 1)
    return low, high, below[high] - below[low]


def _t_95(degrees: int) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415  slow import, only where one is made

    return float(stdtrit(degrees, (1 + CONFIDENCE) / 2))
