"""The yardsticks of the comparison with peers, by hand."""

from __future__ import annotations

import numpy as np

from tests.benchmarks.capacity.comparing import difference, errors


def test_errors_are_medians_and_shares_of_the_ratio_of_estimate_to_measurement() -> None:
    """Ratios 0.5, 1.0, 1.2, 1.25, 3: three of five are within a quarter."""
    found = errors(np.array([50.0, 100, 120, 125, 300]), np.full(5, 100.0))

    assert (found.mdape, found.within_25, found.median_ratio) == (0.25, 0.6, 1.2)


def groups_of(number: int, size: int = 4) -> list[str]:
    return [f"group {place // size}" for place in range(number)]


def test_an_estimator_that_is_nearer_in_every_group_is_called_nearer() -> None:
    measured = np.full(40, 100.0)

    found = difference(1.05 * measured, 1.5 * measured, measured=measured, groups=groups_of(40))

    assert (found.low, found.high, found.groups) == (-0.45, -0.45, 10)
    assert found.verdict == "ours is nearer"


def test_no_winner_is_named_where_one_group_decides() -> None:
    """Ours is far nearer in one group of six and a little worse in the others."""
    measured = np.full(24, 100.0)
    ours, theirs = 1.2 * measured, 1.15 * measured
    ours[:8], theirs[:8] = 101.0, 300.0

    found = difference(ours, theirs, measured=measured, groups=groups_of(24))

    assert found.low < 0 < found.high
    assert found.verdict == "no difference shown"


def test_few_groups_allow_no_verdict_however_many_points_they_hold() -> None:
    measured = np.full(400, 100.0)

    found = difference(measured, 2 * measured, measured=measured, groups=groups_of(400, size=100))

    assert found.verdict == "too few groups (4) to tell"


def test_the_interval_is_the_same_in_every_run() -> None:
    rng = np.random.default_rng(3)
    measured = rng.uniform(50, 200, 60)
    ours, theirs = (measured * rng.lognormal(0, 0.3, 60) for _ in range(2))

    once, again = (
        difference(ours, theirs, measured=measured, groups=groups_of(60)) for _ in range(2)
    )

    assert once == again
