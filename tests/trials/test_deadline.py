"""Calls that do not end in time."""

from __future__ import annotations

import asyncio
import time

import pytest

from playbook.trials.deadline import ended_within
from tests.trials.virtual_time import run_virtually


async def stubborn(seconds: float) -> str:
    """Take so long, whoever cancels it."""
    ends_at = asyncio.get_running_loop().time() + seconds
    while (left := ends_at - asyncio.get_running_loop().time()) > 0:
        try:
            await asyncio.sleep(left)
        except asyncio.CancelledError:
            continue
    raise RuntimeError("nobody listens")


def test_a_call_that_ends_in_time_is_left_alone() -> None:
    async def run() -> tuple[bool, str]:
        task = asyncio.create_task(asyncio.sleep(1, "reply"))
        return await ended_within(task, 2), task.result()

    assert run_virtually(run()) == (True, "reply")


def test_a_call_that_is_late_is_cancelled() -> None:
    async def run() -> tuple[bool, bool]:
        task = asyncio.create_task(asyncio.sleep(60))
        return await ended_within(task, 2), task.cancelled()

    assert run_virtually(run()) == (False, True)


def test_a_call_that_does_not_let_itself_be_cancelled_is_left_behind() -> None:
    async def run() -> tuple[bool, float]:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        ended = await ended_within(asyncio.create_task(stubborn(60)), 2)
        took = loop.time() - begun
        await asyncio.sleep(100)  # what it raises later disturbs nobody
        return ended, took

    assert run_virtually(run()) == (False, pytest.approx(2.3))


def test_who_is_cancelled_takes_the_call_along() -> None:
    async def run() -> bool:
        call = asyncio.create_task(asyncio.sleep(60))
        waiting = asyncio.create_task(ended_within(call, 30))
        await asyncio.sleep(1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return call.cancelled()

    begun = time.monotonic()
    assert run_virtually(run())
    assert time.monotonic() - begun < 5
