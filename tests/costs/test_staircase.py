from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from playbook.costs.staircase import (
    Block,
    ByHour,
    Line,
    Staircase,
    block_of,
    cheaper_intervals,
    first_crossing,
)

LOW, HIGH = 1e4, 1e9


def stairs(  # noqa: PLR0913  each is a field of the stairs
    *,
    fixed: float = 1_000,
    gpu: float = 1_500,
    tokens_per_replica: float = 2e7,
    block: Block | None = None,
    spare: int = 1,
    per_million: float = 0.0,
    least_replicas: int = 1,
) -> Staircase:
    return Staircase(
        fixed_usd=np.array([fixed]),
        gpu_usd=np.array([gpu]),
        replicas_per_daily_token=np.array([1 / tokens_per_replica]),
        block=block or Block(gpus=1, replicas=1),
        spare=spare,
        usd_per_daily_token=np.array([per_million / 1e6 * 30.4375]),
        least_replicas=least_replicas,
    )


def by_hour(steps: Staircase, *levels: tuple[float, float]) -> Staircase:
    """Return the same stairs with all machines switched by the hour."""
    return replace(
        steps, gpu_usd=0 * steps.gpu_usd, by_hour=ByHour(steps.gpu_usd, levels or ((1.0, 1.0),))
    )


def line(usd_per_million: float, fixed: float = 0.0) -> Line:
    return Line(
        fixed_usd=np.array([fixed]),
        usd_per_daily_token=np.array([usd_per_million / 1e6 * 30.4375]),
    )


def crossing(steps: Staircase, api: Line) -> float | None:
    found = float(first_crossing(steps, api, low=LOW, high=HIGH)[0])
    return None if np.isnan(found) else found


def by_walking(steps: Staircase, api: Line) -> float | None:
    """Return the first crossing by looking at each step in turn."""
    replicas_at = float(steps.replicas_per_daily_token[0])
    at = LOW
    while at < HIGH:
        if steps.usd(np.array([at]))[0] < api.usd(np.array([at]))[0]:
            return at
        blocks = int(steps.blocks(np.array([at]))[0])
        end = (blocks * steps.block.replicas - steps.spare) / replicas_at
        cost = float(steps.fixed_usd[0] + steps.block_usd[0] * blocks)
        saved = float(api.usd_per_daily_token[0] - steps.usd_per_daily_token[0])
        equal = (cost - float(api.fixed_usd[0])) / saved if saved > 0 else np.inf
        if at <= equal < min(end, HIGH):
            return equal
        at = end * (1 + 1e-6)
    return None


def test_break_even_of_the_first_step_by_hand() -> None:
    """1,000 + 2 x 1,500 = 4,000 USD a month over 3.5 x 30.4375 USD per M a day = 37.55M a day...

    but one replica carries 20M: at 37.55M the third GPU is needed, so 5,500 / 106.53 = 51.6M, where
    it takes the fourth, so 7,000 / 106.53 = 65.7M, the fifth; 8,500 / 106.53 = 79.8M is the first
    volume that its own step (60M to 80M) still carries.
    """
    assert crossing(stairs(), line(3.5)) == pytest.approx(79.79e6, rel=1e-3)


def test_one_division_would_be_wrong() -> None:
    divided = 4_000 / (3.5 * 30.4375) * 1e6

    found = crossing(stairs(), line(3.5))

    assert found is not None
    assert found > 2 * divided


def test_never_when_each_replica_costs_more_than_the_tokens_it_carries() -> None:
    """A replica of 20M a day at 0.1 USD per M saves 61 USD a month and costs 1,500."""
    assert crossing(stairs(), line(0.1)) is None
    assert cheaper_intervals(stairs(), line(0.1), low=LOW, high=HIGH) == ()


def test_saving_is_lost_again_at_the_next_block_and_won_later() -> None:
    """Blocks of 8 GPUs: the saving of a full block is lost when the next begins."""
    steps = stairs(gpu=400, block=Block(gpus=8, replicas=8), tokens_per_replica=1e7, spare=0)

    found = cheaper_intervals(steps, line(2.0), low=LOW, high=HIGH)

    assert len(found) > 1
    assert found[0][1] == pytest.approx(8e7)
    assert found[-1][1] == pytest.approx(HIGH)


