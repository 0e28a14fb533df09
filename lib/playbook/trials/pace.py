"""Keep within an endpoint's requests and tokens a minute by waiting, not by being refused.

Calls queue for their turn. They are spaced evenly, so that a server which counts by the second sees
no burst, and counted over the last minute, so that one which counts by the minute sees no more than
its limit, wherever its minutes begin. Tokens are reserved as `TokenGuess` expects them and settled
to what the endpoint counted.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from playbook.profile.endpoints import Endpoint
from playbook.trials.client import Request
from playbook.trials.records import Attempt
from playbook.trials.timing import Timing
from playbook.trials.token_guess import Guess, TokenGuess

SHARE_AIMED_AT = 0.975
"""Of a limit; the rest allows for calls that overtake each other on their way."""
WINDOW_S = 60.5
CATCH_UP_S = 0.015
"""By so much a call that comes late brings the next one forward; less than the room above leaves
in a second."""
LAG_CATCH_UP_S = 0.25
"""The same for a call that was waiting for its time and was woken late on a busy machine; not
after a refusal, which may be that of a server that counts by the second."""
TOKENS_CATCH_UP_S = 1.0
"""The same for tokens, of which each call uses another number."""
LONGEST_NAP_S = 0.25
TOO_SHORT_S = 1e-6
SPREADS_HELD = 3.0
LOWERED_TO = 0.9
LOWEST_SHARE = 0.1
RAISED_BY = 1.02
"""Once a minute without a refusal, until the limit is the stated one again."""


@dataclass
class Entry:
    """An amount in a window; what it is may be set right later."""

    at_s: float
    amount: float


@dataclass(frozen=True)
class Place:
    """A call's place in the queue, once its turn has come."""

    guess: Guess
    """Tokens that are reserved for it."""
    sent: Entry
    """Its input in the window."""
    paced_s: float
    """Seconds waited for the limits."""
    paused_s: float
    """Seconds waited because the endpoint asked all to wait."""


