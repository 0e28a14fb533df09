import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.costs.load import Load, busiest_over_mean, load_of, weekly
from playbook.profile.sections import Workload

OFFICE = (0.0,) * 8 + (1.0,) * 10 + (0.0,) * 6


def load(**fields: object) -> Load:
    return load_of(Workload.model_validate(fields))


@given(st.floats(1, 168), st.floats(1, 20))
def test_every_shape_has_168_hours_of_mean_1_and_none_below_0(hours: float, peak: float) -> None:
    found = load(hours_per_week=hours, peak_to_mean=peak).over_mean

    assert found.shape == (168,)
    assert found.mean() == pytest.approx(1)
    assert found.min() >= 0


@pytest.mark.parametrize(
    ("hours", "peak"), [(168, 3.0), (120, 3.0), (50, 4.0), (40, 6.0), (168, 1)]
)
def test_the_bell_is_as_high_as_the_stated_peak(hours: float, peak: float) -> None:
    found = load(hours_per_week=hours, peak_to_mean=peak)

    assert found.over_mean.max() == pytest.approx(peak, rel=1e-6)
    assert found.share_of_hours == pytest.approx(hours / 168)


def test_up_to_60_hours_a_week_rest_at_the_weekend() -> None:
    five, seven = load(hours_per_week=60, peak_to_mean=4), load(hours_per_week=70, peak_to_mean=4)

    assert five.over_mean[5 * 24 :].max() == pytest.approx(0)
    assert seven.over_mean[5 * 24 :].max() > 0
    assert (five.starts_per_week, seven.starts_per_week) == (5, 7)


def test_24_weights_hold_for_as_many_days_as_hours_per_week_gives() -> None:
    """Ten hours a day and 50 a week are five days; 5 x 10 equal hours are 3.36 times the mean."""
    week = weekly(OFFICE, 50)

    assert int(np.sum(week > 0)) == 50
    assert busiest_over_mean(OFFICE, 50) == pytest.approx(3.36)
    assert busiest_over_mean(OFFICE, 168) == pytest.approx(2.4)


def test_168_weights_stand_as_they_are() -> None:
    shape = (2.0,) + (1.0,) * 167

    assert weekly(shape, 168).tolist() == list(shape)


def test_a_service_that_never_rests_never_starts() -> None:
    assert load(hours_per_week=168).starts_per_week == 0


@given(st.lists(st.floats(0, 100), min_size=24, max_size=24).filter(lambda one: max(one) > 0.01))
def test_levels_never_understate_the_load_and_their_shares_add_up(shape: list[float]) -> None:
    found = load(hourly_shape=tuple(shape))

    levels = found.levels(idle_hours=True)

    assert len(levels) <= 8
    assert sum(share for _, share in levels) == pytest.approx(1)
    assert max(level for level, _ in levels) == pytest.approx(1)
    mean = float(np.mean(found.over_mean / found.over_mean.max()))
    assert sum(level * share for level, share in levels) >= mean - 1e-9
