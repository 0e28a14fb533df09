"""Agreement of raters: against statsmodels, by hand, and how often the intervals hold the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from playbook.trials.statistics.agreement import (
    Checked,
    agreement,
    corrected_share,
    kappa_moments,
    order_swap,
)

FLEISS = ((53, 5, 2), (11, 14, 5), (1, 6, 3))


def labels_of(table: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    cells = [(a, b) for a, row in enumerate(table) for b, n in enumerate(row) for _ in range(n)]
    return [a for a, _ in cells], [b for _, b in cells]


@pytest.mark.parametrize(
    "table", [FLEISS, ((20, 5), (10, 15)), ((45, 15), (25, 15)), ((9, 1), (0, 90))]
)
def test_kappa_and_its_variance_agree_with_statsmodels(table: tuple[tuple[int, ...], ...]) -> None:
    theirs = cohens_kappa(np.array(table))

    _same, _chance, variance = kappa_moments(table)
    kappa = agreement(*labels_of(table)).kappa

    assert kappa is not None
    assert kappa.value == pytest.approx(theirs.kappa, abs=1e-9)
    assert variance == pytest.approx(theirs.var_kappa, abs=1e-9)


def test_kappa_of_35_in_50_with_chance_one_half_is_0_4() -> None:
    """Grants read twice, 20 and 15 of 50 alike: (0.7 - 0.5) / (1 - 0.5)."""
    found = agreement(*labels_of(((20, 5), (10, 15))))

    assert (found.observed.value, found.by_chance) == pytest.approx((0.7, 0.5))
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(0.4)


def test_raters_who_never_disagree_are_not_certain_to_agree() -> None:
    found = agreement("pf" * 15, "pf" * 15)

    assert found.kappa is not None
    assert found.kappa.value == found.kappa.high == 1
    assert 0.6 < found.kappa.low < 0.9


def test_one_label_alone_leaves_kappa_undefined() -> None:
    assert agreement("ppp", "ppp").kappa is None
    assert agreement("ppp", "pfp").kappa is not None


def test_agreement_needs_the_same_items() -> None:
    with pytest.raises(ValueError, match="same items of both raters, not 0 and 0"):
        agreement("", "")
    with pytest.raises(ValueError, match="not 2 and 1"):
        agreement("pf", "p")
    with pytest.raises(ValueError, match="at most 50 labels, not 60"):
        agreement(range(60), range(60))


def two_raters(prevalence: float, kappa: float) -> list[float]:
    chance = prevalence**2 + (1 - prevalence) ** 2
    apart = (1 - chance) * (1 - kappa) / 2
    return [prevalence - apart, apart, apart, 1 - prevalence - apart]


@pytest.mark.parametrize("n", [30, 100, 300])
@pytest.mark.parametrize("kappa", [0.2, 0.6, 0.9])
@pytest.mark.parametrize("prevalence", [0.5, 0.2])
def test_the_interval_of_kappa_holds_the_truth_as_often_as_it_says(
    prevalence: float, kappa: float, n: int
) -> None:
    """Below a fifth of one label and 30 items it errs on the wide side."""
    draws = np.random.default_rng(1).multinomial(n, two_raters(prevalence, kappa), size=2_000)
    held = 0
    for table, times in zip(*np.unique(draws, axis=0, return_counts=True), strict=True):
        found = agreement(*labels_of((table[:2].tolist(), table[2:].tolist()))).kappa
        held += times * (found is not None and found.low <= kappa <= found.high)

    assert 0.93 <= held / 2_000 <= 0.98


def test_a_judge_that_prefers_the_first_place_is_seen() -> None:
    """Of 20 pairs 8 have the same winner, 11 the first place twice, 1 the second place twice."""
    one_way = ["first"] * 8 + ["first"] * 11 + ["second"]
    other_way = ["second"] * 8 + ["first"] * 11 + ["second"]

    found = order_swap(one_way, other_way)  # type: ignore[arg-type]

    assert found.consistent.value == 0.4
    assert found.bias.value == 0.5
    assert found.bias.low > 0
    assert found.p_value == pytest.approx(2 * 13 / 2**12)  # 1 + 12 of 4,096, twice


def test_a_fair_judge_has_no_bias_and_a_half_tie_is_not_consistent() -> None:
    found = order_swap(["first", "second", "tie", "tie"], ["second", "first", "tie", "first"])

    assert found.consistent.value == 0.75
    assert (found.bias.value, found.p_value) == (0, 1)


def test_order_swap_needs_both_orders() -> None:
    with pytest.raises(ValueError, match="every pair in both orders, not 1 and 0"):
        order_swap(["first"], [])


def test_a_judges_pass_rate_is_corrected_by_hand() -> None:
    """(0.62 + 0.9 - 1) / (0.8 + 0.9 - 1) = 0.52 / 0.7."""
    found = corrected_share(62, 100, true_passes=Checked(40, 50), true_failures=Checked(45, 50))

    assert found is not None
    assert found.value == pytest.approx(0.52 / 0.7)
    assert found.low < found.value < found.high


def test_a_judge_no_better_than_a_coin_corrects_nothing() -> None:
    coin = Checked(5, 10)

    assert corrected_share(6, 10, true_passes=coin, true_failures=coin) is None
    assert corrected_share(6, 10, true_passes=Checked(0, 0), true_failures=coin) is None


@pytest.mark.parametrize("n", [30, 100, 300])
@pytest.mark.parametrize("share", [0.5, 0.95])
def test_the_corrected_share_holds_the_truth_as_often_as_it_says(share: float, n: int) -> None:
    """A judge that passes 90% of true passes and fails 85% of true failures, checked on n each."""
    draw = np.random.default_rng(2)
    seen = draw.binomial(n, share * 0.9 + (1 - share) * 0.15, 2_000)
    good, bad = draw.binomial(n, 0.9, 2_000), draw.binomial(n, 0.85, 2_000)
    held = 0
    for passed, right, left in zip(seen.tolist(), good.tolist(), bad.tolist(), strict=True):
        found = corrected_share(
            passed, n, true_passes=Checked(right, n), true_failures=Checked(left, n)
        )
        held += found is not None and found.low <= share <= found.high

    assert 0.93 <= held / 2_000 <= 0.98
