"""How often each interval holds the truth: within 2 points of 95%, at n = 30, 100 and 300.

Counts are whole numbers, so at rates near 0 and 1 no interval can come closer than the next count:
there, and for exact intervals everywhere, it may hold more often than it says, never less by more
than 2 points. Prompts in few groups err on the wide side too. `BOTH_WAYS` marks what is held to
both bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from playbook.trials.interval import Interval
from playbook.trials.statistics.bootstrap import bca, ratio
from playbook.trials.statistics.exact import exact_share, jeffreys
from playbook.trials.statistics.intervals import (
    clopper_pearson,
    clustered_share,
    quantile,
    wilson,
)
from playbook.trials.statistics.means import clustered_mean
from playbook.trials.statistics.paired import Pairs, paired_difference, tango

LEAST, MOST = 0.93, 0.97
SIZES = [30, 100, 300]
Ends = tuple[float, float]
Array = npt.NDArray[np.float64]


def exact_coverage(method: Callable[[int, int], Ends], share: float, n: int) -> float:
    """Return the chance of all counts together whose interval holds the share; no simulation."""
    chances = stats.binom.pmf(np.arange(n + 1), n, share)
    ends = [method(passed, n) for passed in range(n + 1)]
    return sum(
        float(chance)
        for chance, (low, high) in zip(chances, ends, strict=True)
        if low <= share <= high
    )


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_wilson_holds_the_share(share: float, n: int) -> None:
    """BOTH_WAYS but for 0.02 of 30, where 0.978 is the nearest that whole counts allow."""
    held = exact_coverage(wilson, share, n)

    assert held >= LEAST
    assert held <= (MOST if share * n >= 1 else 0.979)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_the_beta_posterior_holds_the_share(share: float, n: int) -> None:
    assert LEAST <= exact_coverage(jeffreys, share, n) <= 0.985


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_the_exact_interval_never_holds_the_share_less_than_it_says(share: float, n: int) -> None:
    """Conservative by construction."""
    assert exact_coverage(clopper_pearson, share, n) >= 0.95


def grouped_marks(share: float, likeness: float, n: int, size: int) -> Iterator[list[float]]:
    """Yield pass marks of prompts in groups whose pass rates differ (Beta-Binomial)."""
    draw, odds = np.random.default_rng([n, size, int(100 * share)]), 1 / likeness - 1
    for _ in range(500):
        rates = draw.beta(share * odds, (1 - share) * odds, n // size)
        yield (draw.random(n) < rates.repeat(size)).astype(float).tolist()


def held_by(intervals: Iterator[Interval | None], truth: float) -> float:
    found = [one for one in intervals if one is not None]
    return sum(one.low <= truth <= one.high for one in found) / len(found)


@pytest.mark.parametrize(("n", "size"), [(30, 3), (100, 5), (100, 10), (300, 5), (300, 20)])
@pytest.mark.parametrize("likeness", [0.1, 0.3])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_share_of_grouped_prompts_is_held(
    share: float, likeness: float, n: int, size: int
) -> None:
    groups = [place // size for place in range(n)]

    marks = grouped_marks(share, likeness, n, size)
    held = held_by((clustered_share(one, groups) for one in marks), share)

    assert held >= LEAST
    if share == 0.5 and likeness == 0.3:  # BOTH_WAYS where the likeness is the assumed one
        assert held <= MOST + 0.01


@pytest.mark.parametrize(("n", "size"), [(30, 3), (100, 5), (300, 20)])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_the_exact_share_of_grouped_prompts_is_held(share: float, n: int, size: int) -> None:
    groups = [place // size for place in range(n)]

    marks = grouped_marks(share, 0.3, n, size)

    assert held_by((exact_share(one, groups) for one in marks), share) >= LEAST


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("apart", "gap"), [(0.02, 0.01), (0.1, 0.0), (0.1, 0.05), (0.4, 0.2)])
def test_tango_holds_the_paired_difference(apart: float, gap: float, n: int) -> None:
    """BOTH_WAYS where four discordant pairs or more are expected; else it may be wide."""
    chances = [(apart + gap) / 2, (apart - gap) / 2, 1 - apart]
    tables = np.random.default_rng(n).multinomial(n, chances, size=10_000)
    held = 0
    for table, times in zip(*np.unique(tables, axis=0, return_counts=True), strict=True):
        low, high = tango(int(table[0]), int(table[1]), n)
        held += times * (low <= gap <= high)

    assert held / 10_000 >= LEAST
    if apart * n >= 4:
        assert held / 10_000 <= MOST


@pytest.mark.parametrize(("n", "size"), [(30, 3), (100, 5), (300, 5), (300, 20)])
@pytest.mark.parametrize(("apart", "gap"), [(0.1, 0.05), (0.4, 0.1)])
def test_the_paired_difference_of_grouped_prompts_is_held(
    apart: float, gap: float, n: int, size: int
) -> None:
    draw, groups = np.random.default_rng(n + size), [place // size for place in range(n)]
    chances = np.array([(apart + gap) / 2, (apart - gap) / 2, 1 - apart]) * (1 / 0.3 - 1)

    def intervals() -> Iterator[Interval]:
        for _ in range(300):
            rates, spot = draw.dirichlet(chances, n // size).repeat(size, axis=0), draw.random(n)
            first = spot < rates[:, 0]
            second = ~first & (spot < rates[:, 0] + rates[:, 1])
            yield paired_difference(Pairs(first.tolist(), second.tolist(), groups))

    assert held_by(intervals(), gap) >= LEAST


@pytest.mark.parametrize("n", SIZES)
def test_the_mean_of_scores_is_held(n: int) -> None:
    """BOTH_WAYS. Scores end at 0 and 1; times with a long tail have their quantiles instead."""
    draw = np.random.default_rng(n)

    held = held_by(
        (clustered_mean(draw.beta(2, 5, n).tolist(), range(n)) for _ in range(1_500)), 2 / 7
    )

    assert LEAST <= held <= MOST


@pytest.mark.parametrize(("n", "size"), [(30, 3), (100, 5), (300, 10)])
def test_the_mean_of_grouped_differences_is_held(n: int, size: int) -> None:
    draw, groups = np.random.default_rng(n), [place // size for place in range(n)]

    def values() -> list[float]:
        return (draw.normal(0.1, 0.2, n // size).repeat(size) + draw.normal(0, 0.3, n)).tolist()

    held = held_by((clustered_mean(values(), groups) for _ in range(1_500)), 0.1)

    assert LEAST <= held <= MOST


def bootstrap_coverage(draws: Callable[[], Array], truth: float, *, times: int, n: int) -> float:
    rng = np.random.default_rng(n)
    ends = [bca(draws(), ratio, rng=rng, resamples=800) for _ in range(times)]
    found = [one for one in ends if one is not None]
    return sum(low <= truth <= high for low, high in found) / len(found)


@pytest.mark.parametrize(("n", "times"), [(30, 1_000), (100, 500), (300, 250)])
def test_the_bootstrap_of_a_mean_is_held(n: int, times: int) -> None:
    """BOTH_WAYS: differences of two scores of 0 to 1."""
    draw = np.random.default_rng(20 + n)

    def differences() -> Array:
        return np.stack([draw.beta(2, 2, n) - draw.beta(4, 2, n), np.ones(n)], axis=1)

    assert LEAST <= bootstrap_coverage(differences, 0.5 - 2 / 3, times=times, n=n) <= MOST


@pytest.mark.parametrize(("n", "times"), [(30, 2_000), (100, 500), (300, 250)])
@pytest.mark.parametrize("share", [0.5, 0.95])
def test_the_bootstrap_of_cost_per_success_is_held(share: float, n: int, times: int) -> None:
    """Costs vary by half; with few successes it errs on the wide side."""
    draw = np.random.default_rng(n)

    def calls() -> Array:
        return np.stack([draw.lognormal(0, 0.5, n), draw.random(n) < share], axis=1)

    held = bootstrap_coverage(calls, float(np.exp(0.125)) / share, times=times, n=n)

    assert LEAST <= held <= 0.98


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_a_quantile_is_held_or_says_that_values_are_too_few(share: float, n: int) -> None:
    """Conservative by construction, for ranks are whole; too few values tell their own coverage."""
    draw = np.random.default_rng(n)
    found = [quantile(draw.random(n).tolist(), share) for _ in range(1_000)]
    said = [one.method for one in found if one is not None]

    held = held_by(iter(found), share)

    if "too few values: covers" in said[0]:
        assert held == pytest.approx(float(said[0].split()[-1].rstrip("%")) / 100, abs=0.03)
    else:
        assert held >= LEAST
