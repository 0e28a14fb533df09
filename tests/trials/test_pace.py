from __future__ import annotations

import asyncio

import pytest

from playbook.trials.pace import Pacer
from tests.trials.conftest import FakeTime, an_endpoint


def starts(tokens: list[int], *, pause_s: float = 0.0, **limits: int) -> list[float]:
    time = FakeTime()
    pacer = Pacer(an_endpoint(**limits), time.timing())

    async def run() -> list[float]:
        begun = []
        for count in tokens:
            await pacer.turn(count)
            begun.append(time.seconds)
            if pause_s:
                pacer.pause(pause_s)
        return begun

    return asyncio.run(run())


def test_an_endpoint_without_limits_is_not_held_back() -> None:
    assert starts([1_000] * 3) == [0, 0, 0]


def test_calls_are_spaced_by_requests_a_minute() -> None:
    assert starts([1] * 3, rpm=30) == pytest.approx([0, 2, 4])


def test_calls_are_spaced_by_tokens_a_minute() -> None:
    assert starts([1_000, 500, 1], tpm=6_000) == pytest.approx([0, 10, 15])


def test_a_pause_holds_the_next_call_back() -> None:
    assert starts([1, 1], pause_s=7.0) == pytest.approx([0, 7])
