"""Monthly costs over months, options and draws, in one array."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.costs.horizon import monthly_costs, price_fall, price_rise, volume_growth
from playbook.costs.staircase import Block, ByHour, Line, Staircase

DRAWS = 3
API = Line(np.full(DRAWS, 100.0), np.full(DRAWS, 1e-3))


def stairs(**fields: object) -> Staircase:
    values: dict[str, object] = {
        "fixed_usd": np.full(DRAWS, 50.0),
        "gpu_usd": np.full(DRAWS, 1_000.0),
        "replicas_per_daily_token": np.full(DRAWS, 1e-6),
        "block": Block(gpus=1, replicas=1),
        "spare": 0,
    }
    return Staircase(**{**values, **fields})


def test_month_by_hand() -> None:
    """Volume doubles to 2M, the API's price halves: 100 + 1e-3 * 2e6 * 0.5 = 1,100 USD. A replica
    serves 1M a day, so that the second month takes 2 at 1,000 USD with 50 USD fixed."""
    found = monthly_costs(
        [API, stairs()],
        np.full(DRAWS, 1e6),
        growth=np.array([1.0, 2.0]),
        price_factors=np.array([[1.0, 0.5], [1.0, 1.0]]),
    )

    assert found.shape == (2, 2, DRAWS)
    assert found[:, :, 0].tolist() == [[1_100.0, 1_100.0], [1_050.0, 2_050.0]]


def test_machines_switched_by_the_hour_follow_volume_and_price_too() -> None:
    """Half of the hours carry the peak, half a tenth of it: at 3M tokens/day 3 and 1 replicas, on
    the mean 2 at 600 USD, beside 3 kept at 1,000; at half the price 1,500 and 600 USD."""
    one = stairs(
        by_hour=ByHour(np.full(DRAWS, 600.0), ((1.0, 0.5), (0.1, 0.5))),
        fixed_usd=np.zeros(DRAWS),
    )

    found = monthly_costs(
        [one],
        np.full(DRAWS, 3e6),
        growth=np.ones(2),
        price_factors=np.array([[1.0, 0.5]]),
    )

    assert found[0, :, 0].tolist() == [4_200.0, 2_100.0]


def test_price_of_gpus_moves_machines_and_never_staff() -> None:
    found = monthly_costs(
        [stairs()],
        np.full(DRAWS, 1e6),
        growth=np.ones(1),
        price_factors=np.array([[0.5]]),
    )

    assert found[0, 0, 0] == pytest.approx(50 + 500)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0, 1e9),
    st.floats(-0.2, 0.3),
    st.floats(0.1, 3.0),
    st.floats(1.0, 4.0),
)
def test_cost_is_never_negative_and_never_falls_with_price_or_volume(
    volume: float, growth: float, factor: float, times: float
) -> None:
    def cost(volume: float, factor: float) -> np.ndarray:
        return monthly_costs(
            [API, stairs()],
            np.full(DRAWS, volume),
            growth=volume_growth(growth, 6),
            price_factors=np.full((2, 6), factor),
        )

    base = cost(volume, factor)

    assert (base >= 0).all()
    assert (cost(volume * times, factor) >= base - 1e-6).all()
    assert (cost(volume, factor * times) >= base - 1e-6).all()


def test_zero_volume_costs_what_is_fixed() -> None:
    found = monthly_costs(
        [API, stairs()], np.zeros(DRAWS), growth=np.ones(2), price_factors=np.ones((2, 2))
    )

    assert (found[0] == 100).all()
    assert (found[1] == 1_050).all()


def test_paths_of_prices_start_at_today_s() -> None:
    assert price_fall(3.0, 24)[0] == price_rise(1.75, 12, 24)[0] == 1
    assert price_fall(1.0, 24).tolist() == [1.0] * 24
    assert price_rise(1.75, 12, 24)[-1] == pytest.approx(1.75)


@pytest.mark.slow
def test_sixty_options_in_ten_thousand_draws_over_two_years_take_under_a_second() -> None:
    draws, rng = 10_000, np.random.default_rng(1)
    lines = [Line(rng.random(draws), rng.random(draws)) for _ in range(30)]
    servers = [
        stairs(
            fixed_usd=rng.random(draws),
            gpu_usd=rng.random(draws),
            replicas_per_daily_token=rng.random(draws) * 1e-6,
        )
        for _ in range(30)
    ]

    start = time.process_time()
    found = monthly_costs(
        [*lines, *servers],
        rng.random(draws) * 1e8,
        growth=volume_growth(0.03, 24),
        price_factors=np.ones((60, 24)),
    )

    assert found.shape == (60, 24, draws)
    assert time.process_time() - start < 1


def test_a_price_of_tokens_moves_neither_logs_nor_filters() -> None:
    """1M tokens a day at 1e-3 and 5e-4 USD a month each: 1,500 USD, and 1,000 at half the price."""
    line = Line(
        fixed_usd=np.zeros(1),
        usd_per_daily_token=np.array([1e-3]),
        besides_usd_per_daily_token=np.array([5e-4]),
    )

    found = monthly_costs(
        [line], np.array([1e6]), growth=np.ones(2), price_factors=np.array([[1.0, 0.5]])
    )

    assert found[0, :, 0] == pytest.approx([1_500, 1_000])


def test_a_price_of_gpus_moves_those_that_are_switched_too() -> None:
    """Half of the machines is kept and half switched; both cost half at half the price."""
    stairs = Staircase(
        fixed_usd=np.zeros(1),
        gpu_usd=np.array([500.0]),
        replicas_per_daily_token=np.array([1e-6]),
        block=Block(gpus=1, replicas=1),
        spare=0,
        by_hour=ByHour(np.array([500.0]), ((1.0, 1.0),)),
    )

    found = monthly_costs(
        [stairs], np.array([1e6]), growth=np.ones(2), price_factors=np.array([[1.0, 0.5]])
    )

    assert found[0, :, 0] == pytest.approx([1_000, 500])
