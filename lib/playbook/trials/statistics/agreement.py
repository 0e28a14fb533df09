"""Agreement of two raters, and what a judge's known faults say of its pass rate.

Sources:
    Kappa: J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46. Its variance: J.
    Fleiss, J. Cohen, B. Everitt, Psychological Bulletin 72 (1969) 323-327, formula 13. Correction:
    W. Rogan, B. Gladen, American J. Epidemiology 107 (1978) 71-76; its interval: Z. Lang,
    J. Reiczigel, Preventive Veterinary Medicine 113 (2014) 13-22, section 2.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from playbook.trials.interval import Interval
from playbook.trials.statistics.intervals import Z_95, wilson
from playbook.trials.statistics.mcnemar import mcnemar_p
from playbook.trials.statistics.paired import tango

MOST_LABELS = 50
Shown = Literal["first", "second", "tie"]
"""Which of two answers a judge preferred, by the place in which it was shown."""


@dataclass(frozen=True)
class Agreement:
    """How often two raters gave the same label, and how far beyond chance."""

    n: int
    """Items that both rated."""
    observed: Interval
    """Share with the same label."""
    by_chance: float
    """Share that raters with these habits would agree on by chance."""
    kappa: Interval | None
    """Cohen's kappa; None where one label is all that was ever given, which leaves it undefined."""


@dataclass(frozen=True)
class OrderSwap:
    """What a judge does when two answers change places."""

    n: int
    """Pairs that were judged in both orders."""
    consistent: Interval
    """Share in which the same answer won, or none both times."""
    bias: Interval
    """Share in which the answer shown first won both times, less that shown second."""
    p_value: float
    """Exact test that neither place is preferred."""


def agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> Agreement:
    """Return the agreement of two raters on the same items.

    The interval of kappa is Wilson's for the observed share, at the size that gives it kappa's own
    variance, on kappa's scale: unlike the usual one it holds where the raters never disagreed. For
    variance and chance, two items are spread evenly over the table, as rare labels need.

    Args:
        first: Label of each item by the first rater; at most 50 different ones.
        second: By the second rater, in the same order.

    Raises:
        ValueError: when there is no item, too many labels, or one rater has more than the other.

    Example:
        >>> found = agreement("ppppff", "pppfff")
        >>> round(found.observed.value, 3), round(found.kappa.value, 3)
        (0.833, 0.667)
    """
    n = len(first)
    if n == 0 or n != len(second):
        msg = f"agreement needs the same items of both raters, not {n} and {len(second)}"
        raise ValueError(msg)
    counts = Counter(zip(first, second, strict=True))
    labels = list(dict.fromkeys([*first, *second]))
    if len(labels) > MOST_LABELS:
        msg = f"agreement is of at most {MOST_LABELS} labels, not {len(labels)}"
        raise ValueError(msg)
    table = [[float(counts[a, b]) for b in labels] for a in labels]
    same, chance, _ = kappa_moments(table)
    kappa = _kappa(table, n=n) if len(labels) > 1 else None
    return Agreement(n, _share(round(same * n), n), chance, kappa)


