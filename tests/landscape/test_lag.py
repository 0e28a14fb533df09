"""Lag in months: the horizontal distance of two frontiers."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog.boards import BoardScore
from playbook.landscape.frontier import LEFT_OUT
from playbook.landscape.lag import Lags, interval, lags, lags_by_year, median, resampled
from playbook.units import DAYS_PER_MONTH
from tests.landscape.board_builders import closed, opened

ONE_DAY = 1 / DAYS_PER_MONTH
"""Releases are whole days, so a lag in months is exact to one."""


def lags_of(models: tuple[BoardScore, ...]) -> Lags:
    return lags(models, np.array([[one.score for one in models]]))


def test_the_lag_is_the_mean_over_levels_that_both_reached() -> None:
    """Worked by hand: closed 20 at month 0, 40 at 6, 80 at 18; open 10 at 3, 40 at 12, 60 at 24.

    Levels run from 20 (the first closed score) to 60 (the best open one). From 20 to 40: closed at
    month 6, open at 12, a lag of 6. From 40 to 60: closed at 18, open at 24, a lag of 6. Mean 6.
    """
    found = lags_of((*closed((0, 20), (6, 40), (18, 80)), *opened((3, 10), (12, 40), (24, 60))))

    assert found.months[0] == pytest.approx(6, abs=ONE_DAY)


def test_levels_count_by_their_width() -> None:
    """Closed reaches 100 at month 1; open 25 at 4 and 100 at 13: a quarter at 3, the rest at 12."""
    found = lags_of((*closed((0, 0), (1, 100)), *opened((4, 25), (13, 100))))

    assert found.months[0] == pytest.approx(0.25 * 3 + 0.75 * 12, abs=ONE_DAY)


def test_the_share_of_levels_that_the_first_open_model_took_at_once_is_told() -> None:
    """As above: the first open model reaches 25 of 100; alone it reaches all that are matched."""
    theirs = closed((0, 0), (1, 100))

    for ours, share in ((((4, 25), (13, 100)), 0.25), (((4, 25),), 1.0)):
        assert lags_of((*theirs, *opened(*ours))).share_of_first_open[0] == pytest.approx(share)


def test_the_lag_of_a_year_is_that_of_the_levels_which_open_weights_reached_in_it() -> None:
    """As above, with the second open model in 2024 (month 13 from January 2023)."""
    models = (*closed((0, 0), (1, 100)), *opened((4, 25), (13, 100)))

    by_year = lags_by_year(lags_of(models), lags_of(models))

    assert [one.year for one in by_year] == [2023, 2024]
    assert [one.months for one in by_year] == pytest.approx([3, 12], abs=ONE_DAY)


def test_levels_below_the_first_closed_release_are_left_out() -> None:
    """Nobody knows when closed models passed them: the early open model changes nothing."""
    models = (*closed((0, 20), (6, 40)), *opened((12, 40)))

    assert lags_of((*models, *opened((-30, 20)))).months == pytest.approx(lags_of(models).months)


def test_the_unmatched_lead_is_the_age_of_the_oldest_level_that_only_closed_models_reached() -> (
    None
):
    """The best open score is 40; closed models passed it at month 6, and the board ends at 24."""
    found = lags_of((*closed((0, 20), (6, 60), (24, 80)), *opened((12, 40))))

    assert found.unmatched_lead_months[0] == pytest.approx(18, abs=ONE_DAY)
    assert found.months[0] == pytest.approx(6, abs=ONE_DAY)


def test_open_weights_that_are_ahead_have_a_negative_lag_and_leave_no_lead() -> None:
    found = lags_of((*closed((0, 20), (12, 40)), *opened((6, 50))))

    assert found.months[0] == pytest.approx(-6, abs=ONE_DAY)
    assert found.unmatched_lead_months[0] == 0


def test_on_a_saturated_board_the_same_best_score_is_matched() -> None:
    found = lags_of((*closed((0, 20), (6, 100), (9, 100)), *opened((12, 100), (13, 100))))

    assert found.months[0] == pytest.approx(6, abs=ONE_DAY)
    assert found.unmatched_lead_months[0] == 0


def test_where_no_level_is_matched_there_is_no_lag_but_a_lead() -> None:
    found = lags_of((*closed((0, 50), (6, 60)), *opened((12, 40))))

    assert np.isnan(found.months[0])
    assert found.years() == ()
    assert found.unmatched_lead_months[0] == pytest.approx(12, abs=ONE_DAY)


points = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 99)), min_size=2, max_size=8, unique=True
)


@given(points, points, st.integers(-24, 24))
def test_releasing_all_open_models_later_lengthens_the_lag_by_as_much(
    theirs: list[tuple[int, int]], ours: list[tuple[int, int]], later: int
) -> None:
    delay = timedelta(days=round(later * DAYS_PER_MONTH))
    open_models = opened(*ours)
    delayed = tuple(one.changed(released=one.released + delay) for one in open_models)

    before = lags_of((*closed(*theirs), *open_models)).months
    after = lags_of((*closed(*theirs), *delayed)).months

    assert after == pytest.approx(before + later, abs=ONE_DAY, nan_ok=True)


@given(points, points)
def test_a_model_below_its_groups_frontier_changes_nothing(
    theirs: list[tuple[int, int]], ours: list[tuple[int, int]]
) -> None:
    models = (*closed(*theirs), *opened(*ours))

    more = lags_of((*models, *opened((39, 0)), *closed((40, 0)))).months

    assert more == pytest.approx(lags_of(models).months, nan_ok=True)


@given(points, points, st.sampled_from([0.25, 0.5, 2, 4]))
def test_the_lag_does_not_depend_on_the_unit_of_the_score(
    theirs: list[tuple[int, int]], ours: list[tuple[int, int]], factor: float
) -> None:
    models = (*closed(*theirs), *opened(*ours))
    moved = tuple(one.changed(score=one.score * factor) for one in models)

    assert lags_of(moved).months == pytest.approx(lags_of(models).months, nan_ok=True)


def test_resamples_drop_fifteen_models_in_a_hundred_and_jitter_the_rest() -> None:
    rows = resampled(np.full(100, 50.0), 1.5, np.random.default_rng(1), 400)

    kept = rows[np.isfinite(rows)]
    assert (np.isneginf(rows).sum(axis=1) == 15).all()
    assert kept.mean() == pytest.approx(50, abs=0.05)
    assert kept.std() == pytest.approx(1.5, abs=0.05)


def test_each_resample_is_measured_as_if_it_were_alone() -> None:
    models = (*closed((0, 20), (6, 40), (18, 80)), *opened((3, 10), (12, 40), (24, 60)))
    scores = np.array([one.score for one in models])
    rows = resampled(scores, 2, np.random.default_rng(2), 20)

    together = lags(models, rows)
    alone = [lags(models, row[None, :]) for row in rows]

    assert together.months == pytest.approx([one.months[0] for one in alone], nan_ok=True)
    assert together.unmatched_lead_months.tolist() == [
        one.unmatched_lead_months[0] for one in alone
    ]


def test_a_resample_without_closed_models_has_no_lag() -> None:
    models = (*closed((0, 20)), *opened((3, 10), (12, 40)))

    assert np.isnan(lags(models, np.array([[LEFT_OUT, 10.0, 40.0]])).months[0])


def test_an_interval_needs_a_value_in_half_of_the_resamples() -> None:
    """101 values from 0 to 100 have their 5th and 95th percentile at 5 and 95."""
    known = np.arange(101.0)

    assert interval(np.append(known, [np.nan] * 101)) == pytest.approx((5, 95))
    assert interval(np.append(known, [np.nan] * 102)) == (None, None)
    assert median(np.array([np.nan])) is None


def test_a_few_resamples_make_no_interval_of_no_width() -> None:
    assert interval(np.array([8.5])) == (None, None)
    assert interval(np.arange(19.0)) == (None, None)
    assert interval(np.arange(20.0)) != (None, None)


def test_without_a_point_a_year_needs_levels_in_half_of_the_resamples() -> None:
    models = (*closed((0, 0), (1, 100)), *opened((4, 25), (13, 100)))
    late_only_once = np.array([[0, 100, 25, 100], [0, 100, 25, 25], [0, 100, 25, 25]], dtype=float)

    assert [one.year for one in lags_by_year(lags(models, late_only_once))] == [2023]
