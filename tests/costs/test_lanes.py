"""Three lanes side by side, each with its cheapest option or the reason why it has none."""

from datetime import date

import pytest

from playbook.catalog import Catalog
from playbook.costs import Costs, LaneCost, estimate_costs
from playbook.vocabulary import Lane
from tests.costs.builders import AS_OF, a_catalog, a_price, a_profile, an_offer, an_rng

SPREAD = {"tokens_per_day": {"low": 5e5, "likely": 1e6, "high": 2e6}}


def costs(catalog: Catalog | None = None, **sections: object) -> Costs:
    return estimate_costs(a_profile(**sections), catalog or a_catalog(), rng=an_rng(), as_of=AS_OF)


def lane(found: Costs, which: Lane) -> LaneCost:
    return next(one for one in found.lanes if one.lane is which)


def test_all_three_lanes_are_there_with_their_cheapest_option() -> None:
    found = costs()

    assert [one.lane for one in found.lanes] == list(Lane)
    for one in found.lanes:
        own = [each for each in found.options if each.lane is one.lane and each.priced]
        assert one.option == own[0].option
        assert one.usd_per_month == own[0].usd_per_month
        assert one.usd_per_successful_answer == own[0].usd_per_successful_answer


def test_an_offer_that_has_ended_stands_for_no_lane_though_it_was_the_cheapest() -> None:
    cheap = a_price(input_usd_per_million_tokens=0.01, output_usd_per_million_tokens=0.01)
    ended = an_offer("mini", cheap, retires=date(2026, 10, 23))
    found = costs(a_catalog(api_offers=(ended, an_offer("frontier"))))

    api = lane(found, Lane.FRONTIER_API)
    apis = [one.option for one in found.options if one.lane is Lane.FRONTIER_API]
    assert apis == ["frontier@api-house", "mini@api-house"]
    assert api.option == "frontier@api-house"
    assert {point.option for point in api.curve} == {"frontier@api-house"}
    assert {one.options[Lane.FRONTIER_API] for one in found.trends} == {"frontier@api-house"}


def test_a_lane_of_ended_offers_alone_says_so() -> None:
    ended = an_offer("mini", retires=date(2026, 10, 23))
    found = costs(a_catalog(api_offers=(ended,)))

    assert "the offer ended 2026-10-23" in lane(found, Lane.FRONTIER_API).because
    assert not any(Lane.FRONTIER_API in one.options for one in found.trends)


def test_a_lane_without_an_option_says_why() -> None:
    found = costs(a_catalog(api_offers=(an_offer("frontier"),), gpu_offers=(), gpus=()))

    hosted, own = lane(found, Lane.HOSTED_OPEN_WEIGHTS), lane(found, Lane.SELF_HOSTED)
    assert hosted.option is None
    assert "no provider of the catalog hosts open weights" in hosted.because
    assert "no GPU offer for rented_eu" in own.because
    assert hosted.curve == own.curve == ()


def test_models_that_are_not_considered_leave_a_lane_empty_with_the_reason() -> None:
    found = costs(domain={"candidate_models": ["frontier"]})

    assert lane(found, Lane.HOSTED_OPEN_WEIGHTS).option is None
    assert lane(found, Lane.SELF_HOSTED).because.startswith("no open weights are considered")


@pytest.mark.parametrize("which", list(Lane))
def test_curve_ascends_in_volume_and_never_falls_in_cost(which: Lane) -> None:
    points = lane(costs(), which).curve

    assert len(points) == 43
    usd = [one.usd_per_month.p50 for one in points]
    assert usd == sorted(usd)
    assert points[0].tokens_per_day == pytest.approx(1e4)
    assert points[-1].tokens_per_day == pytest.approx(1e11)


def test_curve_is_the_cheapest_of_the_lane_s_options_at_each_volume() -> None:
    """`frontier` costs 3.5 and `mini` 0.175 USD per million tokens, both with the same gateway."""
    points = lane(costs(), Lane.FRONTIER_API).curve

    assert {one.option for one in points} == {"mini@api-house"}


def test_curve_agrees_with_the_cost_at_the_team_s_volume() -> None:
    found = lane(costs(workload={"tokens_per_day": 1e6}), Lane.SELF_HOSTED)

    at = next(one for one in found.curve if one.tokens_per_day == pytest.approx(1e6))
    assert found.usd_per_month is not None
    assert at.usd_per_month.p50 == pytest.approx(found.usd_per_month.p50)


def test_zero_volume_has_costs_and_no_cost_per_answer() -> None:
    for one in costs(workload={"tokens_per_day": 0}).lanes:
        assert one.usd_per_month is not None
        assert one.usd_per_month.p10 >= 0
        assert one.usd_per_successful_answer is None
        assert one.usd_per_million_tokens is None


def test_planned_fine_tuning_is_in_curves_months_and_differences_as_in_the_costs() -> None:
    """Every figure at the team's own volume is that of the option's monthly cost."""
    planned = {"will_fine_tune": True, "labelled_examples": 1_000}
    found = costs(workload={"tokens_per_day": 1e6}, domain=planned)
    own = lane(found, Lane.SELF_HOSTED)

    assert own.usd_per_month is not None
    cost = next(one for one in found.options if one.option == own.option)
    assert "fine_tuning" in cost.components
    at = next(one for one in own.curve if one.tokens_per_day == pytest.approx(1e6))
    first = found.trends[0].usd_per_month[Lane.SELF_HOSTED][0]
    alone = next(one for one in found.tornados if one.of == "own_servers")
    assert at.usd_per_month.p50 == pytest.approx(own.usd_per_month.p50)
    assert first.p50 == pytest.approx(own.usd_per_month.p50)
    assert alone.usd_per_month_likely == pytest.approx(own.usd_per_month.p50, rel=0.05)
    assert cost.usd_per_successful_answer is not None
    assert cost.usd_per_successful_answer.p50 == pytest.approx(own.usd_per_month.p50 / 15_218.75)
