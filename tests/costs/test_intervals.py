import numpy as np
import pytest

from playbook.costs.intervals import search_first, search_intervals, union


def test_touching_intervals_are_joined() -> None:
    assert union([(3.0, 4.0), (1.0, 2.0), (2.0, 2.5)]) == ((1.0, 2.5), (3.0, 4.0))


def test_first_volume_below_zero_is_found_for_each_draw() -> None:
    """100 - v and 1,000 - v turn at their constants; 1e9 - v nowhere in range; -v at once."""
    constants = np.array([100.0, 1_000.0, 1e9, 0.0])

    found = search_first(
        lambda volume: constants - volume, low=np.full(4, 10.0), high=np.full(4, 1e6)
    )

    assert found[:2] == pytest.approx([100, 1_000], rel=1e-5)
    assert np.isnan(found[2])
    assert found[3] == pytest.approx(10)


def test_a_draw_whose_ends_are_crossed_is_not_searched() -> None:
    found = search_first(lambda volume: -volume, low=np.array([10.0]), high=np.array([5.0]))

    assert np.isnan(found[0])


def test_intervals_end_with_the_range_where_nothing_turns() -> None:
    found = search_intervals(lambda volume: 100.0 - volume, low=10, high=1_000)
    never = search_intervals(lambda volume: 1.0 + volume, low=10, high=1_000)

    assert found == ((pytest.approx(100, rel=0.004), pytest.approx(1_000)),)
    assert never == ()
