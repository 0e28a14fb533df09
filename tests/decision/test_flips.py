"""Switching values are where the lead really changes, worked by hand and checked by deciding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playbook.costs.records import BreakEven, CurvePoint
from playbook.decision import Decision, Flip
from playbook.decision.ballot import first_change
from playbook.uncertainty import Percentiles
from tests.decision.builders import (
    HOSTED,
    OWN,
    Spec,
    a_profile,
    a_rate,
    a_situation,
    decided,
    decision_on,
    some_costs,
)

ONLY = {
    "cost": 0, "quality": 0, "latency": 0, "infrastructure": 0, "residency": 0,
    "time_to_production": 0, "lifecycle": 0,
}  # fmt: skip
COST_AND_QUALITY = a_profile(weights={**ONLY, "cost": 30, "quality": 10})
ALPHA = Spec("alpha", usd=2_800, rate=a_rate(0.92, half=0))
GAMMA = Spec("gamma", usd=1_900, rate=a_rate(0.83, half=0))


def flip(decision: Decision, start: str) -> Flip:
    return next(one for one in decision.flips if one.what.startswith(start))


def test_switching_values_worked_by_hand() -> None:
    """alpha 0.75 x 0.8 + 0.25 x 0.8 = 0.8; gamma 0.75 x 0.9 + 0.25 x 0.2 = 0.725.

    Pass rate of alpha: 0.6 + 0.25 v = 0.725, v = 0.5, so 0.8 + 0.5 x 0.15 = 87.5%.
    Cost of alpha: 0.75 v + 0.2 = 0.725, v = 0.7, so 10,000 - 0.7 x 9,000 = 3,700.
    Pass rate of gamma: 0.675 + 0.25 v = 0.8, v = 0.5, again 87.5%.
    Weight of cost: 0.8 = 0.9 w + 0.2 (1 - w), w = 0.6 / 0.7 = 85.7%.
    """
    found = decision_on(ALPHA, GAMMA, profile=COST_AND_QUALITY)

    assert flip(found, "pass rate of Alpha").at == "under 87.5%"
    assert flip(found, "pass rate of Gamma").at == "at least 87.5%"
    assert flip(found, "cost of Alpha").at == "$3.7k a month (P50)"
    assert flip(found, "weight of cost").at == "85.7% of all weights"
    assert {one.to_option for one in found.flips} == {"gamma@acme"}


def test_the_lead_changes_at_the_reported_cost_and_not_before() -> None:
    before = decision_on(replace(ALPHA, usd=3_690), GAMMA, profile=COST_AND_QUALITY)
    after = decision_on(replace(ALPHA, usd=3_710), GAMMA, profile=COST_AND_QUALITY)

    assert (before.leading_plan, after.leading_plan) == ("alpha@acme", "gamma@acme")


def test_the_lead_changes_at_the_reported_weight_and_not_before() -> None:
    def leader(cost: float) -> str | None:
        weights = {**ONLY, "cost": cost, "quality": 100 - cost}
        return decision_on(ALPHA, GAMMA, profile=a_profile(weights=weights)).leading_plan

    assert (leader(85.6), leader(85.8)) == ("alpha@acme", "gamma@acme")


def test_what_never_changes_the_lead_is_left_out() -> None:
    """gamma is worse in everything: no weight can put it first."""
    worse = Spec("gamma", usd=5_000, rate=a_rate(0.83, half=0), first_token_s=1.9)

    found = decision_on(ALPHA, worse)

    assert not [one for one in found.flips if one.what.startswith("weight")]


def test_a_single_option_has_nothing_to_flip_to() -> None:
    assert decision_on(ALPHA).flips == ()


def test_first_change_is_the_nearest_one_and_none_if_the_lead_stays() -> None:
    grid = [0.0, 1.0, 2.0, 3.0]

    change = first_change(
        lambda x: 1 if 0.5 < x < 1.5 else 2 if x > 2.5 else 0, grid, lambda row: row
    )

    assert change is not None
    assert change[0] == pytest.approx(0.5)
    assert change[1] == 1
    assert first_change(lambda _: 7, grid, lambda row: row) is None


def test_a_shorter_deadline_that_closes_the_leaders_lane_is_found() -> None:
    """Own servers take 5, 10, 22 weeks: P80 is 22 - sqrt(0.2 x 17 x 12) = 15.6."""
    own = Spec("beta", OWN, "own", usd=1_000, rate=a_rate(0.94, half=0))
    api = replace(ALPHA, usd=6_000)

    found = flip(decision_on(own, api), "deadline")

    assert (found.now, found.at, found.to_option) == ("26 weeks", "15.6 weeks", "alpha@acme")


def test_a_longer_deadline_that_opens_a_better_lane_is_found_and_true() -> None:
    own = Spec("beta", OWN, "own", usd=1_000, rate=a_rate(0.94, half=0))
    api = replace(ALPHA, usd=6_000)

    def at(weeks: float) -> Decision:
        people = {"staff_free_fte": 2.0, "places": ("own",), "deadline_weeks": weeks}
        return decision_on(own, api, profile=a_profile(infrastructure=people))

    assert flip(at(12), "deadline").at == "15.6 weeks"
    assert (at(15.5).leading_plan, at(15.7).leading_plan) == ("alpha@acme", "beta@self:own")


def test_gpu_price_flip_moves_only_the_machines_part() -> None:
    """beta costs 2,800, of which machines at $2 are 1,400; alpha leads once it costs 3,700.

    That is 900 more, all on machines: the price may rise to 2 x (1,400 + 900) / 1,400 = $3.29.
    """
    own = Spec("beta", OWN, "own", usd=2_800, rate=a_rate(0.92, half=0))
    api = Spec("alpha", usd=1_900, rate=a_rate(0.83, half=0))
    costs = some_costs([own, api])
    half = Percentiles(p10=1_400, p50=1_400, p90=1_400)
    split = costs.options[0].changed(components={"machines": half, "staff": half})
    situation = a_situation(
        own, api, profile=COST_AND_QUALITY, costs=costs.changed(options=(split, costs.options[1]))
    )

    found = flip(decided(situation), "price of G1")

    assert (found.now, found.at) == ("$2.00 a GPU-hour", "$3.29 a GPU-hour")


def a_curve(volume: float, api: float, own: float) -> CurvePoint:
    def exactly(amount: float) -> Percentiles:
        return Percentiles(p10=amount, p50=amount, p90=amount)

    return CurvePoint(
        tokens_per_day=volume, api_usd_per_month=exactly(api), replicas=1, gpu_title="G1",
        self_hosted_usd_per_month=exactly(own),
    )  # fmt: skip


def a_pair(api: Spec, own: Spec) -> BreakEven:
    """API at $1,000 per 1M tokens/day, own servers at a flat $4,000."""
    curve = tuple(a_curve(1e6 * step, 1_000.0 * step, 4_000.0) for step in range(1, 9))
    return BreakEven(
        self_hosted_option=own.id, api_option=api.id, same_weights=True, curve=curve, crossings=(),
        crossings_left_out=0, first_crossing=None, share_of_draws_that_cross=1.0,
        highest_volume_considered=8e6, finding="",
    )  # fmt: skip


def test_volume_flip_is_the_crossing_when_only_cost_counts() -> None:
    api, own = Spec("beta", HOSTED, "hostco", usd=1_000), Spec("beta", OWN, "own", usd=4_000)
    costs = some_costs([api, own], volume=1e6, break_evens=[a_pair(api, own)])
    profile = a_profile(weights={**ONLY, "cost": 1})

    found = flip(decided(a_situation(api, own, profile=profile, costs=costs)), "volume")

    assert (found.now, found.at) == ("1M tokens/day", "4M tokens/day")
    assert found.to_option == "beta@self:own"


def test_there_is_no_volume_flip_without_a_curve_for_the_leader() -> None:
    found = decision_on(ALPHA, GAMMA, profile=COST_AND_QUALITY)

    assert not [one for one in found.flips if one.what.startswith("volume")]


def test_a_near_twin_takes_over_within_the_lane_so_the_lane_stays() -> None:
    """Two hosted options a dollar apart; the commercial API is what the choice is about."""
    hosted = Spec("beta", HOSTED, "hostco", usd=1_500)
    twin = Spec("delta", HOSTED, "hostco", usd=1_501)
    api = Spec("alpha", usd=2_500)
    profile = a_profile(weights={**ONLY, "cost": 1})

    costs = [
        (one.at, one.to_option)
        for one in decision_on(hosted, twin, api, profile=profile).flips
        if one.what.startswith("cost of Beta")
    ]

    assert costs == [("just above $1.5k a month (P50)", "delta@hostco")]


def test_a_rival_lane_is_reached_when_its_cost_falls() -> None:
    """The API leads below 1,500; whatever beta's own cost, delta holds the lane until then."""
    hosted = Spec("beta", HOSTED, "hostco", usd=1_500)
    twin = Spec("delta", HOSTED, "hostco", usd=1_501)
    api = Spec("alpha", usd=2_500)

    found = decision_on(hosted, twin, api, profile=a_profile(weights={**ONLY, "cost": 1}))

    assert flip(found, "cost of Alpha").at == "$1.5k a month (P50)"
    assert flip(found, "cost of Alpha").to_option == "alpha@acme"
    assert found.flips[0].to_option == "alpha@acme"
