"""Verdicts by a margin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.trials.interval import Interval
from playbook.trials.statistics.equivalence import judge_by_margin, shares_within_margin
from playbook.trials.statistics.means import clustered_mean, means_within_margin
from playbook.trials.statistics.paired import tango


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (-0.04, 0.04, "equivalent"),
        (0.01, 0.04, "equivalent"),
        (-0.04, 0.2, "not inferior"),
        (0.06, 0.2, "different"),
        (-0.2, -0.06, "inferior"),
        (-0.2, 0.04, "inconclusive"),
        (-0.2, -0.01, "inconclusive"),
        (-0.05, 0.04, "inconclusive"),
        (-0.04, 0.05, "not inferior"),
    ],
)
def test_the_verdict_is_read_off_the_interval(low: float, high: float, says: str) -> None:
    interval = Interval(value=(low + high) / 2, low=low, high=high, n=100, method="")

    assert judge_by_margin(interval, margin=0.05) == says


counts = st.integers(0, 30)


@given(counts, counts, st.integers(1, 300), st.sampled_from([0.02, 0.05, 0.1]))
def test_p_values_and_interval_never_contradict_each_other(
    first: int, second: int, same: int, margin: float
) -> None:
    n = first + second + same

    low, high = tango(first, second, n)
    below, above = shares_within_margin(first, second, n, margin=margin)

    if abs(low + margin) > 1e-6:
        assert (below < 0.025) == (low > -margin)
    if abs(high - margin) > 1e-6:
        assert (above < 0.025) == (high < margin)


def test_73_equal_answers_are_needed_to_show_a_margin_of_5_points() -> None:
    """Without a discordant pair the interval ends at z^2 / (n + z^2) = 3.8415 / 76.8415."""
    assert max(shares_within_margin(0, 0, 73, margin=0.05)) < 0.025
    assert max(shares_within_margin(0, 0, 72, margin=0.05)) > 0.025


def test_equal_numbers_have_no_spread_and_say_so() -> None:
    found = clustered_mean([0.5] * 10, range(10))

    assert found is not None
    assert found.method == "t over 10 clusters (95%), all values equal: no spread was seen"
    assert means_within_margin([0.0] * 10, range(10), margin=0.1) == (0, 0)
    assert means_within_margin([0.2] * 10, range(10), margin=0.1) == (0, 1)


def test_one_cluster_has_no_interval_of_a_mean() -> None:
    assert clustered_mean([0.1, 0.9], ["g", "g"]) is None
