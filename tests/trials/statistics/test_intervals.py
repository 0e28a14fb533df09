"""Golden numbers from the literature, and what every interval must satisfy."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.trials.statistics.intervals import (
    clopper_pearson,
    clustered_share,
    effective_size,
    quantile,
    wilson,
)


def test_wilson_of_none_in_thirty_reaches_11_4_percent() -> None:
    """z^2 / (n + z^2) = 3.8415 / 33.8415 = 0.1135."""
    assert wilson(0, 30) == pytest.approx((0.0, 0.1135), abs=5e-5)


def test_wilson_of_170_in_200_is_79_4_to_89_3_percent() -> None:
    assert wilson(170, 200) == pytest.approx((0.794, 0.893), abs=5e-4)


def test_wilson_of_81_in_263_matches_newcombe() -> None:
    """R. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: 0.2553 to 0.3662."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_clopper_pearson_of_81_in_263_matches_newcombe() -> None:
    """R. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: 0.2527 to 0.3676."""
    assert clopper_pearson(81, 263) == pytest.approx((0.2527, 0.3676), abs=5e-5)


def test_clopper_pearson_at_the_ends_is_one_sided() -> None:
    """0 of n: upper end 1 - 0.025^(1/n) = 1 - 0.025^(1/30) = 0.1157."""
    assert clopper_pearson(0, 30) == pytest.approx((0.0, 0.1157), abs=5e-5)
    assert clopper_pearson(30, 30) == pytest.approx((0.8843, 1.0), abs=5e-5)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_both_hold_the_share_and_the_exact_one_is_wider_at_the_top_of_nothing(
    of: tuple[int, int],
) -> None:
    passed, n = of

    for low, high in (wilson(passed, n), clopper_pearson(passed, n)):
        assert 0 <= low <= passed / n <= high <= 1


def test_prompts_of_their_own_give_wilsons_interval() -> None:
    interval = clustered_share([1.0] * 170 + [0.0] * 30, list(range(200)))

    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx(wilson(170, 200))
    assert interval.method == "Wilson (95%)"


def test_prompts_that_only_repeat_their_template_count_as_one() -> None:
    """10 templates of 3 equal prompts, 5 of which failed: design effect 3.22, so likeness 1.

    Shrunk (5 x 1 + 0.3) / 6 = 0.883, effect 1 + 2 x 0.883 = 2.767; t(29)/t(9) = 2.0452/2.2622:
    30/2.767 x 0.8174 = 8.86.
    """
    values = [float(number < 5) for number in range(10) for _ in range(3)]
    groups = [number for number in range(10) for _ in range(3)]

    assert effective_size(values, groups, spread=0.25) == pytest.approx(8.86, abs=0.005)


def test_one_group_tells_no_more_than_one_observation() -> None:
    assert effective_size([1.0, 0.0, 1.0], ["g"] * 3, spread=0.2) == 1


def test_all_passed_in_groups_is_wider_than_alone_but_not_absurdly() -> None:
    groups = [number // 3 for number in range(30)]

    alone, grouped = clustered_share([1.0] * 30, range(30)), clustered_share([1.0] * 30, groups)

    assert alone is not None
    assert grouped is not None
    assert 0.79 < grouped.low < alone.low
    assert grouped.value == grouped.high == 1


def test_nothing_has_no_interval() -> None:
    assert clustered_share([], []) is None
    assert quantile([], 0.5) is None


shares = st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 5)), min_size=1)


@given(shares)
def test_a_clustered_interval_holds_the_share_and_is_never_narrower_than_alone(
    marks: list[tuple[float, int]],
) -> None:
    values = [value for value, _group in marks]

    grouped = clustered_share(values, [group for _value, group in marks])

    assert grouped is not None
    low, high = wilson(sum(values), len(values))
    assert 0 <= grouped.low <= grouped.value <= grouped.high <= 1
    assert grouped.high - grouped.low >= high - low - 1e-9


def test_the_clustered_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """12 templates of 5 prompts, pass rate of a template 0.2 or 0.9: the true mean is 0.55."""
    draw, covered = random.Random(7), 0  # noqa: S311  a simulation
    groups = [group for group in range(12) for _ in range(5)]
    for _ in range(400):
        rates = [draw.choice([0.2, 0.9]) for _ in range(12)]
        interval = clustered_share([float(draw.random() < rates[one]) for one in groups], groups)
        assert interval is not None
        covered += interval.low <= 0.55 <= interval.high

    assert covered / 400 >= 0.92


def test_the_median_of_a_hundred_lies_between_the_40th_and_the_61st() -> None:
    """Hahn and Meeker, Statistical Intervals (1991), table A.15a: ranks 40 and 61 for n = 100."""
    interval = quantile([float(value) for value in range(1, 101)], 0.5)

    assert interval is not None
    assert (interval.low, interval.value, interval.high) == (40, 50, 61)


def test_too_few_values_for_p95_say_what_the_interval_covers() -> None:
    """Of 24 values the largest exceeds p95 with 1 - 0.95^24 = 70.8%, the 20th with 0.4% more."""
    interval = quantile([float(value) for value in range(24)], 0.95)

    assert interval is not None
    assert interval.high == 23
    assert interval.method == "order statistics (95%), too few values: covers 70%"


@given(st.lists(st.floats(0, 1e6), min_size=1), st.sampled_from([0.5, 0.95]))
def test_a_quantile_lies_in_its_interval(values: list[float], share: float) -> None:
    interval = quantile(values, share)

    assert interval is not None
    assert min(values) <= interval.low <= interval.value <= interval.high <= max(values)
