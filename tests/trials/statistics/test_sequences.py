"""Confidence sequences hold at every look."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from playbook.trials.statistics.intervals import wilson
from playbook.trials.statistics.sequences import confidence_sequence


def test_the_first_two_looks_are_worked_by_hand() -> None:
    """Bets 0.5 both times; 1 then 0 seen, with 0.5 and 0.75 expected before.

    log(2 / 0.05) = 3.68888; psi(0.5) = (0.693147 - 0.5) / 4 = 0.0482868. First look: spread
    4 x 0.25 x psi = 0.0482868, half (3.68888 + 0.0482868) / 0.5 = 7.47: nothing yet. Second:
    spread + 4 x 0.5625 x psi = 0.156932; half 3.84581 / 1; still nothing.
    """
    assert confidence_sequence([1.0, 0.0]) == [(0.0, 1.0), (0.0, 1.0)]


def test_a_hundred_passes_are_as_the_formula_says() -> None:
    """The same sums again, from the definitions: prefix means and variances by numpy."""
    values = np.ones(100)
    before = np.array([(0.5 + values[:t].sum()) / (t + 1) for t in range(101)])
    variances = np.array(
        [(0.25 + ((values[:t] - before[1 : t + 1]) ** 2).sum()) / (t + 1) for t in range(100)]
    )
    steps = np.arange(1, 101)
    logarithm = math.log(40)
    bets = np.minimum(0.5, np.sqrt(2 * logarithm / (variances * steps * np.log(1 + steps))))
    spread = (4 * (values - before[:-1]) ** 2 * (-np.log(1 - bets) - bets) / 4).sum()

    low, high = confidence_sequence(values.tolist())[-1]

    assert high == 1
    assert low == pytest.approx(1 - (logarithm + spread) / bets.sum(), abs=1e-9)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_all_looks_together_hold_the_share(share: float) -> None:
    """Conservative by construction: of 300 looks none may fail in 95% of the runs."""
    draw = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        ends = confidence_sequence((draw.random(300) < share).astype(float).tolist())
        held += all(low <= share <= high for low, high in ends)

    assert held / 200 >= 0.93


def test_it_is_wider_than_a_single_look_and_narrows() -> None:
    passes = (np.random.default_rng(4).random(300) < 0.8).astype(float).tolist()

    ends = confidence_sequence(passes)

    single = wilson(sum(passes), 300)
    assert single[1] - single[0] < ends[-1][1] - ends[-1][0] < ends[99][1] - ends[99][0]
    assert all(a[0] <= b[0] and b[1] <= a[1] for a, b in itertools.pairwise(ends))


def test_values_beyond_0_and_1_are_refused() -> None:
    with pytest.raises(ValueError, match="within 0 to 1"):
        confidence_sequence([0.5, 1.5])
    assert confidence_sequence([]) == []
