"""What the sides have in common: so many calls, so many at a time, and what they took.

`python -m tests.benchmarks.trials.calling SIDE PORT MODEL CALLS AT_ONCE` runs one side and prints
what it saw of itself as one JSON line. Each runs in a process of its own, so that none has the
libraries, memory or connections of another.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.trials.timed_server import stats

SIDES = {
    "aiohttp": "tests.benchmarks.trials.bare",
    "litellm": "tests.benchmarks.trials.through_litellm",
    "litellm_stream": "tests.benchmarks.trials.through_litellm",
    "lean": "tests.benchmarks.trials.ours",
    "whole_lean": "tests.benchmarks.trials.ours",
    "whole_litellm": "tests.benchmarks.trials.ours",
}


@dataclass(frozen=True)
class Job:
    """What a side is asked to do."""

    side: str
    """Name of the side."""
    port: int
    """Where the server listens."""
    model: str
    """`quick` or `slow`."""
    calls: int
    """Calls that count."""
    at_once: int
    """Calls in flight; as many go before, to load libraries and open connections."""

    @property
    def base(self) -> str:
        """Return the address of the API."""
        return f"http://127.0.0.1:{self.port}/v1"


@dataclass(frozen=True)
class Seen:
    """What a side saw of itself."""

    cpu_s: float
    """CPU of the calls that count, without start-up."""
    seconds: float
    """Time from the first request to the last reply, by the server's clock."""
    first_token_ms: float | None
    """Median time to the first token, or to the whole reply where it came in one piece."""


Ask = Callable[[int], Awaitable[float]]
"""Ask a numbered question; return the seconds to the first token."""


async def take_turns(ask: Ask, job: Job) -> Seen:
    """Ask all questions, so many at a time, and return what they took."""
    await _ask_all(ask, job.at_once, job.at_once)
    stats(job.port)
    before = time.process_time()
    first = await _ask_all(ask, job.calls, job.at_once)
    used = time.process_time() - before
    return Seen(used, checked(job), median(first) * 1000)


def checked(job: Job) -> float:
    """Return the seconds that the server saw, once it is sure that it answered every call."""
    told = stats(job.port)
    assert told["calls"] == job.calls, f"{told['calls']:.0f} of {job.calls} calls"
    return told["seconds"]


async def _ask_all(ask: Ask, calls: int, at_once: int) -> list[float]:
    waiting, first = iter(range(calls)), []

    async def worker() -> None:
        for number in waiting:
            took_s = await ask(number)
            first.append(took_s)

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return first


if __name__ == "__main__":
    _, name, *rest = sys.argv
    asked = Job(name, int(rest[0]), rest[1], int(rest[2]), int(rest[3]))
    seen = importlib.import_module(SIDES[name]).run(asked)
    per_mb = 2**20 if sys.platform == "darwin" else 2**10
    rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / per_mb
    sys.stdout.write(json.dumps({**vars(seen), "rss_mb": rss_mb}) + "\n")
