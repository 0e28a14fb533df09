"""The months ahead: prices stay, fall or rise, and announced ones count from their day."""

from datetime import date

import pytest

from playbook.catalog import Catalog
from playbook.costs import Costs, TrendScenario, estimate_costs
from playbook.vocabulary import Lane
from tests.costs.builders import (
    AS_OF,
    a_catalog,
    a_price,
    a_profile,
    an_offer,
    an_rng,
    some_assumptions,
)

FALL = {"landscape__capability_price_fall_per_year": {"low": 1, "likely": 1.4, "high": 3}}
RISE = {"lanes__price_rise_factor": 2.0, "lanes__price_rise_months": 12}


def costs(catalog: Catalog | None = None, **workload: object) -> Costs:
    facts = a_catalog(assumptions=some_assumptions(**FALL, **RISE))
    return estimate_costs(a_profile(workload=workload), catalog or facts, rng=an_rng(), as_of=AS_OF)


def trend(found: Costs, name: str) -> TrendScenario:
    return next(one for one in found.trends if one.id == name)


def months(one: TrendScenario, lane: Lane) -> list[float]:
    return [each.p50 for each in one.usd_per_month[lane]]


def test_four_paths_over_the_profile_s_months() -> None:
    found = costs(horizon_months=18)

    assert [one.id for one in found.trends] == ["stays", "falls", "falls_fast", "rises"]
    assert {one.months for one in found.trends} == {18}
    assert all(len(usd) == 18 for one in found.trends for usd in one.usd_per_month.values())


def test_prices_that_stay_cost_the_same_each_month_without_growth() -> None:
    found = trend(costs(), "stays")

    for lane in Lane:
        assert months(found, lane) == pytest.approx([months(found, lane)[0]] * 24)
        assert found.usd_total[lane].p50 == pytest.approx(24 * months(found, lane)[0])


def test_a_year_of_the_fast_fall_leaves_a_third_of_the_tokens_price() -> None:
    """The host takes 6.0875 USD for its tokens and 100 USD for the gateway: 102.03 after a year."""
    found = trend(costs(), "falls_fast")

    assert months(found, Lane.HOSTED_OPEN_WEIGHTS)[12] == pytest.approx(100 + 6.0875 / 3)
    assert found.price_factor_per_year[Lane.FRONTIER_API] == pytest.approx(1 / 3)


def test_own_servers_keep_their_price_on_every_path() -> None:
    found = costs()

    own = [months(one, Lane.SELF_HOSTED) for one in found.trends]
    assert all(each == pytest.approx(own[0]) for each in own)
    assert {one.price_factor_per_year[Lane.SELF_HOSTED] for one in found.trends} == {1.0}


def test_rise_doubles_tokens_within_the_year_and_stops_there() -> None:
    found = months(trend(costs(), "rises"), Lane.HOSTED_OPEN_WEIGHTS)

    assert found[12] == pytest.approx(100 + 2 * 6.0875)
    assert found[23] == pytest.approx(found[12])


def test_paths_order_the_sums() -> None:
    found = costs()
    sums = [
        trend(found, name).usd_total[Lane.FRONTIER_API].p50
        for name in ("falls_fast", "falls", "stays", "rises")
    ]

    assert sums == sorted(sums)
    assert sums[0] < sums[-1]


def test_an_announced_price_counts_from_its_day() -> None:
    """1 January 2027 lies in the second month after 23 November: tokens then cost twice."""
    twice = a_price(
        since=date(2027, 1, 1), input_usd_per_million_tokens=4.0, output_usd_per_million_tokens=16.0
    )
    offer = an_offer("frontier").changed(announced=(twice,))
    catalog = a_catalog(api_offers=(offer,), assumptions=some_assumptions(**FALL, **RISE))

    found = months(trend(costs(catalog), "stays"), Lane.FRONTIER_API)

    tokens = found[0] - 100
    assert [usd - 100 for usd in found[:4]] == pytest.approx(
        [tokens, tokens, 2 * tokens, 2 * tokens]
    )


def test_growth_brings_the_month_in_which_own_servers_get_cheaper() -> None:
    """At 40 USD per million the API meets 6,770 USD of own servers at 5.5M tokens/day: 3M grow
    past that in the eighth month, and own servers stay cheaper."""
    price = a_price(input_usd_per_million_tokens=40.0, output_usd_per_million_tokens=40.0)
    catalog = a_catalog(api_offers=(an_offer("frontier", price),))

    found = trend(costs(catalog, tokens_per_day=3e6, growth_per_month=0.1), "stays")

    first = found.first_month_own_servers_cheaper
    assert first is not None
    own, api = months(found, Lane.SELF_HOSTED), months(found, Lane.FRONTIER_API)
    assert own[first - 2] >= api[first - 2]
    assert all(
        mine < theirs for mine, theirs in zip(own[first - 1 :], api[first - 1 :], strict=True)
    )


def test_shares_of_draws_are_shares() -> None:
    for one in costs().trends:
        assert sum(one.share_of_draws.values()) == pytest.approx(1)
        assert one.cheapest_lane in one.share_of_draws


def test_a_catalog_without_a_pace_has_prices_that_stay_alone() -> None:
    assert [one.id for one in costs(a_catalog()).trends] == ["stays"]


def test_without_any_option_there_is_a_scenario_without_lanes() -> None:
    empty = a_catalog(api_offers=(), gpu_offers=(), gpus=())

    [found] = costs(empty).trends

    assert found.usd_per_month == {}
    assert found.cheapest_lane is None
    assert found.first_month_own_servers_cheaper is None
