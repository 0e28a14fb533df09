"""The mean of clustered numbers, such as scores or differences of scores.

Sources:
    Cluster-robust variance with its factor for few clusters: J. MacKinnon, M. Nielsen, M. Webb,
    J. Econometrics 232 (2023) 272-299, section 2.3 (CV1); for evaluations: E. Miller,
    arXiv 2411.00640 (2024), section 2.2. Two one-sided tests: D. Schuirmann, J. Pharmacokinetics
    and Biopharmaceutics 15 (1987) 657-680.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence

from playbook.trials.interval import Interval
from playbook.trials.statistics.intervals import CONFIDENCE

FEWEST_CLUSTERS = 2


def clustered_mean(values: Sequence[float], clusters: Sequence[Hashable]) -> Interval | None:
    """Return a mean with its cluster-robust t interval; None for fewer than two clusters.

    For scores and their paired differences. Shares of passes have a better one, `clustered_share`;
    where all values are equal this interval has no width, and says so.

    Args:
        values: One number an observation; repeats of a prompt are averaged before.
        clusters: The cluster of each, such as the template a prompt was made from.
    """
    if len(set(clusters)) < FEWEST_CLUSTERS:
        return None
    from scipy.special import stdtrit  # noqa: PLC0415  slow import, only where one is made

    mean, error, count = clustered_error(values, clusters)
    half = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * error
    note = "" if error else ", all values equal: no spread was seen"
    return Interval(
        value=mean,
        low=mean - half,
        high=mean + half,
        n=len(values),
        method=f"t over {count} clusters (95%){note}",
    )


def clustered_error(
    values: Sequence[float], clusters: Sequence[Hashable]
) -> tuple[float, float, int]:
    """Return mean, cluster-robust standard error and number of clusters.

    Args:
        values: One number an observation.
        clusters: The cluster of each; at least two different ones.
    """
    n, mean = len(values), math.fsum(values) / len(values)
    residuals: dict[Hashable, list[float]] = defaultdict(list)
    for value, cluster in zip(values, clusters, strict=True):
        residuals[cluster].append(value - mean)
    count = len(residuals)
    between = math.fsum(math.fsum(one) ** 2 for one in residuals.values())
    return mean, math.sqrt(count / (count - 1) * between) / n, count


def means_within_margin(
    differences: Sequence[float], clusters: Sequence[Hashable], *, margin: float
) -> tuple[float, float]:
    """Return the one-sided p values of "not below -margin" and "not above margin".

    The larger one is the p value of equivalence (two one-sided tests).

    Args:
        differences: Score of the first less that of the second, by prompt.
        clusters: The cluster of each; at least two different ones.
        margin: Difference that still counts as equal.
    """
    from scipy.special import stdtr  # noqa: PLC0415  slow import, only where a test is made

    mean, error, count = clustered_error(differences, clusters)
    if not error:
        return float(mean <= -margin), float(mean >= margin)
    below = 1 - float(stdtr(count - 1, (mean + margin) / error))
    return below, float(stdtr(count - 1, (mean - margin) / error))