class Pacer:
    """Gives calls to one endpoint their turns, first come, first served.

    Args:
        endpoint: Its `rpm` and `tpm` are the limits; those it lacks are not kept.
        timing: Clock and sleep.
        earlier: Attempts of earlier runs: those of the last minute still count at the endpoint.
    """

    def __init__(
        self, endpoint: Endpoint, timing: Timing, *, earlier: Iterable[Attempt] = ()
    ) -> None:
        self._rpm, self._tpm = endpoint.rpm, endpoint.tpm
        self._timing = timing
        self._queue = asyncio.Lock()
        self._guesses = TokenGuess()
        self._requests, self._tokens = _Window(), _Window()
        self._requests_free_at = self._tokens_free_at = -math.inf
        self._held_tokens = self._held_variance = 0.0
        self._in_flight = 0
        self._share = 1.0
        self._lowered_at = self._clean_since = -math.inf
        self._paused = (0.0, 0.0)
        self._recall(earlier)

    async def turn(self, request: Request, task: str = "") -> Place:
        """Wait for a call's turn; whoever takes a place settles it.

        Args:
            request: What will be sent at once.
            task: What it is alike to in its tokens.
        """
        asked_at = self._timing.clock()
        async with self._queue:
            guess = self._guesses.of(request, task)
            while (wait_s := self._wait_s(guess)) > TOO_SHORT_S:
                await self._timing.sleep(min(wait_s, LONGEST_NAP_S))
                guess = self._guesses.of(request, task)
            return self._take(guess, asked_at)

    def settle(
        self,
        place: Place,
        request: Request,
        task: str = "",
        *,
        used: tuple[int, int] | None = None,
        refused: bool = False,
    ) -> None:
        """Count what a call used, once it has ended.

        Args:
            place: Its place.
            request: What was sent.
            task: What it is alike to.
            used: Input and output tokens as the endpoint counted them; None if it did not say.
            refused: Whether it was turned away, so that it used none.
        """
        self._in_flight -= 1
        self._held_tokens -= place.guess.output_tokens
        self._held_variance -= place.guess.variance
        if self._in_flight == 0:
            self._held_tokens = self._held_variance = 0.0
        if used is not None and used[0] > 0:
            self._guesses.learn(request, task, *used)
        expected = (place.guess.input_tokens, place.guess.output_tokens)
        read, written = (0, 0) if refused else used or expected
        if self._tpm:
            self._tokens.correct(place.sent, read)
            self._tokens.add(self._timing.clock(), written)
            more = read + written - place.guess.tokens
            self._tokens_free_at += more * self._seconds_per(self._tpm)

    def pause(self, seconds: float) -> None:
        """Let no further call begin before so many seconds from now."""
        now = self._timing.clock()
        begun = self._paused[0] if self._paused[1] > now else now
        self._paused = (begun, max(self._paused[1], now + seconds))

    def refused(self, place: Place, pause_s: float) -> None:
        """Pause after the endpoint refused a call for its limits, and take them for lower.

        Refusals of calls that were under way together count once.

        Args:
            place: Place of the refused call.
            pause_s: Seconds for which all calls wait.
        """
        if place.sent.at_s > self._lowered_at:
            self._share = max(LOWEST_SHARE, self._share * LOWERED_TO)
            self._lowered_at = self._timing.clock()
        self._clean_since = self._timing.clock()
        self.pause(pause_s)

    def _take(self, guess: Guess, asked_at: float) -> Place:
        now = self._timing.clock()
        if self._rpm:
            self._requests.add(now, 1)
            lagged = asked_at <= self._requests_free_at and self._lowered_at == -math.inf
            catch_up_s = LAG_CATCH_UP_S if lagged else CATCH_UP_S
            free_at = max(now - catch_up_s, self._requests_free_at)
            self._requests_free_at = free_at + self._seconds_per(self._rpm)
        sent = self._tokens.add(now, guess.input_tokens) if self._tpm else Entry(now, 0)
        if self._tpm:
            free_at = max(now - TOKENS_CATCH_UP_S, self._tokens_free_at)
            self._tokens_free_at = free_at + guess.tokens * self._seconds_per(self._tpm)
        self._in_flight += 1
        self._held_tokens += guess.output_tokens
        self._held_variance += guess.variance
        begun, ends = self._paused
        paused_s = max(0.0, min(now, ends) - max(asked_at, begun))
        return Place(guess, sent, max(0.0, now - asked_at - paused_s), paused_s)

    def _wait_s(self, guess: Guess) -> float:
        """Return the seconds until the next call may begin, as far as can be said now."""
        now = self._timing.clock()
        waits = [self._paused[1] - now]
        if self._rpm:
            limit = max(1.0, math.floor(self._rpm * self._raised_share(now)))
            waits.append(self._requests_free_at - now)
            waits.append(self._requests.wait_s(now, limit - 1))
        if self._tpm:
            spread = SPREADS_HELD * math.sqrt(max(0.0, self._held_variance + guess.variance))
            room = self._tpm * self._raised_share(now) - self._held_tokens - guess.tokens - spread
            waits.append(self._tokens_free_at - now)
            waits.append(self._tokens.wait_s(now, room, alone=self._in_flight == 0))
        return max(waits)

    def _raised_share(self, now: float) -> float:
        if self._share < 1 and now - self._clean_since >= WINDOW_S:
            self._clean_since = now
            self._share = min(1.0, self._share * RAISED_BY)
        return self._share

    def _seconds_per(self, limit: int) -> float:
        return 60 / (limit * self._share * SHARE_AIMED_AT)

    def _recall(self, earlier: Iterable[Attempt]) -> None:
        now, today = self._timing.clock(), self._timing.now()
        since = today - timedelta(seconds=WINDOW_S)
        recent = [one for one in earlier if one.attempt and not one.stored_on and one.at > since]
        for one in sorted(recent, key=lambda one: one.at):
            at_s = now - max(0.0, (today - one.at).total_seconds())
            self._requests.add(at_s, 1)
            self._tokens.add(at_s, (one.input_tokens or 0) + (one.output_tokens or 0))


class _Window:
    """A sum over the last minute."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._sum = 0.0

    def add(self, now: float, amount: float) -> Entry:
        self._forget(now)
        entry = Entry(now, amount)
        self._entries.append(entry)
        self._sum += amount
        return entry

    def correct(self, entry: Entry, amount: float) -> None:
        """Set an entry right that is still in the window."""
        if self._entries and entry.at_s >= self._entries[0].at_s:
            self._sum += amount - entry.amount
        entry.amount = amount

    def wait_s(self, now: float, room: float, *, alone: bool = False) -> float:
        """Return the seconds until the sum is at most `room`, if nothing is added.

        Args:
            now: Seconds.
            room: What may be in it.
            alone: Whether nothing is in flight that could make more room, so that a call which
                never fits has to go once the window is empty.
        """
        self._forget(now)
        left, wait_s = self._sum, 0.0
        for entry in self._entries:
            if left <= room:
                return wait_s
            left -= entry.amount
            wait_s = entry.at_s + WINDOW_S - now
        return wait_s if left <= room or alone else LONGEST_NAP_S

    def _forget(self, now: float) -> None:
        while self._entries and self._entries[0].at_s <= now - WINDOW_S:
            self._sum -= self._entries.popleft().amount
        if not self._entries:
            self._sum = 0.0
