"""Where a difference of costs is below zero, over volume: searched, and joined."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from playbook.uncertainty import Samples

Interval = tuple[float, float]
Difference = Callable[[Samples], Samples]
POINTS = 48
POINTS_PER_DECADE = 800
HALVINGS = 20


def search_first(difference: Difference, *, low: Samples, high: Samples) -> Samples:
    """Return for each draw the first volume at which a difference is negative; NaN where none is.

    Looked for at 48 volumes between both ends, evenly spaced on a log scale, and then halved: a
    saving that lasts for less than one of these steps may be missed.

    Args:
        difference: Volumes of shape `(n, draws)` or `(draws,)` to USD a month, by draw.
        low: Lowest volume, tokens/day, shape `(draws,)`.
        high: Highest volume, shape `(draws,)`; a draw is not searched where it is below `low`.
    """
    searched = high >= low
    upper = np.where(searched, high, low)
    steps = np.linspace(0.0, 1.0, POINTS)[:, None]
    grid = low ** (1 - steps) * upper**steps
    cheaper = difference(grid) < 0
    first = np.argmax(cheaper, axis=0)
    draws = np.arange(grid.shape[1])
    before, after = grid[np.maximum(first - 1, 0), draws], grid[first, draws]
    for _ in range(HALVINGS):
        middle = np.sqrt(before * after)
        below = difference(middle) < 0
        before, after = np.where(below, before, middle), np.where(below, middle, after)
    found = np.where(first == 0, low, after)
    return np.where(cheaper.any(axis=0) & searched, found, np.nan)


def search_intervals(difference: Difference, *, low: float, high: float) -> tuple[Interval, ...]:
    """Return the volumes at which a difference (of one draw) is negative, ascending.

    Looked for on a log grid of 800 points a decade; the ends are as exact as its step, 0.3%.
    """
    grid = _grid(low, high)
    cheaper = np.concatenate([[False], difference(grid) < 0, [False]])
    turns = np.flatnonzero(cheaper[1:] != cheaper[:-1])
    begins, ends = grid[turns[::2]], grid[np.minimum(turns[1::2], len(grid) - 1)]
    return tuple((float(b), float(e)) for b, e in zip(begins, ends, strict=True))


def union(intervals: list[Interval]) -> tuple[Interval, ...]:
    """Return intervals joined where they touch or overlap, ascending.

    Example:
        >>> union([(5.0, 6.0), (1.0, 2.0), (2.0, 3.0)])
        ((1.0, 3.0), (5.0, 6.0))
    """
    joined: list[Interval] = []
    for begin, end in sorted(intervals):
        if joined and begin <= joined[-1][1] * (1 + 1e-12):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def _grid(low: float, high: float) -> Samples:
    points = max(round(np.log10(high / low) * POINTS_PER_DECADE), 1) + 1
    return np.logspace(np.log10(low), np.log10(high), points)
