"""Where a series changes its pace: one straight line, or two that meet nothing but the data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import inf, log

SHORTEST_PIECE = 6
"""Points that each of two lines needs."""
ONE_LINE, TWO_LINES = 2, 5
"""Fitted numbers: level and slope of each line, and the place of the break."""
SMALLEST_ERROR = 1e-9
"""Keeps the logarithm of a perfect fit finite."""


class _Sums:
    """Running sums by which the error of a line through any run of points is known at once."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        terms = [(1.0, x, y, x * x, x * y, y * y) for x, y in zip(xs, ys, strict=True)]
        columns = list(zip(*terms, strict=True)) or [()] * 6
        self._sums: list[list[float]] = [
            list(accumulate(column, initial=0.0)) for column in columns
        ]

    def error(self, start: int, stop: int) -> float:
        """Return the sum of squared distances from the best line through points start to stop."""
        n, x, y, xx, xy, yy = (column[stop] - column[start] for column in self._sums)
        spread_x, spread_xy, spread_y = xx - x * x / n, xy - x * y / n, yy - y * y / n
        explained = spread_xy**2 / spread_x if spread_x > 0 else 0.0
        return max(0.0, float(spread_y - explained))


def break_in(xs: Sequence[float], ys: Sequence[float]) -> int | None:
    """Return the index of the first point of the second line, or None where one line does.

    Two lines, which need not meet, are fitted by least squares at each possible break; the best is
    taken if it wins over one line by Schwarz's criterion for its three further numbers. Points of a
    running minimum hang together, so the criterion is kinder to a break than it would be to
    independent points.

    Args:
        xs: Times, ascending.
        ys: Values, such as logarithms of a price.

    Source:
        Bai and Perron, Estimating and testing linear models with multiple structural changes,
        Econometrica 66(1), 1998 (a break at an unknown date by least squares over all dates);
        Schwarz, Estimating the dimension of a model, Annals of Statistics 6(2), 1978.

    Example:
        >>> xs = list(range(20))
        >>> break_in(xs, [-2.0 * x if x < 8 else -16 - 0.1 * x for x in xs])
        8
        >>> break_in(xs, [-2.0 * x for x in xs]) is None
        True
    """
    count = len(xs)
    sums = _Sums(xs, ys)
    errors = {
        at: sums.error(0, at) + sums.error(at, count)
        for at in range(SHORTEST_PIECE, count - SHORTEST_PIECE + 1)
    }
    best = min(errors, key=errors.__getitem__, default=None)
    if best is None:
        return None
    one = _schwarz(sums.error(0, count), count, ONE_LINE)
    return best if _schwarz(errors[best], count, TWO_LINES) < one else None


def _schwarz(error: float, count: int, numbers: int) -> float:
    if count == 0:
        return inf
    return count * log(max(error, SMALLEST_ERROR) / count) + numbers * log(count)
