import pytest

from playbook.trials.load.in_flight import Call
from playbook.trials.load.rates import rate_interval

TEN = [Call(float(n), n + 1.0, 0) for n in range(10)]


def test_a_steady_rate_has_a_narrow_interval() -> None:
    found = rate_interval(TEN, [5.0] * 10, [(0.0, 10.0)])

    assert found is not None
    assert (found.value, found.low, found.high, found.n) == (5.0, 5.0, 5.0, 10)


def test_the_interval_is_that_of_students_t_over_the_batches() -> None:
    """Batches of 2 and 4 by turns: mean 3, standard deviation 1.0541, t(9) 2.2622, n 10."""
    found = rate_interval(TEN, [2.0, 4.0] * 5, [(0.0, 10.0)])

    assert found is not None
    assert found.value == pytest.approx(3.0)
    assert found.high - found.value == pytest.approx(2.2622 * 1.0541 / 10**0.5, rel=1e-4)


def test_pauses_between_the_times_do_not_count() -> None:
    late = [*TEN[:5], *(Call(one.start_s + 100, one.end_s + 100, 0) for one in TEN[5:])]

    found = rate_interval(late, [5.0] * 10, [(0.0, 5.0), (105.0, 110.0)])

    assert found is not None
    assert found.value == pytest.approx(5.0)


def test_batches_are_no_shorter_than_a_call() -> None:
    """Calls of 2 s over 10 s: 5 batches."""
    found = rate_interval([Call(n, n + 2.0, 0) for n in range(0, 10, 2)], [1.0] * 5, [(0, 10)])

    assert found is not None
    assert found.n == 5


def test_too_short_a_time_says_so() -> None:
    found = rate_interval([Call(0, 10, 0)], [1.0], [(0, 10)])

    assert found is not None
    assert found.method == "batch means, 3 batches (95%), each shorter than a call"


def test_no_time_has_no_rate() -> None:
    assert rate_interval(TEN, [1.0] * 10, []) is None
    assert rate_interval([], [], [(0, 10)]) is None
