"""Intervals of a share for small samples: exact at the effective size, and Beta-Binomial.

Sources:
    Exact at the effective size: E. Korn, B. Graubard, Survey Methodology 24 (1998) 193-201, section
    2. Beta-Binomial with Jeffreys' prior: L. Brown, T. Cai, A. DasGupta, Statistical Science 16
    (2001) 101-133, section 3.1.2; for small evaluations: S. Bowyer, L. Aitchison, D. Ivanova,
    arXiv 2503.01747 (2025), section 4.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

from playbook.trials.interval import Interval
from playbook.trials.statistics.intervals import CONFIDENCE, clopper_pearson, effective_size


def jeffreys(passed: float, n: float) -> tuple[float, float]:
    """Return the central 95% of the Beta posterior of a share, under Jeffreys' prior.

    At 0 and n the end is 0 and 1, as Brown, Cai and DasGupta advise.

    Args:
        passed: Successes; need not be whole where n is an effective sample size.
        n: Trials.

    Example:
        >>> [round(end, 3) for end in jeffreys(0, 30)]
        [0.0, 0.08]
    """
    from scipy.special import betaincinv  # noqa: PLC0415  slow import, only where it is needed

    tail = (1 - CONFIDENCE) / 2
    shape = (passed + 0.5, n - passed + 0.5)
    low = 0.0 if passed <= 0 else float(betaincinv(*shape, tail))
    high = 1.0 if passed >= n else float(betaincinv(*shape, 1 - tail))
    return low, high


def exact_share(values: Sequence[float], clusters: Sequence[Hashable]) -> Interval | None:
    """Return the mean of pass marks with an interval that is never too narrow; None of none.

    It is the exact interval at the effective sample size: for gates, where a wrong pass costs more
    than a few prompts. Clusters that are few or alike make it wide.

    Args:
        values: 0 to 1 for each prompt: the share of its repeats that passed.
        clusters: Group of each prompt.
    """
    n = len(values)
    if n == 0:
        return None
    mean = math.fsum(values) / n
    size = effective_size(values, clusters, spread=mean * (1 - mean))
    low, high = clopper_pearson(mean * size, size)
    return Interval(
        value=mean,
        low=min(low, mean),
        high=max(high, mean),
        n=n,
        method=f"Clopper-Pearson as {size:.0f} independent (95%)",
    )
