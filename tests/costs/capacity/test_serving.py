import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.costs.capacity.serving import Capacity, Limits, serve
from tests.costs.builders import a_curve

LOOSE = Limits(first_token_s=100.0, output_tokens_per_second=0.01)


def served(limits: Limits = LOOSE, factor: float = 1.0) -> Capacity:
    return serve(a_curve(), np.array([factor]), limits=limits)


def test_without_tight_limits_all_calls_that_fit_are_decoded_together() -> None:
    """A hundred calls at 30 ms a token give 3,333 tokens a second."""
    found = served()

    assert found.batch[0] == 100
    assert found.output_tokens_per_second[0] == pytest.approx(100 / 0.030)


def test_no_more_calls_are_decoded_together_than_fit() -> None:
    found = serve(a_curve(most=20), np.ones(1), limits=LOOSE)

    assert found.batch[0] == 20


def test_the_speed_limit_stops_the_batch_where_a_token_takes_as_long() -> None:
    """At 66.6 tokens a second a token may take 15 ms: ten calls."""
    found = served(Limits(first_token_s=100.0, output_tokens_per_second=66.6))

    assert found.batch[0] == 10


def test_the_first_token_stops_the_batch_too() -> None:
    found = served(Limits(first_token_s=0.12, output_tokens_per_second=0.01))

    assert found.batch[0] == 10


def test_limits_that_a_lone_call_misses_are_reported_with_the_figures_of_one_call() -> None:
    found = served(Limits(first_token_s=100.0, output_tokens_per_second=101.0))

    assert not found.meets_limits[0]
    assert (found.batch[0], found.seconds_per_output_token[0]) == (1, pytest.approx(0.010))


@given(first=st.floats(0.3, 3.0), second=st.floats(0.3, 3.0))
def test_a_faster_replica_never_gives_less(first: float, second: float) -> None:
    low, high = sorted((first, second))
    limits = Limits(first_token_s=0.15, output_tokens_per_second=60.0)

    found = serve(a_curve(), np.array([low, high]), limits=limits)

    assert found.batch[0] <= found.batch[1]
    assert found.output_tokens_per_second[0] <= found.output_tokens_per_second[1] * 1.000001


@given(factor=st.floats(0.3, 3.0), speed=st.floats(1.0, 100.0), first=st.floats(0.05, 1.0))
def test_figures_of_a_batch_within_the_limits_hold_them(
    factor: float, speed: float, first: float
) -> None:
    limits = Limits(first_token_s=first, output_tokens_per_second=speed)

    found = serve(a_curve(), np.array([factor]), limits=limits)

    if found.meets_limits[0]:
        assert found.seconds_per_output_token[0] * speed <= 1.0001
        assert found.first_token_s[0] <= first * 1.0001
