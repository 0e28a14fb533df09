"""Two endpoints on the same prompts: paired test, paired interval, verdict by a margin.

Sources:
    Exact test: Q. McNemar, Psychometrika 12 (1947) 153-157, as a two-sided binomial test.
    Interval: T. Tango, Statistics in Medicine 17 (1998) 891-908, score interval of the difference
    of paired shares. Several comparisons: S. Holm, Scand. J. Statistics 6 (1979) 65-70.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from playbook.trials.interval import Interval
from playbook.trials.statistics.intervals import Z_95, effective_size

SIGNIFICANCE = 0.05
_HALVINGS = 60
PairVerdict = Literal[
    "first better", "second better", "first not inferior", "second not inferior", "inconclusive"
]


@dataclass(frozen=True)
class Pairs:
    """Outcomes of two endpoints on the same prompts."""

    first: Sequence[bool]
    """Whether the first passed, by prompt."""
    second: Sequence[bool]
    """Whether the second passed, by prompt."""
    clusters: Sequence[Hashable]
    """Group of each prompt."""

    @property
    def only_first(self) -> int:
        """Return the number of prompts that only the first passed."""
        return sum(a and not b for a, b in zip(self.first, self.second, strict=True))

    @property
    def only_second(self) -> int:
        """Return the number of prompts that only the second passed."""
        return sum(b and not a for a, b in zip(self.first, self.second, strict=True))


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Return the two-sided p value of the exact McNemar test.

    Example:
        >>> round(mcnemar_p(1, 9), 4)
        0.0215
    """
    from scipy.special import bdtr  # noqa: PLC0415  slow import, only where a test is made

    n = only_first + only_second
    return min(1.0, 2 * float(bdtr(min(only_first, only_second), n, 0.5))) if n else 1.0


def tango(only_first: float, only_second: float, n: float) -> tuple[float, float]:
    """Return Tango's score interval of a paired difference of shares.

    Args:
        only_first: Pairs that only the first passed; need not be whole where n is effective.
        only_second: Pairs that only the second passed.
        n: All pairs.
    """
    difference = (only_first - only_second) / n

    def score(delta: float) -> float:
        return _tango_score(only_first, only_second, n, delta)

    low = _root(lambda delta: score(delta) - Z_95, -1.0, difference)
    return low, _root(lambda delta: score(delta) + Z_95, difference, 1.0)


def _tango_score(only_first: float, only_second: float, n: float, delta: float) -> float:
    linear = (2 * n - only_first + only_second) * delta - only_first - only_second
    rest = 8 * n * only_second * delta * (1 - delta)
    # The most likely share of pairs that only the second passed, were the difference delta.
    share = (math.sqrt(max(linear * linear + rest, 0.0)) - linear) / (4 * n)
    variance = n * (2 * share + delta * (1 - delta))
    gap = only_first - only_second - n * delta
    if variance <= 0:
        return math.copysign(math.inf, gap) if gap else 0.0
    return gap / math.sqrt(variance)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function crosses zero between two ends, or the nearer end."""
    if function(low) <= 0:
        return low
    if function(high) >= 0:
        return high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2


def paired_difference(pairs: Pairs) -> Interval:
    """Return the pass rate of the first less that of the second, with Tango's interval.

    Clusters count: the table is scaled to the effective sample size of the differences.

    Raises:
        ValueError: when there is no pair.
    """
    n = len(pairs.first)
    if n == 0:
        msg = "a paired difference needs at least one pair"
        raise ValueError(msg)
    differences = [float(a) - float(b) for a, b in zip(pairs.first, pairs.second, strict=True)]
    difference = math.fsum(differences) / n
    spread = math.fsum(one * one for one in differences) / n - difference**2
    size = effective_size(differences, pairs.clusters, spread=spread)
    low, high = tango(pairs.only_first * size / n, pairs.only_second * size / n, size)
    alone = len(set(pairs.clusters)) == n
    note = "" if alone else f", {len(set(pairs.clusters))} groups, as {size:.0f} independent"
    return Interval(
        value=difference,
        low=min(low, difference),
        high=max(high, difference),
        n=n,
        method=f"Tango, paired{note} (95%)",
    )


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p values adjusted for being several, in the order given.

    Example:
        >>> holm([0.04, 0.01, 0.03])
        (0.06, 0.03, 0.06)
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = largest
    return tuple(adjusted)


def verdict(difference: Interval, adjusted_p: float, *, margin: float) -> PairVerdict:
    """Return what a paired difference says, by a margin that was set before the run.

    `better` needs the interval clear of zero and the adjusted exact test below 5%; `not inferior`
    needs the interval above the margin's lower edge. A wide interval is `inconclusive`.

    Args:
        difference: Pass rate of the first less that of the second.
        adjusted_p: Exact McNemar p value, adjusted for the number of comparisons.
        margin: Difference that still counts as equal, as a share.
    """
    significant = adjusted_p < SIGNIFICANCE
    if significant and difference.low > 0:
        return "first better"
    if significant and difference.high < 0:
        return "second better"
    if difference.low > -margin:
        return "first not inferior"
    return "second not inferior" if difference.high < margin else "inconclusive"