def test_first_interval_begins_at_the_first_crossing() -> None:
    steps, api = stairs(gpu=400, block=Block(gpus=8, replicas=8)), line(2.0)

    assert cheaper_intervals(steps, api, low=LOW, high=HIGH)[0][0] == pytest.approx(
        crossing(steps, api)
    )


def test_own_servers_can_be_cheaper_from_the_start() -> None:
    assert crossing(stairs(), line(3.5, fixed=50_000)) == pytest.approx(LOW)


def test_replicas_are_whole_and_one_at_least() -> None:
    volumes = np.array([0.0, 1.0, 2e7, 2.1e7])

    assert stairs().replicas_for_peak(volumes).tolist() == [1, 1, 1, 2]
    assert stairs().blocks(volumes).tolist() == [2, 2, 2, 3]


@pytest.mark.parametrize(
    ("gpus", "sold", "block"),
    [
        (1, 1, Block(1, 1)),
        (2, 8, Block(8, 4)),
        (8, 8, Block(8, 1)),
        (4, 1, Block(4, 1)),
        (8, 4, Block(8, 1)),
        (2, 3, Block(3, 1)),
    ],
)
def test_gpus_are_bought_in_the_numbers_sold(gpus: int, sold: int, block: Block) -> None:
    assert block_of(gpus, sold) == block


steps_strategy = st.builds(
    stairs,
    fixed=st.floats(0, 2e4),
    gpu=st.floats(100, 2e4),
    tokens_per_replica=st.floats(3e6, 3e8),
    block=st.sampled_from([Block(1, 1), Block(8, 4), Block(8, 8), Block(4, 1)]),
    spare=st.integers(0, 3),
    per_million=st.sampled_from([0.0, 0.02, 0.5, 5.0]),
    least_replicas=st.integers(0, 4),
)
lines = st.builds(line, st.floats(0.01, 40), st.floats(0, 5_000))


@settings(max_examples=200, deadline=None)
@given(steps_strategy, lines)
def test_closed_form_equals_walking_up_the_stairs(steps: Staircase, api: Line) -> None:
    walked, solved = by_walking(steps, api), crossing(steps, api)

    if walked is None or solved is None:
        assume(walked is None or walked < HIGH * 0.999)
        assert walked == solved
    else:
        assert solved == pytest.approx(walked, rel=1e-5)


@settings(max_examples=100, deadline=None)
@given(steps_strategy, st.floats(0.05, 20))
def test_doubling_the_api_price_never_raises_break_even(steps: Staircase, price: float) -> None:
    single, double = crossing(steps, line(price)), crossing(steps, line(2 * price))

    assert single is None or (double is not None and double <= single * (1 + 1e-9))


@settings(max_examples=100, deadline=None)
@given(steps_strategy, lines, st.floats(0.1, 1))
def test_break_even_never_rises_when_gpus_get_cheaper(
    steps: Staircase, api: Line, cheaper: float
) -> None:
    reduced = replace(steps, gpu_usd=steps.gpu_usd * cheaper)
    before, after = crossing(steps, api), crossing(reduced, api)

    assert before is None or (after is not None and after <= before * (1 + 1e-9))


@given(steps_strategy, st.floats(0, 1e9), st.floats(0, 1e9))
def test_cost_never_falls_with_volume(steps: Staircase, one: float, other: float) -> None:
    low, high = sorted([one, other])

    assert steps.usd(np.array([low]))[0] <= steps.usd(np.array([high]))[0]


@settings(max_examples=100, deadline=None)
@given(steps_strategy, lines, st.floats(4, 9))
def test_intervals_say_the_truth_at_any_volume(
    steps: Staircase, api: Line, exponent: float
) -> None:
    volume = 10**exponent
    own, bought = steps.usd(np.array([volume]))[0], api.usd(np.array([volume]))[0]
    assume(abs(own - bought) > 1e-6 * bought)

    found = cheaper_intervals(steps, api, low=LOW, high=HIGH)

    assert any(begin <= volume <= end for begin, end in found) == (own < bought)


def test_what_each_token_costs_besides_machines_lowers_what_it_saves() -> None:
    """4,000 USD over (3.5 - 1.5) x 30.4375 USD per M a day, in blocks that carry all of it."""
    wide = stairs(tokens_per_replica=1e9, per_million=1.5)

    assert crossing(wide, line(3.5)) == pytest.approx(4_000 / (2 * 30.4375) * 1e6)
    assert crossing(wide, line(1.5)) is None
    assert crossing(wide, line(1.0)) is None


