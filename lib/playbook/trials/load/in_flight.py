"""How fast an endpoint wrote while so many calls were in flight, from the times of the calls."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

Span = tuple[float, float]
"""A time, from and to, on the clock of the calls."""


@dataclass(frozen=True)
class Call:
    """One call: when it began and ended, and what it wrote."""

    start_s: float
    """Start, seconds on any clock."""
    end_s: float
    """End, on the same clock."""
    output_tokens: int
    """Tokens that it wrote."""


@dataclass(frozen=True)
class Steady:
    """The time during which the usual number of calls was in flight."""

    in_flight: int
    """That number."""
    seconds: float
    """How long, all such times together."""
    calls: int
    """Calls that were in flight during it."""
    output_tokens_per_second: float
    """Output of all of them together, tokens/s."""
    spans: tuple[Span, ...] = field(default=(), repr=False, compare=False)
    """Those times."""


def steady_state(calls: Sequence[Call]) -> Steady | None:
    """Return what was written while the usual number of calls was in flight; None of no calls.

    A run begins and ends with fewer calls, and pauses between; only the times with the number that
    lasted longest count. A call's tokens are spread evenly over all of it: calls that began
    together end together too, and tokens counted as they arrive would fall into thin times.

    Example:
        >>> two = [Call(0, 10, 100), Call(0, 20, 200), Call(10, 20, 100)]
        >>> steady_state(two)
        Steady(in_flight=2, seconds=20.0, calls=3, output_tokens_per_second=20.0)
    """
    spans = _spans(calls)
    lasted: dict[int, float] = defaultdict(float)
    for begin, end, number in spans:
        lasted[number] += end - begin
    if not lasted:
        return None
    usual = max(lasted, key=lambda number: (lasted[number], number))
    kept = [(begin, end) for begin, end, number in spans if number == usual]
    return _steady(calls, usual, kept)


def settled_state(calls: Sequence[Call]) -> Steady | None:
    """Return the same without the first wave of calls, if enough is left; None of no calls.

    Calls that are sent together to a server with fewer places wait for one after another; only
    from the second wave on each waits as long as it will ever do.
    """
    steady = steady_state(calls)
    if steady is None:
        return None
    ends = sorted(call.end_s for call in calls)
    settled_s = ends[min(steady.in_flight, len(ends)) - 1]
    late = [(max(begin, settled_s), end) for begin, end in steady.spans if end > settled_s]
    left_s = sum(end - begin for begin, end in late)
    return _steady(calls, steady.in_flight, late) if 2 * left_s >= steady.seconds else steady


def _steady(calls: Sequence[Call], in_flight: int, spans: Sequence[Span]) -> Steady:
    watch = Stopwatch(spans)
    return Steady(
        in_flight=in_flight,
        seconds=watch.seconds,
        calls=sum(watch.inside_s(call) > 0 for call in calls),
        output_tokens_per_second=sum(_written(call, watch) for call in calls) / watch.seconds,
        spans=tuple(spans),
    )


class Stopwatch:
    """Runs only during some times, and stands still between them.

    Args:
        spans: Those times, in order and apart.

    Example:
        >>> watch = Stopwatch([(0.0, 10.0), (100.0, 105.0)])
        >>> watch.at(50), watch.at(102), watch.seconds
        (10.0, 12.0, 15.0)
    """

    def __init__(self, spans: Sequence[Span]) -> None:
        self._begins = [begin for begin, _ in spans]
        self._lengths = [end - begin for begin, end in spans]
        self._before = [0.0, *accumulate(self._lengths)]

    @property
    def seconds(self) -> float:
        """Return how long all the times are together."""
        return self._before[-1]

    def at(self, time_s: float) -> float:
        """Return what it shows at a time."""
        place = bisect_right(self._begins, time_s) - 1
        if place < 0:
            return 0.0
        return self._before[place] + min(time_s - self._begins[place], self._lengths[place])

    def inside_s(self, call: Call) -> float:
        """Return how long a call was in flight while it ran, seconds."""
        return self.at(call.end_s) - self.at(call.start_s)


def _spans(calls: Sequence[Call]) -> list[tuple[float, float, int]]:
    """Return the times between which the number of calls in flight is the same and not 0."""
    change: dict[float, int] = defaultdict(int)
    for call in calls:
        change[call.start_s] += 1
        change[call.end_s] -= 1
    spans, number, times = [], 0, sorted(change)
    for begin, end in pairwise(times):
        number += change[begin]
        if number > 0:
            spans.append((float(begin), float(end), number))
    return spans


def _written(call: Call, watch: Stopwatch) -> float:
    """Return the tokens of a call that fall into some times."""
    length_s = call.end_s - call.start_s
    return call.output_tokens * watch.inside_s(call) / length_s if length_s > 0 else 0.0
