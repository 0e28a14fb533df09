"""How fast an endpoint wrote while so many calls were in flight, from the times of the calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


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
    written = [_written(call, kept) for call in calls]
    overlapping = sum(any(_overlap(call, span) for span in kept) for call in calls)
    return Steady(
        in_flight=usual,
        seconds=lasted[usual],
        calls=overlapping,
        output_tokens_per_second=sum(written) / lasted[usual],
    )


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


def _overlap(call: Call, span: tuple[float, float]) -> bool:
    return call.start_s < span[1] and call.end_s > span[0]


def _written(call: Call, spans: Sequence[tuple[float, float]]) -> float:
    """Return the tokens of a call that fall into some times."""
    length_s = call.end_s - call.start_s
    inside_s = sum(
        max(0.0, min(end, call.end_s) - max(begin, call.start_s)) for begin, end in spans
    )
    return call.output_tokens * inside_s / length_s if length_s > 0 else 0.0
