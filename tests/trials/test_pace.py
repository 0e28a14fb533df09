"""The queue to a server's limits, against simulated servers that enforce them, in virtual time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.trials.client import Message, Request
from playbook.trials.pace import WINDOW_S, Pacer
from playbook.trials.records import Attempt
from tests.trials.conftest import FakeTime, an_endpoint
from tests.trials.limited_server import LimitedServer, Traffic, send_all
from tests.trials.measured_runs import an_attempt
from tests.trials.virtual_time import run_virtually, virtual_timing

REQUEST = Request([Message("user", "question")], max_tokens=100)


def served(
    server: LimitedServer,
    traffic: Traffic,
    seed: int = 0,
    *,
    rpm: int | None = None,
    tpm: int | None = None,
) -> LimitedServer:
    """Return the server after all that a pacer with these limits lets through."""

    async def run() -> None:
        pacer = Pacer(an_endpoint(rpm=rpm, tpm=tpm), virtual_timing())
        await send_all(pacer, server, traffic, seed)

    run_virtually(run())
    return server


def starts(count: int, *, earlier: tuple[Attempt, ...] = (), **limits: int) -> list[float]:
    """Return when so many calls begin that end at once and use 100 tokens each."""
    time = FakeTime()

    async def run() -> list[float]:
        pacer = Pacer(an_endpoint(**limits), time.timing(), earlier=earlier)
        begun = []
        for _ in range(count):
            place = await pacer.turn(REQUEST)
            begun.append(time.seconds)
            pacer.settle(place, REQUEST, used=(90, 10))
        return begun

    return asyncio.run(run())


def test_an_endpoint_without_limits_is_not_held_back() -> None:
    assert starts(3) == [0, 0, 0]


def test_calls_are_spaced_by_requests_a_minute() -> None:
    """30 a minute, aimed at 97.5% of it: 60 / (30 x 0.975) = 2.051 s apart."""
    assert starts(3, rpm=30) == pytest.approx([0, 2.051, 4.103], abs=0.05)


def test_calls_are_spaced_by_the_tokens_that_the_endpoint_counted() -> None:
    """100 tokens each at 6,000 a minute, aimed at 97.5%: 1.026 s apart, whatever was expected."""
    begun = starts(20, tpm=6_000)

    assert (begun[-1] - begun[-6]) / 5 == pytest.approx(1.026, abs=0.05)


@settings(max_examples=12, deadline=None)
@given(
    rpm=st.integers(1, 1_500),
    in_flight=st.integers(1, 100),
    lasts_s=st.floats(0.01, 30),
    seed=st.integers(0, 99),
)
def test_a_server_never_sees_more_requests_than_its_limit_in_any_minute(
    rpm: int, in_flight: int, lasts_s: float, seed: int
) -> None:
    traffic = Traffic(in_flight=in_flight, minutes=2.5, lasts_s=(0.005, lasts_s))

    server = served(LimitedServer(rpm=rpm), traffic, seed, rpm=rpm)

    assert server.refused == 0


@settings(max_examples=12, deadline=None)
@given(
    tpm=st.integers(20_000, 500_000),
    in_flight=st.integers(1, 64),
    lasts_s=st.floats(0.1, 40),
    bytes_per_token=st.floats(1.5, 5),
    answer=st.tuples(st.integers(1, 50), st.integers(50, 512)),
    seed=st.integers(0, 99),
)
def test_a_server_never_sees_more_tokens_than_its_limit_in_any_minute(
    tpm: int,
    in_flight: int,
    lasts_s: float,
    bytes_per_token: float,
    answer: tuple[int, int],
    seed: int,
) -> None:
    traffic = Traffic(
        in_flight=in_flight,
        minutes=2.5,
        lasts_s=(0.1, lasts_s),
        bytes_per_token=(bytes_per_token, bytes_per_token * 1.4),
        answer_tokens=answer,
        tasks=("one", "two"),
    )

    server = served(LimitedServer(tpm=tpm), traffic, seed, tpm=tpm)

    assert server.refused == 0


@pytest.mark.parametrize("rpm", [60, 600, 3_000])
def test_a_server_that_counts_by_the_second_sees_no_burst(rpm: int) -> None:
    server = served(LimitedServer(rpm=rpm, window_s=1.0), Traffic(minutes=1.5), rpm=rpm)

    assert server.refused == 0


@pytest.mark.parametrize("rpm", [10, 100, 600, 3_000])
def test_at_least_95_percent_of_the_requests_are_used_once_warm(rpm: int) -> None:
    server = served(LimitedServer(rpm=rpm), Traffic(in_flight=100, minutes=5), rpm=rpm)

    requests, _tokens = server.per_minute(after_s=60)
    assert requests >= 0.95 * rpm
    assert server.refused == 0


@pytest.mark.parametrize("tpm", [30_000, 200_000, 1_000_000])
def test_at_least_95_percent_of_the_tokens_are_used_once_warm(tpm: int) -> None:
    server = served(LimitedServer(tpm=tpm), Traffic(in_flight=100, minutes=8), tpm=tpm)

    _requests, tokens = server.per_minute(after_s=120)
    assert tokens >= 0.95 * tpm
    assert server.refused == 0


def test_both_limits_are_kept_together() -> None:
    server = LimitedServer(rpm=500, tpm=200_000)

    served(server, Traffic(minutes=5), rpm=500, tpm=200_000)

    assert server.refused == 0
    assert max(server.most_requests / 500, server.most_tokens / 200_000) > 0.95


def test_a_limit_that_is_lower_than_stated_is_found_by_few_refusals() -> None:
    server = served(LimitedServer(rpm=300), Traffic(minutes=10), rpm=600)

    requests, _tokens = server.per_minute(after_s=120)
    assert requests >= 0.8 * 300
    assert server.refused / len(server.served) < 0.05


def test_a_refusal_holds_all_calls_back_and_lowers_the_limit() -> None:
    time = FakeTime()

    async def run() -> list[float]:
        pacer = Pacer(an_endpoint(rpm=60), time.timing())
        place = await pacer.turn(REQUEST)
        pacer.settle(place, REQUEST, refused=True)
        pacer.refused(place, 7.0)
        begun = []
        for _ in range(3):
            pacer.settle(await pacer.turn(REQUEST), REQUEST)
            begun.append(time.seconds)
        return begun

    begun = asyncio.run(run())

    assert begun[0] == pytest.approx(7, abs=0.01)
    assert begun[2] - begun[1] == pytest.approx(60 / (60 * 0.9 * 0.975), abs=0.05)


def test_refusals_of_calls_that_were_under_way_together_count_once() -> None:
    time = FakeTime()

    async def run() -> float:
        pacer = Pacer(an_endpoint(rpm=6_000), time.timing())
        places = [await pacer.turn(REQUEST) for _ in range(20)]
        for place in places:
            pacer.settle(place, REQUEST, refused=True)
            pacer.refused(place, 0.0)
        first = time.seconds
        for _ in range(100):
            pacer.settle(await pacer.turn(REQUEST), REQUEST)
        return (time.seconds - first) / 100

    assert asyncio.run(run()) == pytest.approx(60 / (6_000 * 0.9 * 0.975), rel=0.02)


def test_calls_of_a_run_that_was_killed_just_before_still_count() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)  # the fake clock's
    just_before = tuple(an_attempt(n, at=now - timedelta(seconds=30)) for n in range(10))
    long_before = tuple(an_attempt(n, at=now - timedelta(seconds=90)) for n in range(10))

    (begun,) = starts(1, rpm=10, earlier=just_before)

    assert begun == pytest.approx(WINDOW_S - 30, abs=0.01)
    assert starts(1, rpm=10, earlier=long_before) == [0]


def test_a_call_that_could_never_fit_goes_when_nothing_else_counts() -> None:
    request = Request([Message("user", "question")], max_tokens=50_000)
    time = FakeTime()

    async def run() -> list[float]:
        pacer = Pacer(an_endpoint(tpm=1_000), time.timing())
        begun = []
        for _ in range(2):
            place = await pacer.turn(request)
            begun.append(time.seconds)
            pacer.settle(place, request, used=(10, 600))
        return begun

    first, second = asyncio.run(run())

    assert (first, second) == (0, pytest.approx(WINDOW_S, abs=0.3))


def test_what_a_call_waited_for_is_told_by_cause() -> None:
    time = FakeTime()

    async def run() -> tuple[float, float]:
        pacer = Pacer(an_endpoint(rpm=60), time.timing())
        await pacer.turn(REQUEST)
        pacer.pause(5.0)
        place = await pacer.turn(REQUEST)
        return place.paced_s, place.paused_s

    paced_s, paused_s = asyncio.run(run())

    assert paced_s == pytest.approx(0, abs=0.01)
    assert paused_s == pytest.approx(5, abs=0.01)
