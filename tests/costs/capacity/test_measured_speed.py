import pytest

from playbook.costs.capacity.measured_speed import NONE, correction_of, measurements_of
from tests.costs.builders import a_catalog, a_measurement, a_replica, a_setup, the_fit


def factor_of(*times_estimate: float) -> float:
    found = [a_measurement(one) for one in times_estimate]
    return correction_of(a_setup(), found, the_fit(), shrinkage=0.3).factor


def test_without_measurements_the_estimate_stays() -> None:
    assert correction_of(a_setup(), [], the_fit(), shrinkage=0.3) is NONE


def test_one_measurement_at_half_the_estimate_by_hand() -> None:
    """exp(log(0.5) x 1 / 1.3) = 0.587."""
    assert factor_of(0.5) == pytest.approx(0.587, abs=0.001)


def test_a_measurement_of_calls_that_would_not_fit_says_nothing() -> None:
    endless = a_measurement(0.5, mean_input_tokens=5e6)
    alone = correction_of(a_setup(), [endless], the_fit(), shrinkage=0.3)
    beside = correction_of(a_setup(), [endless, a_measurement(0.5)], the_fit(), shrinkage=0.3)

    assert alone is NONE
    assert (beside.factor, beside.measurements) == (pytest.approx(0.587, abs=0.001), 1)


def test_more_measurements_count_more() -> None:
    """exp(log(0.5) x 3 / 3.3) = 0.533."""
    assert factor_of(0.5, 0.5, 0.5) == pytest.approx(0.533, abs=0.001)


def test_a_faster_measurement_never_makes_the_estimate_slower() -> None:
    factors = [factor_of(0.8, one) for one in (0.2, 0.5, 0.9, 1.0, 1.5, 4.0)]

    assert factors == sorted(factors)


def test_each_measurement_narrows_what_remains_open() -> None:
    """1 / sqrt(1 + 1 / 1.3) = 0.752 and 1 / sqrt(1 + 3 / 3.3) = 0.724."""
    spreads = [
        correction_of(a_setup(), [a_measurement(1.0)] * count, the_fit(), shrinkage=0.3).spread
        for count in (1, 3)
    ]

    assert spreads == pytest.approx([0.752, 0.724], abs=0.001)


def test_three_concurrencies_show_a_slow_host_in_the_overhead() -> None:
    """A lone call is slowed most by the host, a large batch least."""
    found = [
        a_measurement(times, concurrency=calls)
        for calls, times in ((1, 0.6), (16, 0.7), (64, 0.85))
    ]

    correction = correction_of(a_setup(), found, the_fit(), shrinkage=0.3)

    assert 1.0 < correction.overhead <= 2.0


def test_two_concurrencies_change_no_overhead() -> None:
    found = [a_measurement(0.6, concurrency=1), a_measurement(1.0, concurrency=64)]

    assert correction_of(a_setup(), found, the_fit(), shrinkage=0.3).overhead == 1.0


@pytest.mark.parametrize(
    "other",
    [
        {"model": "large-70b"},
        {"engine": "vllm"},
        {"gpu": "l4"},
        {"gpus": 2},
        {"precision": "fp8"},
        {"output_tokens_per_second": None},
    ],
)
def test_only_measurements_of_exactly_this_deployment_count(other: dict[str, object]) -> None:
    same, different = a_measurement(0.5), a_measurement(0.5, endpoint="theirs", **other)
    catalog = a_catalog().with_measurements([same, different])

    assert measurements_of(catalog, a_replica()) == (same,)
