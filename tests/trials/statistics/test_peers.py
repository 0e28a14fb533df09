"""Intervals and tests agree with statsmodels and scipy, or with a second way to the same number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats
from statsmodels.api import OLS
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import ttost_paired

from playbook.trials.statistics.bootstrap import bca, cluster_sums, ratio, sign_flip_p
from playbook.trials.statistics.equivalence import shares_within_margin
from playbook.trials.statistics.exact import jeffreys
from playbook.trials.statistics.intervals import clopper_pearson, quantile, wilson
from playbook.trials.statistics.mcnemar import mcnemar_p
from playbook.trials.statistics.means import clustered_mean, means_within_margin
from playbook.trials.statistics.paired import holm, tango, tango_score

SHARES = [(0, 30), (1, 30), (15, 30), (81, 263), (170, 200), (299, 300), (30, 30)]
PAIRS = [(1, 7, 21), (0, 1, 44), (3, 9, 32), (40, 20, 160), (0, 12, 100), (5, 0, 30), (23, 3, 122)]


@pytest.mark.parametrize(("passed", "n"), SHARES)
def test_intervals_of_a_share_agree_with_statsmodels(passed: int, n: int) -> None:
    assert wilson(passed, n) == pytest.approx(
        proportion_confint(passed, n, method="wilson"), abs=1e-9
    )
    assert clopper_pearson(passed, n) == pytest.approx(
        proportion_confint(passed, n, method="beta"), abs=1e-9
    )
    if 0 < passed < n:
        assert jeffreys(passed, n) == pytest.approx(
            proportion_confint(passed, n, method="jeffreys"), abs=1e-9
        )


@pytest.mark.parametrize(("first", "second", "n"), PAIRS)
def test_the_exact_paired_test_agrees_with_statsmodels(first: int, second: int, n: int) -> None:
    theirs = mcnemar([[n - first - second, first], [second, 0]], exact=True)

    assert mcnemar_p(first, second) == pytest.approx(theirs.pvalue, abs=1e-9)


def likeliest_score(first: int, second: int, n: int, delta: float) -> float:
    """Tango's score the long way: the likelihood is maximised by search, not by formula."""

    def loss(share: float) -> float:
        cells = (
            (first, share + delta),
            (second, share),
            (n - first - second, 1 - 2 * share - delta),
        )
        return -math.fsum(count * math.log(max(part, 1e-300)) for count, part in cells if count)

    bounds = (max(0.0, -delta), (1 - delta) / 2)
    share = optimize.minimize_scalar(
        loss, bounds=bounds, method="bounded", options={"xatol": 1e-13}
    ).x
    return float((first - second - n * delta) / math.sqrt(n * (2 * share + delta - delta**2)))


@pytest.mark.parametrize(("first", "second", "n"), [one for one in PAIRS if min(one[:2]) > 0])
def test_tango_agrees_with_a_search_for_the_greatest_likelihood(
    first: int, second: int, n: int
) -> None:
    seen, z = (first - second) / n, stats.norm.ppf(0.975)

    low = optimize.brentq(
        lambda delta: likeliest_score(first, second, n, delta) - z, -0.95, seen, xtol=1e-12
    )
    high = optimize.brentq(
        lambda delta: likeliest_score(first, second, n, delta) + z, seen, 0.95, xtol=1e-12
    )

    assert tango(first, second, n) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(("first", "second", "n"), PAIRS)
def test_the_tests_by_margin_are_one_with_the_interval(first: int, second: int, n: int) -> None:
    """At the interval's own ends each one-sided p value is 2.5%."""
    low, high = tango(first, second, n)

    assert 1 - stats.norm.cdf(tango_score(first, second, n, low)) == pytest.approx(0.025, abs=1e-6)
    if low < 0:
        inferior, _ = shares_within_margin(first, second, n, margin=-low)
        assert inferior == pytest.approx(0.025, abs=1e-6)
    if high > 0:
        _, above = shares_within_margin(first, second, n, margin=high)
        assert above == pytest.approx(0.025, abs=1e-6)


@pytest.mark.parametrize("size", [1, 5])
def test_a_clustered_mean_agrees_with_statsmodels(size: int) -> None:
    draw = np.random.default_rng(1)
    groups = np.arange(60) // size
    values = draw.beta(2, 3, 60) + draw.normal(0, 0.2, 60)[groups]
    fitted = OLS(values, np.ones(60)).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
    )

    found = clustered_mean(values.tolist(), groups.tolist())

    assert found is not None
    assert (found.low, found.high) == pytest.approx(fitted.conf_int()[0], abs=1e-9)


def test_equivalence_of_means_agrees_with_statsmodels() -> None:
    draw = np.random.default_rng(2)
    first, second = draw.beta(4, 2, 40), draw.beta(4, 2, 40)
    theirs = ttost_paired(first, second, -0.1, 0.1)

    below, above = means_within_margin((first - second).tolist(), range(40), margin=0.1)

    assert (below, above) == pytest.approx((theirs[1][1], theirs[2][1]), abs=1e-9)
    assert max(below, above) == pytest.approx(theirs[0], abs=1e-9)


def test_holm_agrees_with_statsmodels() -> None:
    p_values = np.random.default_rng(3).uniform(0, 0.1, 12)

    assert holm(p_values.tolist()) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_the_bca_bootstrap_agrees_with_scipy_on_the_same_draws() -> None:
    draw = np.random.default_rng(4)
    cost, passed = draw.lognormal(0, 0.6, 50), (draw.random(50) < 0.7).astype(float)

    theirs = stats.bootstrap(
        (cost, passed), lambda a, b, axis: a.sum(axis) / b.sum(axis), paired=True,
        n_resamples=2_000, rng=np.random.default_rng(5),
    ).confidence_interval  # fmt: skip
    ours = bca(np.stack([cost, passed], axis=1), ratio, rng=np.random.default_rng(5), widened=False)

    assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_sign_flips_agree_with_scipy_where_all_ways_are_tried() -> None:
    differences = np.random.default_rng(6).normal(0.3, 1, 11)
    theirs = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf
    )

    ours = sign_flip_p(differences.tolist(), range(11), rng=np.random.default_rng(0))

    assert ours == pytest.approx(theirs.pvalue, abs=1e-9)


def test_clusters_are_flipped_whole() -> None:
    """Three clusters that all lean one way: 2 of 8 ways are as extreme."""
    found = sign_flip_p([1.0] * 30, [one // 10 for one in range(30)], rng=np.random.default_rng(0))

    assert found == 0.25


def test_drawn_sign_flips_come_near_the_t_test() -> None:
    differences = np.random.default_rng(7).normal(0.12, 1, 200)

    ours = sign_flip_p(differences.tolist(), range(200), rng=np.random.default_rng(0))

    assert ours == pytest.approx(stats.ttest_1samp(differences, 0).pvalue, abs=0.02)


def test_sums_are_by_cluster_in_order_of_appearance() -> None:
    assert cluster_sums([[1, 2, 3], [1, 1, 1]], ["b", "a", "b"]).tolist() == [[4, 2], [2, 1]]


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_quantile_has_an_interval_like_scipys(share: float) -> None:
    """Theirs may leave out one more value at an end, where the tails allow it together."""
    values = np.sort(np.random.default_rng(8).exponential(1, 300))
    theirs = stats.quantile_test(values, q=0.0, p=share).confidence_interval(0.95)
    found = quantile(values.tolist(), share)

    assert found is not None
    for ours, other in ((found.low, theirs.low), (found.high, theirs.high)):
        assert abs(np.searchsorted(values, ours) - np.searchsorted(values, other)) <= 1
