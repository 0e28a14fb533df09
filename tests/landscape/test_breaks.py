"""A break is found where the pace changes, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.landscape.breaks import SHORTEST_PIECE, break_in

COUNT = 44


@given(
    at=st.integers(min_value=8, max_value=COUNT - 8),
    before=st.floats(min_value=-5, max_value=-2),
    after=st.floats(min_value=-0.5, max_value=0),
)
def test_the_break_of_two_exact_lines_is_found(at: int, before: float, after: float) -> None:
    jump = -3.0
    ys = [before * x / 12 if x < at else jump + before * at / 12 + after * (x - at) / 12
          for x in range(COUNT)]  # fmt: skip

    assert break_in([x / 12 for x in range(COUNT)], ys) == at


@settings(max_examples=20)
@given(seed=st.integers(min_value=0, max_value=2**32 - 1))
def test_the_errors_are_those_of_least_squares(seed: int) -> None:
    """Checked against numpy's own fit at every possible break."""
    rng = np.random.default_rng(seed)
    xs = np.sort(rng.uniform(0, 4, COUNT))
    ys = np.where(xs < xs[20], -3 * xs, -9 - 0.2 * xs) + rng.normal(0, 0.3, COUNT)

    def error(piece: slice) -> float:
        fit = np.polyval(np.polyfit(xs[piece], ys[piece], 1), xs[piece])
        return float(((fit - ys[piece]) ** 2).sum())

    places = range(SHORTEST_PIECE, COUNT - SHORTEST_PIECE + 1)
    best = min(places, key=lambda at: error(slice(0, at)) + error(slice(at, None)))

    assert break_in(xs.tolist(), ys.tolist()) == best


@pytest.mark.parametrize("count", [0, 1, 2 * SHORTEST_PIECE - 1])
def test_a_short_series_has_no_break(count: int) -> None:
    assert break_in(list(range(count)), [0.0] * count) is None


def test_a_steady_pace_has_no_break() -> None:
    wobble = np.random.default_rng(1).normal(0, 0.1, COUNT)

    assert break_in(list(range(COUNT)), [-x / 4 + wobble[x] for x in range(COUNT)]) is None
