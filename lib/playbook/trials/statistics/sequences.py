"""Confidence sequences: intervals that hold at every look, so that a run may stop when it likes.

Source:
    I. Waudby-Smith, A. Ramdas, Estimating means of bounded random variables by betting, J. R.
    Statist. Soc. B 86 (2024) 1-27: the predictable plug-in empirical Bernstein sequence, theorem 2
    and formulas (12) to (15).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from playbook.trials.statistics.intervals import CONFIDENCE

LARGEST_BET = 0.5


def confidence_sequence(values: Sequence[float]) -> list[tuple[float, float]]:
    """Return after each value the interval of the mean; all of them hold together with 95%.

    Unlike a fixed interval it may be looked at after each answer, and the run may stop at the first
    look that settles the question. The price is width: about half as much again at 300 values.

    Args:
        values: Numbers of 0 to 1 in the order in which they came; their mean must not drift.

    Raises:
        ValueError: when a value is not within 0 to 1.
    """
    if any(not 0 <= one <= 1 for one in values):
        msg = "a confidence sequence is of numbers within 0 to 1"
        raise ValueError(msg)
    logarithm = math.log(2 / (1 - CONFIDENCE))
    total, squares, variance = 0.5, 0.25, 0.25
    bets = weighted = spread = 0.0
    low, high, ends = 0.0, 1.0, []
    for count, value in enumerate(values, start=1):
        before = total / count
        bet = math.sqrt(2 * logarithm / (variance * count * math.log(1 + count)))
        bet = min(bet, LARGEST_BET)
        bets, weighted = bets + bet, weighted + bet * value
        spread += 4 * (value - before) ** 2 * (-math.log(1 - bet) - bet) / 4
        half = (logarithm + spread) / bets
        low, high = max(low, weighted / bets - half), min(high, weighted / bets + half)
        ends.append((low, high) if low <= high else ((low + high) / 2, (low + high) / 2))
        total += value
        squares += (value - total / (count + 1)) ** 2
        variance = squares / (count + 1)
    return ends
