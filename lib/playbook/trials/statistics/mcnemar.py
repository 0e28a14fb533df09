"""Tests of two endpoints on the same prompts, by the pairs that only one of them passed.

Sources:
    Exact test: Q. McNemar, Psychometrika 12 (1947) 153-157, as a two-sided binomial test. Mid-p:
    M. Fagerland, S. Lydersen, P. Laake, BMC Medical Research Methodology 13 (2013) 91.
"""

from __future__ import annotations

import math


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Return the two-sided p value of the exact McNemar test.

    Example:
        >>> round(mcnemar_p(1, 9), 4)
        0.0215
    """
    from scipy.special import bdtr  # noqa: PLC0415  slow import, only where a test is made

    n = only_first + only_second
    return min(1.0, 2 * float(bdtr(min(only_first, only_second), n, 0.5))) if n else 1.0


def mcnemar_mid_p(only_first: int, only_second: int) -> float:
    """Return the two-sided mid-p value of the McNemar test: less cautious than the exact one.

    Args:
        only_first: Pairs that only the first passed.
        only_second: Pairs that only the second passed.

    Example:
        >>> mcnemar_mid_p(1, 7)
        0.0390625
    """
    n = only_first + only_second
    if n == 0:
        return 1.0
    at = math.comb(n, only_first) / (1 << n)
    return 1 - at / 2 if only_first == only_second else mcnemar_p(only_first, only_second) - at
