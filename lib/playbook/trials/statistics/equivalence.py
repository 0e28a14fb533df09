"""Is it as good? Non-inferiority and equivalence by a margin that was set before the run.

Every verdict is read off the 95% interval that is shown: each of the two one-sided tests has 2.5%.

Sources:
    Two one-sided tests: D. Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15 (1987) 657-680.
    One-sided 2.5%: ICH E9, Statistical Principles for Clinical Trials (1998), section 5.5. Paired
    shares: T. Tango, Statistics in Medicine 17 (1998) 891-908, section 3; J. Liu and others,
    Statistics in Medicine 21 (2002) 231-245.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Literal

from playbook.trials.interval import Interval
from playbook.trials.statistics.paired import tango_score

ONE_SIDED = 0.025
MarginVerdict = Literal["equivalent", "not inferior", "inferior", "different", "inconclusive"]


def judge_by_margin(difference: Interval, *, margin: float) -> MarginVerdict:
    """Return what an interval of a difference says by a margin.

    `equivalent` lies within the margin on both sides; `not inferior` above its lower edge;
    `inferior` wholly below that edge and `different` wholly above the upper one, the better way.

    Args:
        difference: First less second, where more is better.
        margin: Difference that still counts as equal.
    """
    if difference.high < -margin:
        return "inferior"
    if difference.low > margin:
        return "different"
    if difference.low > -margin:
        return "equivalent" if difference.high < margin else "not inferior"
    return "inconclusive"


def shares_within_margin(
    only_first: float, only_second: float, n: float, *, margin: float
) -> tuple[float, float]:
    """Return the one-sided p values of "not below -margin" and "not above margin".

    The first is the p value of non-inferiority of the first; the larger one of equivalence.

    Args:
        only_first: Pairs that only the first passed; need not be whole where n is effective.
        only_second: Pairs that only the second passed.
        n: All pairs.
        margin: Difference in pass rate that still counts as equal.
    """
    normal = NormalDist()
    above_low = tango_score(only_first, only_second, n, -margin)
    above_high = tango_score(only_first, only_second, n, margin)
    return 1 - normal.cdf(above_low), normal.cdf(above_high)
