"""Two endpoints on the same prompts: paired test, paired interval, verdict by a margin.

Sources:
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
    "first better",
    "second better",
    "equivalent",
    "first not inferior",
    "second not inferior",
    "inconclusive",
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


def tango(only_first: float, only_second: float, n: float) -> tuple[float, float]:
    """Return Tango's score interval of a paired difference of shares.

    Args:
        only_first: Pairs that only the first passed; need not be whole where n is effective.
        only_second: Pairs that only the second passed.
        n: All pairs.
    """
    difference = (only_first - only_second) / n

    def score(delta: float) -> float:
        return tango_score(only_first, only_second, n, delta)

    low = _root(lambda delta: score(delta) - Z_95, -1.0, difference)
    return low, _root(lambda delta: score(delta) + Z_95, difference, 1.0)


def tango_score(only_first: float, only_second: float, n: float, delta: float) -> float:
    """Return Tango's score of a supposed difference of paired shares; normal if it is true.

    Args:
        only_first: Pairs that only the first passed; need not be whole where n is effective.
        only_second: Pairs that only the second passed.
        n: All pairs.
        delta: Difference supposed, first less second.
    """
    share = restrained_share(only_first, only_second, n, delta)
    variance = n * (2 * share + delta * (1 - delta))
    gap = only_first - only_second - n * delta
    if variance <= 0:
        return math.copysign(math.inf, gap) if gap else 0.0  # an impossible difference
    return gap / math.sqrt(variance)


def restrained_share(only_first: float, only_second: float, n: float, delta: float) -> float:
    """Return the most likely share of pairs that only the second passed, were the difference delta.

    Args:
        only_first: Pairs that only the first passed.
        only_second: Pairs that only the second passed.
        n: All pairs.
        delta: Difference supposed, first less second.
    """
    linear = (2 * n - only_first + only_second) * delta - only_first - only_second
    rest = 8 * n * only_second * delta * (1 - delta)
    return (math.sqrt(max(linear * linear + rest, 0.0)) - linear) / (4 * n)


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


def verdict(difference: Interval, adjusted_p: float, *, margin: float | None) -> PairVerdict:
    """Return what a paired difference says, by a margin that was set before the run.

    `better` needs the interval clear of zero and the adjusted exact test below 5%; `equivalent`
    the interval within the margin on both sides, `not inferior` on one. A wide interval is
    `inconclusive`.

    Args:
        difference: Pass rate of the first less that of the second.
        adjusted_p: Exact McNemar p value, adjusted for the number of comparisons.
        margin: Difference that still counts as equal, as a share; None where there is none.
    """
    significant = adjusted_p < SIGNIFICANCE
    if significant and difference.low > 0:
        return "first better"
    if significant and difference.high < 0:
        return "second better"
    if margin is None:
        return "inconclusive"
    if difference.low > -margin:
        return "equivalent" if difference.high < margin else "first not inferior"
    return "second not inferior" if difference.high < margin else "inconclusive"
