"""A circuit breaker for one endpoint: after many failures in a row, wait, then try one call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from playbook.trials.timing import Timing

OPENS_AFTER = 8
COOL_DOWNS_S = (2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
"""Waits before one call is tried again; after the last one failed too, the endpoint is given up."""
COOL_DOWNS_OF_UNHEARD = 2
"""So many of these waits are made for an endpoint that has not answered anything in this run."""


@dataclass(frozen=True)
class Admission:
    """What a call had to wait for."""

    waited_s: float
    """Seconds."""
    probes: bool
    """Whether it is the one call that tries the endpoint again."""


class Breaker:
    """Lets calls through until the endpoint fails again and again.

    Closed, it lets all through. Open, it lets none through until a wait is over; then one call
    tries the endpoint for all others. Every wait is longer than the one before.
    """

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._queue = asyncio.Lock()
        self._decided = asyncio.Event()
        self._failures = 0
        self._heard = False
        self._openings = 0
        self._open_until: float | None = None
        self._probing = False
        self._because = ""

    @property
    def closed(self) -> bool:
        """Return whether calls may go."""
        return self._open_until is None

    @property
    def gave_up(self) -> str:
        """Return why no call will go any more; empty while some may."""
        most = len(COOL_DOWNS_S) if self._heard else COOL_DOWNS_OF_UNHEARD
        if self._openings <= most:
            return ""
        waits = " s, ".join(f"{one:g}" for one in COOL_DOWNS_S[:most])
        return (
            f"{OPENS_AFTER} calls in a row failed, and so did one after each wait of {waits} s "
            f"({self._because})"
        )

    @property
    def words(self) -> str:
        """Return what it waits for, for people; empty when it is closed."""
        if self._open_until is None:
            return ""
        if self._probing:
            return "not answering, one call tries again"
        left_s = max(0.0, self._open_until - self._timing.clock())
        return f"not answering, another try in {left_s:.0f} s"

    async def admit(self) -> Admission | None:
        """Wait until a call may go; None when the endpoint is given up.

        Whoever is let through says how the call went: `answered` or `failed`.
        """
        begun = self._timing.clock()
        if self.closed:
            return Admission(0.0, probes=False)
        async with self._queue:
            while self._open_until is not None and not self.gave_up:
                if self._probing:
                    await self._decided.wait()
                elif (wait_s := self._open_until - self._timing.clock()) > 0:
                    await self._timing.sleep(wait_s)
                else:
                    self._probing = True
                    self._decided.clear()
                    return Admission(self._timing.clock() - begun, probes=True)
        return None if self.gave_up else Admission(self._timing.clock() - begun, probes=False)

    def answered(self) -> None:
        """Take in that the endpoint answered, with whatever."""
        self._heard = True
        self._failures = self._openings = 0
        self._open_until = None
        self._decide()

    def failed(self, because: str, *, probes: bool, wait_s: float = 0.0) -> None:
        """Take in that a call failed.

        Args:
            because: Why, as it may be told.
            probes: Whether it was the one that tried the endpoint again.
            wait_s: Least wait that the endpoint asked for, seconds.
        """
        self._failures += 1
        self._because = because
        if probes or (self.closed and self._failures >= OPENS_AFTER):
            cool_down_s = COOL_DOWNS_S[min(self._openings, len(COOL_DOWNS_S) - 1)]
            self._openings += 1
            self._open_until = self._timing.clock() + max(cool_down_s, wait_s)
            self._decide()

    def released(self, *, probes: bool) -> None:
        """Take in that a call was not made after all, or that it said nothing of the endpoint."""
        if probes and self._probing:
            self._decide()

    def _decide(self) -> None:
        self._probing = False
        self._decided.set()