def test_a_token_that_costs_more_than_the_api_loses_a_lower_fixed_cost_again() -> None:
    """The API's fixed 10,000 USD is saved, less 1 USD per M: until 6,000 / 30.44 = 197M a day."""
    steps = stairs(tokens_per_replica=1e9, per_million=2.0)

    found = cheaper_intervals(steps, line(1.0, fixed=10_000), low=LOW, high=HIGH)

    assert found == ((LOW, pytest.approx(6_000 / 30.4375 * 1e6)),)


def test_replicas_that_are_kept_are_paid_without_any_traffic_and_none_if_none_is_kept() -> None:
    nothing = np.array([0.0])

    assert stairs(least_replicas=3).blocks(nothing).tolist() == [4]
    assert stairs(least_replicas=0).machines_usd(nothing).tolist() == [0]
    assert stairs(least_replicas=0).blocks(np.array([1.0])).tolist() == [2]


def test_machines_that_follow_the_load_by_hand() -> None:
    """A peak of 4 replicas in a quarter of the hours, half of it in the rest; one spare always.

    5 x 0.25 + 3 x 0.75 = 3.5 GPUs of 1,500 USD on the mean, where 5 would be kept.
    """
    steps = by_hour(stairs(fixed=0), (1.0, 0.25), (0.5, 0.75))
    volume = np.array([8e7])

    assert steps.usd(volume)[0] == pytest.approx(3.5 * 1_500)
    assert stairs(fixed=0).usd(volume)[0] == pytest.approx(5 * 1_500)
    assert steps.scenario(0).usd(volume)[0] == pytest.approx(3.5 * 1_500)


@given(steps_strategy, st.floats(0, 1e9))
def test_following_the_load_never_costs_more_than_keeping_the_peak(
    steps: Staircase, volume: float
) -> None:
    kept, switched = steps, by_hour(steps, (1.0, 0.1), (0.3, 0.5), (0.0, 0.4))

    assert switched.usd(np.array([volume]))[0] <= kept.usd(np.array([volume]))[0] * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(steps_strategy, lines)
def test_searched_crossing_is_the_solved_one_where_both_can_be_had(
    steps: Staircase, api: Line
) -> None:
    """All hours alike: both forms cost the same, and a saving may last less than a grid step."""
    solved, searched = crossing(steps, api), crossing(by_hour(steps), api)

    if searched is not None:
        assert solved is not None
        assert solved <= searched * (1 + 1e-6)
        at = np.array([searched * (1 + 1e-6)])
        assert steps.usd(at)[0] <= api.usd(at)[0] * (1 + 1e-4)
    spans = cheaper_intervals(steps, api, low=LOW, high=HIGH)
    if any(end > 1.07 * begin for begin, end in spans):
        assert searched is not None


def test_searched_intervals_are_the_solved_ones() -> None:
    steps = stairs(gpu=400, block=Block(gpus=8, replicas=8), tokens_per_replica=1e7, spare=0)

    solved = cheaper_intervals(steps, line(2.0), low=LOW, high=HIGH)
    searched = cheaper_intervals(by_hour(steps), line(2.0), low=LOW, high=HIGH)

    assert len(solved) == len(searched) > 1
    for one, other in zip(solved, searched, strict=True):
        assert one == pytest.approx(other, rel=0.004)


@given(steps_strategy, st.floats(0, 1e11))
def test_cost_is_never_negative_and_blocks_are_whole(steps: Staircase, volume: float) -> None:
    at = np.array([volume])

    assert steps.usd(at)[0] >= 0
    assert steps.machines_usd(at)[0] >= 0
    assert float(steps.blocks(at)[0]).is_integer()


@given(steps_strategy, st.floats(0, 1e9), st.floats(0, 1e9))
def test_cost_of_machines_that_follow_the_load_never_falls_with_volume(
    steps: Staircase, one: float, other: float
) -> None:
    low, high = sorted([one, other])
    switched = by_hour(steps, (1.0, 0.1), (0.3, 0.5), (0.0, 0.4))

    assert switched.usd(np.array([low]))[0] <= switched.usd(np.array([high]))[0] * (1 + 1e-12)
