"""A server of known capacity in virtual time: a queue with so many slots, and stalls on demand."""

from __future__ import annotations

import asyncio
import random
import selectors
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from playbook.trials.load.arrivals import send_when_due
from playbook.trials.load.points import Asked, Level, load_point
from playbook.trials.load.records import LoadPoint
from playbook.trials.records import Attempt
from playbook.trials.timing import Timing
from tests.trials.measured_runs import an_attempt

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Result = TypeVar("Result")
LEVEL = Level(first_token_s=1.0, tokens_per_second=10.0)


class _LeapingSelector(selectors.DefaultSelector):
    """Waits for nothing: the clock leaps to when the next timer is due."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self.now_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose hours pass at once."""

    def __init__(self) -> None:
        self.leaping = _LeapingSelector()
        super().__init__(self.leaping)

    def time(self) -> float:
        return self.leaping.now_s


def at_once(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


@dataclass
class SimulatedServer:
    """Serves so many calls at a time, each in the same time; others queue in order."""

    slots: int = 4
    first_s: float = 0.1
    """From taking a call up to its first token."""
    tokens: int = 50
    tokens_per_second: float = 100.0
    stall: tuple[float, float] = (0.0, 0.0)
    """From when to when it takes nothing up."""
    fails_beyond: int = 10**9
    """Calls in the house at which it refuses more."""

    def __post_init__(self) -> None:
        self.free = asyncio.Semaphore(self.slots)
        self.inside = 0

    @property
    def service_s(self) -> float:
        return self.first_s + (self.tokens - 1) / self.tokens_per_second

    @property
    def capacity_per_s(self) -> float:
        return self.slots / self.service_s

    async def call(self, number: int, *, load: int, rate: float, late_s: float) -> Attempt:
        clock = asyncio.get_running_loop().time
        begun_s = clock()
        fields: dict[str, object] = {"load": load, "rate_per_s": rate, "late_s": late_s}
        if self.inside >= self.fails_beyond:
            await asyncio.sleep(0.01)
            fields |= {"outcome": "error", "output_tokens": None, "first_token_s": None}
            return self._line(number, begun_s, clock(), fields | {"total_s": None})
        self.inside += 1
        try:
            async with self.free:
                if self.stall[0] <= clock() < self.stall[1]:
                    await asyncio.sleep(self.stall[1] - clock())
                await asyncio.sleep(self.first_s)
                first_s = clock() - begun_s
                await asyncio.sleep(self.service_s - self.first_s)
        finally:
            self.inside -= 1
        return self._line(number, begun_s, clock(), fields | {"first_token_s": first_s})

    def _line(
        self, number: int, begun_s: float, ended_s: float, fields: dict[str, object]
    ) -> Attempt:
        told = {"total_s": ended_s - begun_s, "output_tokens": self.tokens} | fields
        at = START + timedelta(seconds=ended_s)
        return an_attempt(number, purpose="load", at=at, **told)


def seeded(seed: int) -> random.Random:
    """Return a source of chance that says the same each time."""
    return random.Random(seed)  # noqa: S311  no secret hangs on it


def closed_load(server: SimulatedServer, in_flight: int, *, calls: int = 200) -> list[Attempt]:
    """Return what a closed load leaves behind, its first call alone."""

    async def run() -> list[Attempt]:
        fresh = replace(server)
        numbers = iter(range(1, calls + 1))
        first = await fresh.call(0, load=in_flight, rate=0.0, late_s=0.0)

        async def work() -> list[Attempt]:
            return [
                await fresh.call(number, load=in_flight, rate=0.0, late_s=0.0) for number in numbers
            ]

        waves = await asyncio.gather(*(work() for _ in range(in_flight)))
        return [first, *(line for lines in waves for line in lines)]

    return at_once(run())


def open_load(
    server: SimulatedServer,
    rate: float,
    arrivals: Sequence[float],
    *,
    places: int = 256,
) -> list[Attempt]:
    """Return what an open load leaves behind, its first call alone."""

    async def run() -> list[Attempt]:
        fresh, loop = replace(server), asyncio.get_running_loop()
        lines = [await fresh.call(0, load=places, rate=rate, late_s=0.0)]

        free = asyncio.Semaphore(places)

        async def send(number: int, due_s: float) -> None:
            async with free:
                late_s = loop.time() - due_s
                lines.append(await fresh.call(number, load=places, rate=rate, late_s=late_s))

        timing = Timing(clock=loop.time, sleep=asyncio.sleep)
        calls = [(due_s, number) for number, due_s in enumerate(arrivals, start=1)]
        await send_when_due(calls, send, timing=timing)
        return lines

    return at_once(run())


def closed_point(server: SimulatedServer, in_flight: int, *, calls: int = 200) -> LoadPoint:
    """Return the point of a closed load."""
    lines = closed_load(server, in_flight, calls=calls)
    return load_point(lines, Asked("closed", in_flight, 0.0, calls), LEVEL)
