"""How many calls are in flight at one endpoint: few at first, more while it keeps up.

Each round of good answers adds a call, or doubles them until the first sign of too many; a refusal,
a timeout or a server's error halves them. Where answers come much later than they did with few
calls in flight, calls queue inside the endpoint, and fewer are sent.

Source: additive increase, multiplicative decrease: Chiu and Jain, Analysis of the increase and
decrease algorithms for congestion avoidance, Computer Networks and ISDN Systems 17 (1989).
"""

from __future__ import annotations

import asyncio
from collections import deque
from statistics import median

START = 2
FEWEST_TIMED = 5
LATER_TOLERATED = 2.0
"""Times the best median latency that still count as keeping up."""
NOISE_S = 0.05
HALF = 0.5


class InFlight:
    """Places in flight, given first come, first served.

    Args:
        ceiling: The most places there may ever be.
        adapts: Whether their number changes; else it is the ceiling.
    """

    def __init__(self, ceiling: int, *, adapts: bool) -> None:
        self._ceiling = ceiling
        self._adapts = adapts
        self._places = float(min(START, ceiling) if adapts else ceiling)
        self._taken = 0
        self._number = 0
        self._cut_at = 0
        self._doubles = True
        self._keeps_up = True
        self._latencies_s: list[float] = []
        self._round = FEWEST_TIMED
        self._best_s = float("inf")
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def places(self) -> int:
        """Return how many calls may be in flight now."""
        return int(self._places)

    async def enter(self) -> int:
        """Wait for a place; return the number of the call, with which it leaves."""
        if self._taken >= self.places or self._waiting:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._give_up(turn)
                raise
        else:
            self._taken += 1
        self._number += 1
        return self._number

    def leave(self, number: int, *, latency_s: float | None = None, strained: bool = False) -> None:
        """Free a place and learn from the call.

        Args:
            number: Of the call.
            latency_s: How late its answer began; None where it is not known or there was none.
            strained: Whether the endpoint refused it, was too slow or failed.
        """
        full = self._taken >= self.places
        self._taken -= 1
        if self._adapts:
            if strained:
                self._cut(number, HALF)
            elif latency_s is not None:
                self._answered(number, latency_s, full=full)
        self._wake()

    def _answered(self, number: int, latency_s: float, *, full: bool) -> None:
        self._latencies_s.append(latency_s)
        if len(self._latencies_s) >= self._round:
            usual_s, self._latencies_s = median(self._latencies_s), []
            self._round = max(FEWEST_TIMED, self.places)
            allowed_s = LATER_TOLERATED * self._best_s + NOISE_S
            self._keeps_up = usual_s <= allowed_s
            alone = self.places == 1  # then it is the endpoint itself that has become slower
            self._best_s = usual_s if alone else min(usual_s, self._best_s)
            if not self._keeps_up:
                self._cut(number, max(HALF, allowed_s / usual_s))
        if full and self._keeps_up and number > self._cut_at:
            more = 1.0 if self._doubles else 1.0 / self._places
            self._places = min(self._ceiling, self._places + more)

    def _cut(self, number: int, share: float) -> None:
        """Take places away, once for all calls that were in flight together."""
        if number > self._cut_at:
            self._places = max(1.0, self._places * share)
            self._cut_at = self._number
            self._doubles = False

    def _wake(self) -> None:
        while self._waiting and self._taken < self.places:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._taken += 1

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        """Leave the queue, or hand on a place that was given just before."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif turn.done() and not turn.cancelled():
            self._taken -= 1
            self._wake()
