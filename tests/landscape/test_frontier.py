"""The frontier: the best score so far, by release date."""

import numpy as np
import pytest

from playbook.landscape.frontier import LEFT_OUT, frontier_points, grouped
from tests.landscape.board_builders import closed, month, opened

SCORES = np.array([[30.0, 20.0, 40.0]])
CLOSED = closed((0, 30), (6, 20), (12, 40))


def test_a_frontier_holds_only_models_that_beat_all_earlier_ones() -> None:
    points = frontier_points(CLOSED, SCORES[0])

    assert [(point.released, point.score) for point in points] == [(month(0), 30), (month(12), 40)]


def test_of_several_models_on_one_day_only_the_best_is_on_the_frontier() -> None:
    points = frontier_points(closed((0, 10), (0, 30), (0, 20)), np.array([10.0, 30.0, 20.0]))

    assert [point.model for point in points] == ["closed-1"]


def test_models_are_put_in_order_of_release() -> None:
    group = grouped(closed((12, 40), (0, 30)), np.array([[40.0, 30.0]]), open_weights=False)

    assert group.released == (month(0), month(12))
    assert group.scores.tolist() == [[30.0, 40.0]]


def test_open_and_closed_models_are_told_apart() -> None:
    models = (*CLOSED, *opened((3, 25)))
    scores = np.array([[30.0, 20.0, 40.0, 25.0]])

    assert grouped(models, scores, open_weights=True).scores.tolist() == [[25.0]]


def test_a_level_is_reached_by_the_first_model_at_or_above_it() -> None:
    group = grouped(CLOSED, SCORES, open_weights=False)

    assert group.arrivals(np.array([[10.0, 30.0, 31.0, 41.0]])).tolist() == [[0, 0, 2, 3]]


def test_a_model_left_out_of_a_resample_raises_no_frontier() -> None:
    scores = np.array([[30.0, 20.0, LEFT_OUT]])

    assert grouped(CLOSED, scores, open_weights=False).running_best.tolist() == [[30, 30, 30]]


def test_the_first_day_counts_for_its_best_model_that_is_not_left_out() -> None:
    models = closed((0, 30), (0, 50), (6, 90))
    scores = np.array([[30.0, 50.0, 90.0], [30.0, LEFT_OUT, 90.0], [LEFT_OUT, LEFT_OUT, 90.0]])

    best = grouped(models, scores, open_weights=False).first_day_best()

    assert best.tolist() == [50.0, 30.0, 90.0]


@pytest.mark.parametrize(("at", "best"), [(0, 30.0), (11, 30.0), (12, 40.0)])
def test_the_best_by_a_month_is_that_of_the_models_released_until_then(
    at: float, best: float
) -> None:
    group = grouped(CLOSED, SCORES, open_weights=False)

    assert group.best_by(group.months[0] + at + 0.1).tolist() == [best]


def test_before_the_first_release_there_is_no_best() -> None:
    group = grouped(CLOSED, SCORES, open_weights=False)

    assert group.best_by(group.months[0] - 1).tolist() == [LEFT_OUT]
