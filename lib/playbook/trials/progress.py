"""How far a run is: answers, money, rate and time left."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from playbook.trials.money import Purse

RATE_OVER_S = 60.0


@dataclass(frozen=True)
class TrialProgress:
    """How far a run is."""

    done: int
    """Trials with a result, those of an earlier run included."""
    total: int
    """Trials of all phases that are known so far."""
    cost_usd: float
    """Money spent so far, worst case where the cost is not known."""
    waiting_for: str
    """What the run waits for, in words."""
    phase: str = ""
    """Name of the phase."""
    answers_per_minute: float | None = None
    """Results of the last minute, of all endpoints together; None before the first."""
    left_s: float | None = None
    """Seconds until the phase ends if each endpoint goes on as in the last minute; None where
    that can't be told yet."""


ProgressCallback = Callable[[TrialProgress], None]


class Meter:
    """Counts results and tells the progress callback.

    Args:
        callback: Is told; None to tell nobody.
        clock: Seconds that only grow.
        purse: What was spent.
        expected: Trials that are planned before any was asked.
    """

    def __init__(
        self,
        callback: ProgressCallback | None,
        clock: Callable[[], float],
        purse: Purse,
        *,
        expected: int = 0,
    ) -> None:
        self._callback = callback
        self._clock = clock
        self._purse = purse
        self._expected = expected
        self._begun = self._done = 0
        self._phase = ""
        self._phase_began_s = clock()
        self._left: Counter[str] = Counter()
        self._ended: dict[str, deque[float]] = {}

    def begin(self, phase: str, endpoints: Counter[str]) -> None:
        """Begin a phase with so many trials of each endpoint."""
        self._phase, self._phase_began_s = phase, self._clock()
        self._begun += endpoints.total()
        self._left, self._ended = Counter(endpoints), {}

    def told(self, waiting_for: str) -> None:
        """Tell what the run waits for."""
        if self._callback is None:
            return
        self._callback(
            TrialProgress(
                self._done,
                max(self._begun, self._expected),
                self._purse.spent_usd,
                waiting_for,
                phase=self._phase,
                answers_per_minute=self._per_minute(*self._ended),
                left_s=self._left_s(),
            )
        )

    def ended(self, endpoint: str, waiting_for: str, *, before: bool = False) -> None:
        """Count a result and tell it.

        Args:
            endpoint: Endpoint id.
            waiting_for: What the run waits for.
            before: Whether it was recorded by an earlier run, so that it says nothing of the rate.
        """
        self._done += 1
        self._left[endpoint] -= 1
        if not before:
            self._ended.setdefault(endpoint, deque()).append(self._clock())
        self.told(waiting_for)

    def _per_minute(self, *endpoints: str) -> float | None:
        now, count = self._clock(), 0
        over_s = min(RATE_OVER_S, now - self._phase_began_s)
        for name in endpoints:
            times = self._ended[name]
            while times and times[0] < now - RATE_OVER_S:
                times.popleft()
            count += len(times)
        return 60 * count / over_s if count and over_s > 0 else None

    def _left_s(self) -> float | None:
        longest_s = 0.0
        for name, left in self._left.items():
            if left > 0:
                rate = self._per_minute(name) if name in self._ended else None
                if rate is None:
                    return None
                longest_s = max(longest_s, 60 * left / rate)
        return longest_s
