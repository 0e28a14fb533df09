"""The price of a fixed capability falls in steps, breaks in 2024, and is traced to its sources."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import Catalog, load_catalog
from playbook.landscape.capability_price import capability_prices
from playbook.landscape.market_records import CapabilityPrice
from tests.catalog.builders import a_catalog
from tests.catalog.price_builders import BLEND, a_history, a_level, an_index, at_usd
from tests.landscape.builders import AS_OF

CATALOG = load_catalog()
PRICES = {one.level: one for one in capability_prices(CATALOG, as_of=AS_OF)}


def a_market(*prices: object, **index: float) -> Catalog:
    return a_catalog(
        capability_levels=(a_level(),),
        capability_indices=(an_index(**({"first": 0.0, "better": 0.5, "worse": -0.5} | index)),),
        price_histories=(a_history(*prices),),
        assumptions=(BLEND,),
    )


def only(catalog: Catalog, as_of: date = AS_OF) -> CapabilityPrice:
    (found,) = capability_prices(catalog, as_of=as_of)
    return found


FIRST = at_usd(10, date(2024, 1, 1), index_model="first")
BETTER = at_usd(2, date(2024, 9, 1), model="better", index_model="better")
WORSE = at_usd(1, date(2024, 2, 1), model="worse", index_model="worse")
UNKNOWN = at_usd(0.1, date(2024, 2, 1), model="nobody knows")


def test_only_models_at_or_above_the_level_count() -> None:
    found = only(a_market(FIRST, BETTER, WORSE, UNKNOWN))

    assert [(one.model, one.usd_per_million_tokens) for one in found.steps] == [
        ("first", 10.0), ("better", 2.0),
    ]  # fmt: skip


def test_the_yearly_factor_is_worked_from_the_first_and_last_step() -> None:
    """10 to 2 USD from 2024-01-01 to 2026-01-01, 731 days: 5 ** (365.25 / 731) = 2.234."""
    found = only(a_market(FIRST, BETTER))

    assert found.fall_per_year == pytest.approx(2.234, abs=0.001)


def test_a_price_that_only_rises_falls_by_nothing() -> None:
    dearer = at_usd(20, date(2025, 1, 1), index_model="first")
    found = only(a_market(FIRST, dearer))

    assert found.fall_per_year == pytest.approx(1.0)
    assert found.break_on is None


def test_an_offer_that_is_gone_keeps_its_step_but_is_not_the_cheapest_now() -> None:
    gone = at_usd(1, date(2024, 6, 1), date(2024, 7, 1), model="better", index_model="better")
    found = only(a_market(FIRST, gone))

    assert found.steps[-1].usd_per_million_tokens == pytest.approx(1.0)
    assert found.cheapest_now is not None
    assert found.cheapest_now.usd_per_million_tokens == pytest.approx(10.0)


def test_a_free_offer_is_no_price() -> None:
    free = at_usd(0, date(2024, 6, 1), model="better", index_model="better")

    assert only(a_market(FIRST, free)) == only(a_market(FIRST))


def test_the_range_holds_the_pace_of_all_models_even_where_one_model_makes_it() -> None:
    """Without the better model the price stands still: 1.0 to 2.234 a year, not 1.0 to 1.0."""
    found = only(a_market(FIRST, BETTER))

    assert found.fall_per_year_low == pytest.approx(1.0)
    assert found.fall_per_year_high == found.fall_per_year == pytest.approx(2.234, abs=0.001)


def test_nothing_seen_after_the_day_of_the_landscape_counts() -> None:
    found = only(a_market(FIRST, BETTER), as_of=date(2025, 6, 1))
    earlier = capability_prices(a_market(FIRST, BETTER), as_of=date(2024, 8, 1))

    assert found.observed_until == date(2025, 6, 1)
    assert earlier == ()


def test_a_level_whose_model_nobody_offered_is_left_out() -> None:
    assert capability_prices(a_market(BETTER), as_of=AS_OF) == ()


@given(level=st.floats(min_value=-0.6, max_value=0.6))
def test_a_lower_level_never_costs_more(level: float) -> None:
    """Prices from one day on; the cheapest at or above a level falls with the level."""
    rows = [at_usd(price, date(2024, 1, 1), model=name, index_model=name)
            for name, price in (("first", 10), ("better", 2), ("worse", 1))]  # fmt: skip
    strict = only(a_market(*rows, first=level)).steps[-1].usd_per_million_tokens
    lower = only(a_market(*rows, first=level - 0.3)).steps[-1].usd_per_million_tokens

    assert lower <= strict


def test_gpt_4_class_fell_about_36_fold_a_year_to_august_2024_and_under_2_fold_since() -> None:
    """Worked by hand from the blended 3:1 prices of the copies.

    gpt-4-0314 (3 x 30 + 60) / 4 = 37.5 on 2023-03-14; gpt-4o-mini (3 x 0.15 + 0.60) / 4 = 0.2625
    in force on 2024-08-01, 506 days later: 142.9 ** (365.25 / 506) = 35.9 a year. Mistral Small
    (2501) at DeepInfra (3 x 0.05 + 0.08) / 4 = 0.0575 since: 4.565 ** (365.25 / 843) = 1.93.
    Over all 652 ** (365.25 / 1349) = 5.8.
    """
    found = PRICES["gpt-4-class"]

    assert found.steps[0].usd_per_million_tokens == pytest.approx(37.5)
    assert found.steps[-1].usd_per_million_tokens == pytest.approx(0.0575)
    assert found.break_on == date(2024, 8, 1)
    assert found.fall_per_year_before == pytest.approx(35.9, abs=0.1)
    assert found.fall_per_year_after == pytest.approx(1.93, abs=0.01)
    assert found.fall_per_year == pytest.approx(5.78, abs=0.01)


def test_gpt_4o_class_fell_6_fold_a_year_and_by_a_third_a_year_since_the_break() -> None:
    """7.5 on 2024-05-14 to gpt-oss-120b at DeepInfra, (3 x 0.037 + 0.17) / 4 = 0.07025."""
    found = PRICES["gpt-4o-class"]

    assert found.fall_per_year == pytest.approx(6.36, abs=0.01)
    assert found.fall_before == pytest.approx(7.5 / 0.13125)
    assert found.fall_per_year_before is None
    assert found.fall_per_year_after == pytest.approx(1.36, abs=0.01)


def test_gpt_3_5_class_fell_3_fold_a_year() -> None:
    """1.625 on 2023-08-23 to Llama 3.1 8B at DeepInfra, (3 x 0.03 + 0.05) / 4 = 0.035.

    Hosted 8B models, at or above the level on the index, make the fall steeper than one over large
    models alone: 46.4 ** (365.25 / 1187) = 3.26.
    """
    found = PRICES["gpt-3.5-class"]

    assert found.steps[-1].usd_per_million_tokens == pytest.approx(0.035)
    assert found.fall_per_year == pytest.approx(3.26, abs=0.01)


@pytest.mark.parametrize("level", list(PRICES))
def test_every_level_breaks_in_2024_and_slows(level: str) -> None:
    found = PRICES[level]

    assert found.break_on is not None
    assert found.break_on.year == 2024
    assert found.fall_before is not None
    assert found.fall_after is not None
    assert found.fall_before > found.fall_after
    assert found.break_earliest is not None
    assert found.break_latest is not None
    assert found.break_earliest <= found.break_on <= found.break_latest


@pytest.mark.parametrize("level", list(PRICES))
def test_the_range_by_leaving_one_model_out_holds_the_pace(level: str) -> None:
    found = PRICES[level]

    assert found.fall_per_year_low is not None
    assert found.fall_per_year_high is not None
    assert found.fall_per_year_low <= found.fall_per_year * (1 + 1e-9)
    assert found.fall_per_year_high >= found.fall_per_year_low


def test_planning_scenarios_hold_the_pace_since_the_break() -> None:
    scenarios = CATALOG.assumption("landscape.capability_price_fall_per_year").value

    for found in PRICES.values():
        assert found.fall_per_year_after is not None
        assert scenarios.low <= found.fall_per_year_after <= scenarios.high
