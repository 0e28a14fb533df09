"""When the calls of an open load are due: at random, and whether earlier ones have ended or not."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from playbook.trials.timing import Timing

One = TypeVar("One")


def poisson_arrivals(rate_per_s: float, calls: int, rng: random.Random) -> tuple[float, ...]:
    """Return when so many calls are due, in seconds from the start, in order.

    The gaps between them are exponential, as those of many callers who know nothing of each other.

    Args:
        rate_per_s: Calls a second on average, above 0.
        calls: Number of calls.
        rng: Source of chance.

    Source: D. Knuth, The Art of Computer Programming 2, section 3.4.1 D.

    Example:
        >>> [round(one, 2) for one in poisson_arrivals(2.0, 3, random.Random(7))]
        [0.2, 0.28, 0.8]
    """
    due_s, found = 0.0, []
    for _ in range(calls):
        due_s += rng.expovariate(rate_per_s)
        found.append(due_s)
    return tuple(found)


async def send_when_due(
    calls: Sequence[tuple[float, One]],
    send: Callable[[One, float], Awaitable[object]],
    *,
    timing: Timing,
) -> None:
    """Send each call when it is due, whether earlier ones have ended or not.

    The time starts with the first call. What is sent is told when it was due, so that what it waits
    for from then on counts as its latency.

    Args:
        calls: When each is due, in seconds, and what is sent; in order.
        send: Sends one, told when it was due on the clock.
        timing: Clock and sleep.
    """
    begun_s = timing.clock() - (calls[0][0] if calls else 0.0)
    async with asyncio.TaskGroup() as group:
        for offset_s, one in calls:
            due_s = begun_s + offset_s
            while (wait_s := due_s - timing.clock()) > 0:
                await timing.sleep(wait_s)
            group.create_task(_sent(send, one, due_s))


async def _sent(send: Callable[[One, float], Awaitable[object]], one: One, due_s: float) -> None:
    await send(one, due_s)