def kappa_moments(table: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Return the observed and the chance share of agreement, and the variance of kappa.

    Args:
        table: Items by label of the first rater (rows) and of the second (columns).
    """
    n = math.fsum(map(math.fsum, table))
    size = range(len(table))
    row = [math.fsum(one) / n for one in table]
    column = [math.fsum(one[label] for one in table) / n for label in size]
    same = math.fsum(table[label][label] for label in size) / n
    chance = math.fsum(row[label] * column[label] for label in size)
    if chance >= 1:
        return same, chance, 0.0
    terms = []
    for a in size:
        for b in size:
            habit = -(column[a] + row[b]) * (1 - same)
            terms.append(table[a][b] / n * (habit + (1 - chance if a == b else 0.0)) ** 2)
    rest = (same * chance - 2 * chance + same) ** 2
    return same, chance, max(0.0, math.fsum(terms) - rest) / (n * (1 - chance) ** 4)


def _kappa(table: Sequence[Sequence[float]], *, n: int) -> Interval:
    same, chance, _ = kappa_moments(table)
    value = (same - chance) / (1 - chance)
    spread = 2 / len(table) ** 2
    smooth, by_chance, variance = kappa_moments([[one + spread for one in row] for row in table])
    size = smooth * (1 - smooth) / ((1 - by_chance) ** 2 * variance) if variance > 0 else float(n)
    low, high = ((share - by_chance) / (1 - by_chance) for share in wilson(same * size, size))
    return Interval(
        value=value,
        low=min(value, low),
        high=max(value, high),
        n=n,
        method="Cohen's kappa, Wilson at its variance (95%)",
    )


def order_swap(one_way: Sequence[Shown], other_way: Sequence[Shown]) -> OrderSwap:
    """Return how a pairwise judge's choice depends on the order of the answers.

    Args:
        one_way: For each pair, the place that won.
        other_way: The place that won when the same two answers had changed places.

    Raises:
        ValueError: when there is no pair, or some were judged in one order only.

    Example:
        >>> order_swap(["first", "second", "first"], ["second", "first", "first"]).bias.value
        0.3333333333333333
    """
    n = len(one_way)
    if n == 0 or n != len(other_way):
        msg = f"order swap needs every pair in both orders, not {n} and {len(other_way)}"
        raise ValueError(msg)
    both = Counter(zip(one_way, other_way, strict=True))
    consistent = both["first", "second"] + both["second", "first"] + both["tie", "tie"]
    # A tie one way and a choice the other way leans to the place that was chosen, but not clearly.
    first, second = both["first", "first"], both["second", "second"]
    low, high = tango(first, second, n)
    bias = Interval(
        value=(first - second) / n, low=low, high=high, n=n, method="Tango, paired (95%)"
    )
    return OrderSwap(n, _share(consistent, n), bias, mcnemar_p(first, second))


@dataclass(frozen=True)
class Checked:
    """How often a judge was right on items of which the truth is known."""

    right: int
    """Items on which it was right."""
    n: int
    """Items checked."""


def corrected_share(
    passed: int, n: int, *, true_passes: Checked, true_failures: Checked
) -> Interval | None:
    """Return the true pass rate behind a judge's one, given how often the judge errs.

    Args:
        passed: Answers that the judge passed.
        n: Answers that it judged.
        true_passes: Answers that people passed, and on how many the judge did too (sensitivity).
        true_failures: Answers that people failed, and on how many the judge did too (specificity).

    Returns:
        The corrected share; None where the judge is no better than a coin, or nothing was checked.
    """
    if min(n, true_passes.n, true_failures.n) == 0:
        return None
    sensitivity = true_passes.right / true_passes.n
    specificity = true_failures.right / true_failures.n
    if sensitivity + specificity <= 1:
        return None
    value = (passed / n + specificity - 1) / (sensitivity + specificity - 1)
    low, high = _lang_reiczigel(passed, n, true_passes, true_failures)
    value = min(1.0, max(0.0, value))
    return Interval(
        value=value,
        low=min(value, max(0.0, low)),
        high=max(value, min(1.0, high)),
        n=n,
        method="Rogan-Gladen, interval of Lang and Reiczigel (95%)",
    )


def _lang_reiczigel(passed: int, n: int, passes: Checked, failures: Checked) -> tuple[float, float]:
    size, good, bad = n + Z_95**2, passes.n + 2, failures.n + 2
    seen = (passed + Z_95**2 / 2) / size
    sensitivity, specificity = (passes.right + 1) / good, (failures.right + 1) / bad
    youden = sensitivity + specificity - 1
    if youden <= 0:
        return 0.0, 1.0
    share = (seen + specificity - 1) / youden
    errs_good = sensitivity * (1 - sensitivity) / good
    errs_bad = specificity * (1 - specificity) / bad
    shift = 2 * Z_95**2 * (share * errs_good - (1 - share) * errs_bad)
    variance = seen * (1 - seen) / size + share**2 * errs_good + (1 - share) ** 2 * errs_bad
    half = Z_95 * math.sqrt(variance) / youden
    return share + shift - half, share + shift + half


def _share(count: int, n: int) -> Interval:
    low, high = wilson(count, n)
    return Interval(value=count / n, low=low, high=high, n=n, method="Wilson (95%)")
