"""The watch sees what the client's own code does to the times of its calls."""

from __future__ import annotations

import asyncio
import time

from playbook.trials.client import Reply
from playbook.trials.client_watch import ClientWatch

REPLY = Reply("hi", "m", "stop", 1, 1, first_token_s=0.1, total_s=0.2)
HELD_UP_S = 0.2


def hold_up(seconds: float) -> None:
    """Use the CPU and let nothing else run, as a slow client does."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


async def call(watch: ClientWatch, seconds: float) -> Reply:
    with watch.call() as watched:
        await asyncio.sleep(seconds)
        return watched.told(REPLY)


def test_loop_that_is_held_up_during_a_call_is_told_with_it() -> None:
    async def both() -> Reply:
        waiting = asyncio.create_task(call(ClientWatch(), HELD_UP_S))
        await asyncio.sleep(0)
        hold_up(HELD_UP_S)
        return await waiting

    reply = asyncio.run(both())

    assert reply.client_lag_s is not None
    assert reply.client_lag_s > HELD_UP_S / 2
    assert reply.client_busy is not None
    assert reply.client_busy > 0.2


def test_call_that_holds_the_loop_up_itself_is_told_too() -> None:
    """Its timer can't run before it ends."""

    async def once() -> Reply:
        with ClientWatch().call() as watched:
            hold_up(HELD_UP_S)
            return watched.told(REPLY)

    assert (asyncio.run(once()).client_lag_s or 0.0) > HELD_UP_S / 2


def test_hold_up_before_a_call_is_not_its_own() -> None:
    async def both() -> Reply:
        watch = ClientWatch()
        other = asyncio.create_task(call(watch, 10))
        await asyncio.sleep(0)
        hold_up(HELD_UP_S)
        with watch.call() as watched:
            reply = watched.told(REPLY)
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
        return reply

    assert (asyncio.run(both()).client_lag_s or 0.0) < HELD_UP_S / 2


def test_nothing_ticks_when_no_call_is_under_way() -> None:
    async def one_after_another() -> None:
        watch = ClientWatch()
        await asyncio.gather(*(call(watch, 0.01) for _ in range(3)))
        assert watch._timer is None  # noqa: SLF001  what would keep ticking
        await call(watch, 0.0)

    asyncio.run(one_after_another())


def test_rest_of_a_reply_is_left_as_it_is() -> None:
    reply = asyncio.run(call(ClientWatch(), 0.0))

    assert (reply.text, reply.first_token_s, reply.total_s) == ("hi", 0.1, 0.2)
