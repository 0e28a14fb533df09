from datetime import timedelta

import pytest

from playbook.trials.load.points import Asked, Level, load_point, meets
from playbook.trials.load.records import LoadPoint
from playbook.trials.records import Attempt
from tests.trials.measured_runs import DAY, an_attempt, answers

LEVEL = Level(first_token_s=1.0, tokens_per_second=10.0, deadline_s=60.0)


def point_of(lines: list[Attempt], *, calls: int | None = None, rate: float = 0.0) -> LoadPoint:
    asked = Asked("open" if rate else "closed", 4, rate, len(lines) - 1 if calls is None else calls)
    return load_point(lines, asked, LEVEL)


def waves(**fields: object) -> list[Attempt]:
    """Return 61 calls, 4 at a time, of 500 tokens, 200 tokens/s together."""
    return list(answers(200, load=4, purpose="load", **fields))


def test_throughput_has_its_interval() -> None:
    point = point_of(waves())

    assert point.output_tokens_per_second is not None
    assert point.requests_per_second is not None
    assert point.output_tokens_per_second.value == pytest.approx(200)
    assert point.requests_per_second.value == pytest.approx(0.4)
    assert point.output_tokens_per_second.low <= 200 <= point.output_tokens_per_second.high
    assert (point.calls, point.usable) == (60, True)


def test_the_first_call_and_calls_that_were_kept_back_do_not_count() -> None:
    refused = an_attempt(99, outcome="refused_by_gate", load=4, total_s=None)

    assert point_of([refused, *waves()], calls=60).calls == 60


def test_calls_in_which_the_client_was_slow_are_thrown_out_and_counted() -> None:
    """5 of 60 are: fewer than a tenth."""
    slow = {"client": "lean", "client_lag_s": 5.0, "client_busy": 0.5}
    lines = [one.changed(**slow) if 10 <= n < 15 else one for n, one in enumerate(waves())]

    point = point_of(lines)

    assert (point.calls, point.client_bound_calls, point.usable) == (55, 5, True)


def test_a_load_at_which_the_client_was_slow_measures_nothing() -> None:
    busy = {"client": "lean", "client_lag_s": 0.019, "client_busy": 0.95}

    point = point_of([one.changed(**busy) for one in waves()])

    assert not point.usable
    assert point.because.startswith("in 60 of 60 calls this machine, not the endpoint")


def test_a_load_that_was_cut_short_measures_nothing() -> None:
    point = point_of(waves(), calls=200)

    assert point.because == "only 60 of 200 calls were made"


def test_a_call_past_its_deadline_counts_as_slow_as_the_deadline() -> None:
    """A third of the calls: the 95th percentile is one of them."""
    late = {"outcome": "timeout", "total_s": None, "first_token_s": None, "output_tokens": None}
    lines = [one.changed(**late) if n % 3 == 0 else one for n, one in enumerate(waves())]

    point = point_of(lines)

    assert point.first_token_p95_s is not None
    assert point.first_token_p95_s.value == 60.0
    assert point.error_share is not None
    assert point.error_share.value == pytest.approx(20 / 60)


def test_an_endpoint_that_does_not_stream_shows_no_time_to_first_token() -> None:
    point = point_of([one.changed(first_token_s=None) for one in waves()])

    assert point.first_token_p95_s is None
    assert point.slo_share is None
    assert point.slo_unknown == 60


def test_the_service_level_needs_both_a_quick_start_and_speed() -> None:
    def met(**fields: object) -> bool | None:
        return meets(an_attempt(1, **fields), LEVEL)

    assert met(first_token_s=0.9, total_s=10.9, output_tokens=101)
    assert met(first_token_s=1.1, total_s=10.0, output_tokens=101) is False
    assert met(first_token_s=0.9, total_s=10.9, output_tokens=100) is False
    assert met(first_token_s=0.9, total_s=9.9, output_tokens=1)
    assert met(first_token_s=None) is None
    assert met(output_tokens=None) is None


def test_waiting_since_it_was_due_counts_against_the_service_level() -> None:
    assert meets(an_attempt(1, late_s=0.6), LEVEL) is False
    assert meets(an_attempt(1, late_s=0.4, total_s=5.5), LEVEL)


def test_calls_of_which_nobody_can_say_count_as_not_met() -> None:
    lines = [one.changed(output_tokens=None) if n == 30 else one for n, one in enumerate(waves())]

    point = point_of(lines)

    assert point.slo_share is not None
    assert (point.slo_share.value, point.slo_unknown) == (pytest.approx(59 / 60), 1)


def test_the_goodput_is_the_share_of_the_throughput_that_met_the_level() -> None:
    """Every second call begins too late: 0.4 calls/s, half of them good."""
    lines = [
        one.changed(first_token_s=1.5 if n % 2 else 0.0, total_s=10.0, at=one.at)
        for n, one in enumerate(waves())
    ]

    point = point_of(lines)

    assert point.slo_share is not None
    assert point.requests_per_second is not None
    assert point.goodput_per_s == pytest.approx(
        point.requests_per_second.value * point.slo_share.value, rel=0.02
    )


def test_an_open_load_is_taken_from_the_first_answer_to_the_last() -> None:
    """Calls due at 0, 1, ..., 60 s, each sent 2 s late."""
    lines = [
        an_attempt(n, load=256, rate_per_s=1.0, late_s=2.0, at=DAY + timedelta(seconds=n + 12.5))
        for n in range(61)
    ]

    point = point_of(lines, rate=1.0)

    assert point.seconds == pytest.approx(59.0)
    assert point.held_back_calls == 60
    assert point.first_token_p50_s is not None
    assert point.first_token_p50_s.value == 2.5


def test_of_no_calls_nothing_is_said() -> None:
    point = point_of([], calls=60)

    assert point.because == "only 0 of 60 calls were made"
    assert (point.error_share, point.slo_share, point.goodput_per_s) == (None, None, None)
