"""A server in virtual time that counts requests and tokens, and refuses what passes its limits."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from playbook.trials.client import Message, Request
from playbook.trials.pace import Pacer


@dataclass
class LimitedServer:
    """Counts over any window of so many seconds, from the moment at which a call arrives.

    It charges a call, answer included, when it arrives: the strictest that a server can be.
    """

    rpm: float | None = None
    tpm: float | None = None
    window_s: float = 60.0
    most_requests: int = 0
    most_tokens: int = 0
    refused: int = 0
    served: list[tuple[float, int]] = field(default_factory=list)
    _used: int = 0
    _window: deque[tuple[float, int]] = field(default_factory=deque)

    def arrives(self, tokens: int) -> bool:
        """Return whether a call is served."""
        now = asyncio.get_running_loop().time()
        while self._window and self._window[0][0] <= now - self.window_s:
            self._used -= self._window.popleft()[1]
        requests, used = len(self._window) + 1, self._used + tokens
        share = self.window_s / 60
        if requests > (self.rpm or math.inf) * share or used > (self.tpm or math.inf) * share:
            self.refused += 1
            return False
        self._used = used
        self._window.append((now, tokens))
        self.served.append((now, tokens))
        self.most_requests = max(self.most_requests, requests)
        self.most_tokens = max(self.most_tokens, used)
        return True

    def per_minute(self, *, after_s: float) -> tuple[float, float]:
        """Return requests and tokens a minute, once so many seconds have passed."""
        first, last = self.served[0][0] + after_s, self.served[-1][0]
        late = [tokens for at_s, tokens in self.served if first <= at_s < last]
        minutes = (last - first) / 60
        return len(late) / minutes, sum(late) / minutes


@dataclass(frozen=True)
class Traffic:
    """Calls of one kind: how they vary."""

    in_flight: int = 64
    minutes: float = 4.0
    lasts_s: tuple[float, float] = (0.1, 2.0)
    bytes_sent: tuple[int, int] = (200, 2_000)
    bytes_per_token: tuple[float, float] = (3.0, 5.0)
    answer_tokens: tuple[int, int] = (5, 300)
    max_tokens: int = 512
    on_the_way_s: float = 0.004
    tasks: Sequence[str] = ("one",)


async def send_all(pacer: Pacer, server: LimitedServer, traffic: Traffic, seed: int = 0) -> None:
    """Send as much as the pacer lets through, for so many minutes."""
    rng, loop = Random(seed), asyncio.get_running_loop()  # noqa: S311  a simulation
    ends_at = loop.time() + 60 * traffic.minutes

    async def caller() -> None:
        while loop.time() < ends_at:
            size = rng.randint(*traffic.bytes_sent)
            request = Request([Message("user", "x" * size)], max_tokens=traffic.max_tokens)
            task = rng.choice(traffic.tasks)
            place = await pacer.turn(request, task)
            await asyncio.sleep(rng.uniform(0, traffic.on_the_way_s))
            read = int(size / rng.uniform(*traffic.bytes_per_token))
            used = (read, rng.randint(*traffic.answer_tokens))
            if server.arrives(sum(used)):
                await asyncio.sleep(rng.uniform(*traffic.lasts_s))
                pacer.settle(place, request, task, used=used)
            else:
                pacer.settle(place, request, task, refused=True)
                pacer.refused(place, 1.0)

    await asyncio.gather(*(caller() for _ in range(traffic.in_flight)))
