"""What the client itself did to a latency: its event loop's lag and its process's CPU.

A reply is seen when the event loop comes round to it. While the loop is held up, by code of the
client or by other calls, every time that is read is too long by as much. A timer that is due every
few milliseconds shows how long the loop was held up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from playbook.trials.client import Reply

TICK_S = 0.005
"""A hold-up shorter than this may be missed; it can't have added more than this to a time."""


_ROUNDING_S = 0.001
"""A timer may be late by so much by itself: the system's timers are asked in milliseconds."""


class ClientWatch:
    """Watches an event loop while calls are under way, with one timer for all of them."""

    def __init__(self) -> None:
        self._calls: set[CallWatch] = set()
        self._due_s = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def call(self) -> Iterator[CallWatch]:
        """Watch one call until the block ends."""
        watched = CallWatch(self)
        self._calls.add(watched)
        if self._timer is None:
            self._wait()
        try:
            yield watched
        finally:
            self._calls.discard(watched)
            if not self._calls and self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def look(self) -> None:
        """Note how long the timer is overdue, before it can run itself."""
        now_s = time.perf_counter()
        if (lag_s := now_s - self._due_s) > _ROUNDING_S:
            for one in self._calls:
                one.note(lag_s, now_s)

    def _wait(self) -> None:
        self._due_s = time.perf_counter() + TICK_S
        self._timer = asyncio.get_running_loop().call_later(TICK_S, self._tick)

    def _tick(self) -> None:
        self.look()
        self._wait()


class CallWatch:
    """The client during one call."""

    def __init__(self, client: ClientWatch) -> None:
        self._client = client
        self._start_s = time.perf_counter()
        self._cpu_s = time.process_time()
        self._lag_s = 0.0

    def note(self, lag_s: float, now_s: float) -> None:
        """Keep the longest hold-up, as far as it fell into this call."""
        self._lag_s = max(self._lag_s, min(lag_s, now_s - self._start_s))

    def told(self, reply: Reply) -> Reply:
        """Return a reply with what was seen of the client while it came."""
        self._client.look()
        took_s = time.perf_counter() - self._start_s
        busy = (time.process_time() - self._cpu_s) / took_s if took_s > 0 else 0.0
        return replace(reply, client_lag_s=round(self._lag_s, 6), client_busy=round(busy, 4))
