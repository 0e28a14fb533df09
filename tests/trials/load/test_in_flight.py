import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.trials.load.in_flight import Call, settled_state, steady_state


def evenly(number: int, *, seconds: float = 10.0, tokens: int = 100, waves: int = 3) -> list[Call]:
    """Return waves of so many calls at once, each of some seconds and tokens."""
    return [
        Call(wave * seconds, (wave + 1) * seconds, tokens)
        for wave in range(waves)
        for _ in range(number)
    ]


def test_four_calls_of_10_tokens_a_second_write_40_together() -> None:
    found = steady_state(evenly(4))

    assert found is not None
    assert found.in_flight == 4
    assert found.seconds == 30
    assert found.calls == 12
    assert found.output_tokens_per_second == pytest.approx(40)


def test_the_lone_first_call_and_the_thin_end_do_not_count() -> None:
    busy = evenly(4)
    first = Call(-10, 0, 5)
    last = Call(30, 40, 7)

    assert steady_state([first, *busy, last]) == steady_state(busy)


def test_pauses_between_calls_do_not_slow_the_rate() -> None:
    later = [Call(call.start_s + 1e6, call.end_s + 1e6, call.output_tokens) for call in evenly(4)]

    found = steady_state([*evenly(4), *later])

    assert found is not None
    assert (found.seconds, found.output_tokens_per_second) == (60, pytest.approx(40))


def test_calls_that_end_together_count_whole_though_they_end_one_by_one() -> None:
    """Three calls of 10 s and 100 tokens end within 0.2 s of each other: 30 tokens/s together."""
    found = steady_state([Call(0, 10, 100), Call(0, 10.1, 101), Call(0, 10.2, 102)])

    assert found is not None
    assert (found.in_flight, found.seconds) == (3, 10)
    assert found.output_tokens_per_second == pytest.approx(30)


def test_the_first_wave_at_a_full_server_does_not_count() -> None:
    """One place of 1 s, three callers: the first calls take 1, 2 and 3 s, all later ones 3 s."""
    first = [Call(0, 1, 10), Call(0, 2, 10), Call(0, 3, 10)]
    later = [Call(number, number + 3, 10) for number in range(1, 28)]

    found = settled_state([*first, *later])

    assert found is not None
    assert found.in_flight == 3
    assert found.output_tokens_per_second == pytest.approx(10)
    raw = steady_state([*first, *later])
    assert raw is not None
    assert raw.output_tokens_per_second > 10.2


def test_a_short_run_keeps_its_first_wave() -> None:
    assert settled_state(evenly(4, waves=1)) == steady_state(evenly(4, waves=1))


def test_no_call_has_no_steady_state() -> None:
    assert steady_state([]) is None
    assert settled_state([]) is None


SPANS = st.tuples(st.floats(0, 100), st.floats(0.1, 50), st.integers(1, 1_000))


@given(st.lists(SPANS, min_size=1, max_size=20))
def test_never_more_is_written_than_the_calls_wrote(spans: list[tuple[float, float, int]]) -> None:
    calls = [Call(start, start + length, tokens) for start, length, tokens in spans]

    found = steady_state(calls)

    assert found is not None
    written = found.output_tokens_per_second * found.seconds
    assert written <= sum(call.output_tokens for call in calls) * (1 + 1e-9)
    assert 1 <= found.in_flight <= len(calls)
    assert found.calls <= len(calls)
