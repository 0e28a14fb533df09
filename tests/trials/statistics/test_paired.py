"""Paired comparison: golden numbers, symmetry, and verdicts by the margin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.trials import Interval
from playbook.trials.statistics.paired import (
    Pairs,
    holm,
    paired_difference,
    tango,
    verdict,
)


def test_tango_matches_fagerland_lydersen_and_laake() -> None:
    """Statistics in Medicine 33 (2014) 2850-2875, airway data: 1 and 7 of 21: -0.517 to -0.026."""
    assert tango(1, 7, 21) == pytest.approx((-0.517, -0.026), abs=5e-4)


counts = st.integers(0, 40)


@given(counts, counts, counts)
def test_tango_holds_the_difference_and_is_symmetric(b: int, c: int, same: int) -> None:
    n = b + c + same + 1

    low, high = tango(b, c, n)
    mirrored = tango(c, b, n)

    assert -1 <= low <= (b - c) / n <= high <= 1
    assert mirrored == pytest.approx((-high, -low), abs=1e-6)


def test_equal_answers_leave_a_difference_that_shrinks_with_n() -> None:
    few, many = tango(0, 0, 10), tango(0, 0, 1_000)

    assert few[1] == pytest.approx(-few[0])
    assert many[1] < 0.005 < few[1]


def test_holm_multiplies_by_how_many_are_left() -> None:
    """S. Holm (1979): sorted p of 0.01, 0.03, 0.04 times 3, 2, 1, made monotone."""
    assert holm([0.04, 0.01, 0.03]) == pytest.approx((0.06, 0.03, 0.06))
    assert holm([]) == ()


def test_prompts_of_one_template_widen_the_difference() -> None:
    first, second = [True] * 30 + [False] * 30, [True] * 24 + [False] * 36
    alone = paired_difference(Pairs(first, second, list(range(60))))
    grouped = paired_difference(Pairs(first, second, [number // 6 for number in range(60)]))

    assert alone.value == grouped.value == pytest.approx(0.1)
    assert grouped.high - grouped.low > 1.3 * (alone.high - alone.low)
    assert grouped.method.startswith("Tango, paired, 10 groups, as ")


def test_no_pair_has_no_difference() -> None:
    with pytest.raises(ValueError, match="at least one pair"):
        paired_difference(Pairs([], [], []))


@pytest.mark.parametrize(
    ("low", "high", "p_value", "says"),
    [
        (0.02, 0.2, 0.01, "first better"),
        (-0.2, -0.02, 0.01, "second better"),
        (0.02, 0.2, 0.2, "first not inferior"),
        (-0.04, 0.2, 1, "first not inferior"),
        (-0.04, 0.04, 1, "equivalent"),
        (0.01, 0.04, 0.2, "equivalent"),
        (0.01, 0.04, 0.01, "first better"),
        (-0.2, 0.04, 1, "second not inferior"),
        (-0.2, -0.02, 0.2, "second not inferior"),
        (-0.2, 0.2, 1, "inconclusive"),
        (-0.05, 0.2, 1, "inconclusive"),
    ],
)
def test_the_verdict_follows_interval_and_margin(
    low: float, high: float, p_value: float, says: str
) -> None:
    interval = Interval(value=(low + high) / 2, low=low, high=high, n=100, method="")

    assert verdict(interval, p_value, margin=0.05) == says
