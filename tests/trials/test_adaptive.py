"""How many calls are in flight, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from playbook.trials.adaptive import START, InFlight
from tests.trials.virtual_time import run_virtually

CEILING = 64


def places_over(
    latency_s: Callable[[int], float],
    *,
    calls: int = 2_000,
    strained: Callable[[int], bool] = lambda _: False,
    adapts: bool = True,
    served_at_once: int = CEILING,
) -> list[int]:
    """Return how many places there were at the start of each call.

    Args:
        latency_s: Of the number in flight.
        calls: How many are made.
        strained: Of the number in flight: whether the endpoint refuses.
        adapts: Whether the number changes.
        served_at_once: Calls that the endpoint works on; others wait inside it.
    """
    seen: list[int] = []

    async def run() -> None:
        places, busy = InFlight(CEILING, adapts=adapts), 0
        inside, loop = asyncio.Semaphore(served_at_once), asyncio.get_running_loop()

        async def call() -> None:
            nonlocal busy
            number = await places.enter()
            busy += 1
            seen.append(places.places)
            assert busy <= CEILING
            began_s, refused = loop.time(), strained(busy)
            async with inside:
                await asyncio.sleep(latency_s(busy))
            busy -= 1
            took = None if refused else loop.time() - began_s
            places.leave(number, latency_s=took, strained=refused)

        async with asyncio.TaskGroup() as group:
            for _ in range(calls):
                group.create_task(call())

    run_virtually(run())
    return seen


def test_it_starts_with_few_calls_and_reaches_the_ceiling_where_latency_holds() -> None:
    seen = places_over(lambda _: 1.0)

    assert seen[0] == START
    assert max(seen[:60]) < CEILING
    assert seen[200] == CEILING
    assert seen == sorted(seen)


def test_it_stays_at_what_the_endpoint_serves_at_once() -> None:
    """Of more than 8 the others only wait inside it: at 16 answers come twice as late."""
    seen = places_over(lambda _: 1.0, served_at_once=8)

    settled = seen[500:]
    assert min(settled) >= 8
    assert max(settled) <= 24


def test_it_stays_near_what_an_endpoint_refuses_more_than() -> None:
    seen = places_over(lambda _: 1.0, strained=lambda busy: busy > 20)

    settled = seen[500:]
    assert min(settled) >= 10
    assert max(settled) <= 21


def test_it_falls_to_one_call_and_no_lower() -> None:
    seen = places_over(lambda _: 1.0, strained=lambda _: True, calls=50)

    assert set(seen[10:]) == {1}


def test_calls_that_failed_together_halve_it_once() -> None:
    async def run() -> list[int]:
        places = InFlight(16, adapts=True)
        for _ in range(60):
            numbers = [await places.enter() for _ in range(places.places)]
            for number in numbers:
                places.leave(number, latency_s=1.0)
        before = places.places
        numbers = [await places.enter() for _ in range(before)]
        for number in numbers:
            places.leave(number, strained=True)
        return [before, places.places]

    assert run_virtually(run()) == [16, 8]


def test_a_measurement_has_exactly_so_many_whatever_happens() -> None:
    seen = places_over(lambda busy: busy, strained=lambda _: True, adapts=False, calls=200)

    assert set(seen) == {CEILING}


def test_an_endpoint_that_has_become_slower_by_itself_is_given_more_calls_again() -> None:
    calls = iter(range(10_000))

    seen = places_over(lambda _: 1.0 if next(calls) < 500 else 10.0)

    assert min(seen[500:]) == 1
    assert seen[-1] > 16


def test_the_same_answers_give_the_same_numbers() -> None:
    runs = [places_over(lambda busy: 1 + busy / 10, calls=300) for _ in range(2)]

    assert runs[0] == runs[1]


@pytest.mark.parametrize("given", [False, True])
def test_a_caller_that_is_cancelled_while_it_waits_takes_no_place(*, given: bool) -> None:
    async def run() -> int:
        places = InFlight(1, adapts=False)
        first = await places.enter()
        waiting = asyncio.create_task(places.enter())
        await asyncio.sleep(0)
        if given:
            places.leave(first)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        if not given:
            places.leave(first)
        return await asyncio.wait_for(places.enter(), 1)

    assert run_virtually(run()) >= 2
