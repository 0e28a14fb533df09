"""The circuit breaker of one endpoint, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise

from playbook.trials.breaker import COOL_DOWNS_S, OPENS_AFTER, Breaker
from tests.trials.virtual_time import run_virtually, virtual_timing


def calls_at(
    works: Callable[[float], bool], *, callers: int = 4, calls: int = 40, wait_s: float = 0.0
) -> tuple[list[float], Breaker]:
    """Return when calls were made, in seconds from the first, and the breaker.

    Args:
        works: Whether the endpoint answers, of the time.
        callers: How many call side by side.
        calls: How many calls they have together.
        wait_s: What the endpoint asks to wait when it fails.
    """
    begun: list[float] = []
    breaker = Breaker(virtual_timing())

    async def run() -> None:
        loop = asyncio.get_running_loop()
        start, waiting = loop.time(), iter(range(calls))

        async def caller() -> None:
            for _ in waiting:
                admission = await breaker.admit()
                if admission is None:
                    return
                begun.append(loop.time() - start)
                await asyncio.sleep(0.1)
                if works(loop.time() - start):
                    breaker.answered()
                else:
                    breaker.failed("server: 500", probes=admission.probes, wait_s=wait_s)

        await asyncio.gather(*(caller() for _ in range(callers)))

    run_virtually(run())
    return begun, breaker


def test_calls_that_work_are_never_held_back() -> None:
    begun, breaker = calls_at(lambda _: True)

    assert len(begun) == 40
    assert breaker.closed
    assert breaker.words == ""


def test_an_endpoint_that_never_answers_is_given_up_after_two_more_tries() -> None:
    begun, breaker = calls_at(lambda _: False, callers=1)

    assert len(begun) == OPENS_AFTER + 2
    first, second = begun[-2:]
    assert first - begun[OPENS_AFTER - 1] >= COOL_DOWNS_S[0]
    assert second - first >= COOL_DOWNS_S[1]
    assert breaker.gave_up == (
        "8 calls in a row failed, and so did one after each wait of 2 s, 4 s (server: 500)"
    )


def test_one_that_answered_before_gets_all_waits_each_longer() -> None:
    begun, breaker = calls_at(lambda at_s: at_s < 0.2)

    probes = begun[-len(COOL_DOWNS_S) :]
    waits = [after - before for before, after in pairwise(probes)]
    assert waits == sorted(waits)
    assert len(set(waits)) == len(waits)
    assert breaker.gave_up


def test_all_go_on_once_the_one_call_that_tries_again_was_answered() -> None:
    begun, breaker = calls_at(lambda at_s: at_s < 0.2 or at_s > 5, calls=60)

    assert len(begun) == 60
    assert breaker.closed
    outage = [one for one in begun if 0.4 < one < 5]
    assert len(outage) <= 3
    assert max(begun.count(one) for one in outage) == 1


def test_failures_between_answers_open_nothing() -> None:
    breaker = Breaker(virtual_timing())

    for _ in range(10):
        for _ in range(OPENS_AFTER - 1):
            breaker.failed("server: 500", probes=False)
        breaker.answered()

    assert breaker.closed


def test_a_longer_wait_that_the_endpoint_asks_for_is_kept() -> None:
    begun, _breaker = calls_at(lambda at_s: at_s > 20, callers=1, wait_s=30)

    assert min(one for one in begun[OPENS_AFTER:]) >= 30


def test_a_try_that_was_not_made_after_all_leaves_it_to_the_next() -> None:
    async def run() -> list[bool]:
        breaker = Breaker(virtual_timing())
        for _ in range(OPENS_AFTER):
            breaker.failed("connection: reset", probes=False)
        first, second = asyncio.create_task(breaker.admit()), asyncio.create_task(breaker.admit())
        told = await first
        assert told is not None
        assert breaker.words == "not answering, one call tries again"
        breaker.released(probes=True)
        other = await second
        assert other is not None
        return [told.probes, other.probes]

    assert run_virtually(run()) == [True, True]


def test_it_tells_what_it_waits_for() -> None:
    async def run() -> str:
        breaker = Breaker(virtual_timing())
        for _ in range(OPENS_AFTER):
            breaker.failed("connection: reset", probes=False)
        return breaker.words

    assert run_virtually(run()) == "not answering, another try in 2 s"
