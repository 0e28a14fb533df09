import time
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.catalog import Catalog, SecondOpinion, load_catalog
from playbook.costs import BreakEven, Costs, OptionCost, cost_curve, estimate_costs
from playbook.costs.finding import volume_words
from playbook.errors import CatalogError
from playbook.profile import Profile, profile_from_sections
from playbook.provenance import Provenance, Source
from playbook.uncertainty import Estimate
from playbook.vocabulary import Lane
from tests.costs.builders import (
    AS_OF,
    a_catalog,
    a_gpu_offer,
    a_large_model,
    a_model,
    a_price,
    a_profile,
    an_api_model,
    an_offer,
    an_rng,
)

OWN, FRONTIER, HOSTED = "small-8b@self:rented_eu", "frontier@api-house", "small-8b@host"
SPREAD = {"workload": {"tokens_per_day": {"low": 5e5, "likely": 1e6, "high": 2e6}}}


def costs(profile: Profile | None = None, catalog: Catalog | None = None, seed: int = 7) -> Costs:
    return estimate_costs(
        profile or a_profile(), catalog or a_catalog(), rng=an_rng(seed), as_of=AS_OF
    )


def option(found: Costs, identifier: str) -> OptionCost:
    return next(one for one in found.options if one.option == identifier)


def median_usd(identifier: str, profile: Profile, catalog: Catalog | None = None) -> float:
    found = option(costs(profile, catalog), identifier).usd_per_month
    assert found is not None
    return found.p50


def pair(found: Costs, own: str, api: str) -> BreakEven:
    wanted = (own, api)
    return next(
        one for one in found.break_evens if (one.self_hosted_option, one.api_option) == wanted
    )


def curve(catalog: Catalog | None = None, api: str = FRONTIER, **profile: object) -> BreakEven:
    return cost_curve(
        a_profile(**profile),
        catalog or a_catalog(),
        self_hosted_option=OWN,
        api_option=api,
        rng=an_rng(),
        as_of=AS_OF,
    )


def test_every_option_appears_with_a_cost_or_a_reason() -> None:
    unsized = an_api_model("unsized").changed(open_weights=True, licence="open")
    catalog = a_catalog(models=(*a_catalog().models, unsized))

    found = costs(catalog=catalog)

    assert {one.option for one in found.options} == {o.id for o in catalog.options(["rented_eu"])}
    assert all(one.because for one in found.options)
    assert not option(found, "unsized@self:rented_eu").priced
    assert found.options[-1].option == "unsized@self:rented_eu"


def test_only_models_that_the_team_considers_are_priced_at_the_same_cost() -> None:
    everything = costs()
    named = option(everything, FRONTIER).model

    found = costs(a_profile(domain={"candidate_models": [named]}))

    assert {one.model for one in found.options} == {named}
    assert option(found, FRONTIER) == option(everything, FRONTIER)
    assert found.break_evens == ()
    assert "does not name in domain.candidate_models" in found.not_considered[0]


def test_priced_options_come_cheapest_first() -> None:
    usd = [one.usd_per_month.p50 for one in costs().options if one.usd_per_month]

    assert usd == sorted(usd)


def test_api_month_by_hand() -> None:
    """106.53 USD of tokens (see test_api) and 100 USD for the gateway; 30.4375M tokens."""
    found = option(costs(), FRONTIER)

    assert found.usd_per_month is not None
    assert found.usd_per_month.p50 == pytest.approx(206.53, abs=0.01)
    assert found.usd_per_million_tokens is not None
    assert found.usd_per_million_tokens.p50 == pytest.approx(206.53 / 30.4375, rel=1e-4)
    assert found.provenance is Provenance.QUOTED
    assert found.price_source == "a price list, example.org (2026-11-01)"


def test_components_add_up_to_the_whole() -> None:
    for one in costs().options:
        if one.usd_per_month:
            parts = sum(part.p50 for part in one.components.values())
            assert parts == pytest.approx(one.usd_per_month.p50, rel=1e-6)


def test_same_seed_gives_the_same_result() -> None:
    profile = a_profile(**SPREAD)

    assert costs(profile) == costs(profile)
    assert costs(profile, seed=8) != costs(profile)


def test_options_share_the_draws_of_the_volume() -> None:
    """Both APIs grow evenly with volume, so their draws rank alike."""
    found = costs(a_profile(**SPREAD))
    frontier = np.array(option(found, FRONTIER).draws_usd_per_month)
    hosted = np.array(option(found, HOSTED).draws_usd_per_month)

    assert len(frontier) == found.draws == 2_000
    assert np.corrcoef(frontier, hosted)[0, 1] > 0.999


def test_draws_have_four_significant_digits() -> None:
    draws = option(costs(a_profile(**SPREAD)), FRONTIER).draws_usd_per_month

    assert all(float(f"{usd:.3e}") == pytest.approx(usd, rel=1e-12) for usd in draws)


@settings(max_examples=15, deadline=None)
@given(st.floats(1e4, 1e9), st.floats(1, 50), st.sampled_from([OWN, FRONTIER, HOSTED]))
def test_cost_never_falls_with_volume(volume: float, times: float, identifier: str) -> None:
    less = a_profile(workload={"tokens_per_day": volume})
    more = a_profile(workload={"tokens_per_day": volume * times})

    assert median_usd(identifier, less) <= median_usd(identifier, more) * (1 + 1e-9)


def test_cost_never_falls_with_the_gpu_price() -> None:
    usd = [
        median_usd(
            OWN,
            a_profile(),
            a_catalog(gpu_offers=(a_gpu_offer(on_demand_usd_per_gpu_hour=price),)),
        )
        for price in (0.5, 2.0, 8.0)
    ]

    assert usd == sorted(usd)
    assert usd[0] < usd[-1]


def test_price_in_force_on_the_day_counts() -> None:
    later = a_price(since=date(2026, 12, 1), input_usd_per_million_tokens=9.0)
    catalog = a_catalog(api_offers=(an_offer("frontier", a_price(), later),))

    assert option(costs(catalog=catalog), FRONTIER).because.startswith("list price per million")
    assert median_usd(FRONTIER, a_profile(), catalog) == pytest.approx(206.53, abs=0.01)


def test_ended_offer_says_so_and_is_compared_with_nothing() -> None:
    ended = an_offer("frontier", retires=date(2026, 10, 23))
    catalog = a_catalog(api_offers=(ended, an_offer("mini")))

    found = costs(catalog=catalog)

    assert "the offer ended 2026-10-23" in option(found, FRONTIER).because
    assert FRONTIER not in {one.api_option for one in found.break_evens}


def test_an_announced_price_is_noted_and_changes_no_cost_of_today() -> None:
    dearer = a_price(since=date(2027, 1, 1), input_usd_per_million_tokens=4.0)
    plain = an_offer("frontier", a_price())
    telling = plain.changed(announced=(dearer,))

    before, after = (
        option(costs(catalog=a_catalog(api_offers=(one,))), FRONTIER) for one in (plain, telling)
    )

    noted = "announced: 4 USD in, 8 USD out per million tokens from 2027-01-01"
    assert noted in after.because
    assert noted not in before.because
    assert after.usd_per_month == before.usd_per_month


def test_old_price_says_its_age() -> None:
    old = a_price().source.model_copy(update={"as_of": date(2026, 1, 1)})
    catalog = a_catalog(api_offers=(an_offer("frontier", a_price(source=old)),))

    assert "the price is 326 days old" in option(costs(catalog=catalog), FRONTIER).because


def test_unknown_place_is_an_error_that_names_it() -> None:
    with pytest.raises(CatalogError, match="rented_eu"):
        costs(a_profile(infrastructure={"places": ["rented_ue"]}))


def test_no_volume_has_a_cost_but_no_cost_per_token() -> None:
    found = option(costs(a_profile(workload={"tokens_per_day": 0})), OWN)

    assert found.usd_per_month is not None
    assert found.usd_per_million_tokens is None


def test_small_and_large_weights_meet_the_telling_apis() -> None:
    found = costs()

    sides = {(one.self_hosted_option.split("@")[0], one.api_option) for one in found.break_evens}

    assert {("small-8b", FRONTIER), ("small-8b", "mini@api-house"), ("small-8b", HOSTED)} <= sides
    assert ("large-70b", FRONTIER) in sides
    assert len(found.break_evens) <= 8
    assert pair(found, OWN, HOSTED).same_weights
    assert not pair(found, OWN, FRONTIER).same_weights


def test_break_even_of_one_gpu_step_by_hand() -> None:
    """Own: 3,750 + 150 + 2 x 1,461 = 6,822 USD. API: 100 + 106.53 per M a day. 63.1M a day,

    which one replica of this capacity still carries.
    """
    found = curve()

    assert found.crossings[0].tokens_per_day == pytest.approx(6_722 / 106.53e-6, rel=1e-3)
    assert found.share_of_draws_that_cross == pytest.approx(1)
    assert found.first_crossing is not None
    assert found.first_crossing.p10 == pytest.approx(found.first_crossing.p90)


def test_doubling_the_api_price_never_raises_break_even() -> None:
    double = a_price(input_usd_per_million_tokens=4.0, output_usd_per_million_tokens=16.0)
    catalog = a_catalog(api_offers=(an_offer("frontier", double),))

    single, doubled = curve(), curve(catalog)

    assert doubled.crossings[0].tokens_per_day < single.crossings[0].tokens_per_day


def test_break_even_falls_when_gpu_price_falls() -> None:
    cheap = a_catalog(gpu_offers=(a_gpu_offer(on_demand_usd_per_gpu_hour=1.0),))

    assert curve(cheap).crossings[0].tokens_per_day < curve().crossings[0].tokens_per_day


def test_never_is_found_against_a_price_below_the_cost_of_a_full_replica() -> None:
    free = a_price(input_usd_per_million_tokens=0.001, output_usd_per_million_tokens=0.001)
    catalog = a_catalog(api_offers=(an_offer("frontier", free),))

    found = curve(catalog)

    assert found.crossings == ()
    assert found.first_crossing is None
    assert found.share_of_draws_that_cross == pytest.approx(0)
    assert found.finding.startswith("Never up to 100B tokens/day")


def test_uncertain_speed_spreads_the_break_even() -> None:
    spread = Estimate(low=0.25, likely=0.5, high=1.0)
    staff = {"fte_needed_self_hosted": spread.model_dump()}

    found = curve(infrastructure=staff).first_crossing

    assert found is not None
    assert found.p10 < found.p50 < found.p90


def test_stated_crossing_is_where_the_drawn_medians_cross() -> None:
    """Staff skewed upwards: likely inputs alone would cross much earlier than the median draw."""
    staff = Estimate(low=0.25, likely=0.5, high=3.0)
    found = curve(infrastructure={"fte_needed_self_hosted": staff.model_dump()})
    first = found.first_crossing
    assert first is not None

    drawn = [
        one.tokens_per_day for one in found.curve
        if one.self_hosted_usd_per_month.p50 < one.api_usd_per_month.p50
    ]  # fmt: skip
    step = found.curve[1].tokens_per_day / found.curve[0].tokens_per_day

    assert drawn[0] / step <= first.p50 <= drawn[0]
    assert f"at {volume_words(first.p50)} [" in found.finding
    assert first.p50 > found.crossings[0].tokens_per_day * 1.1


def test_break_even_names_both_sides_in_words() -> None:
    found = curve(api=HOSTED)

    assert found.self_hosted_title in found.finding
    assert found.api_title in found.finding
    assert found.api_lane is Lane.HOSTED_OPEN_WEIGHTS


def test_curve_ascends_and_agrees_with_the_crossing() -> None:
    found = curve()
    volumes = [point.tokens_per_day for point in found.curve]
    first = found.crossings[0].tokens_per_day

    assert volumes == sorted(volumes)
    assert volumes[0] == pytest.approx(1e4)
    assert volumes[-1] == pytest.approx(1e11)
    for point in found.curve:
        if point.tokens_per_day < first:
            assert point.self_hosted_usd_per_month.p50 >= point.api_usd_per_month.p50


def test_what_if_equals_the_stage() -> None:
    profile = a_profile(**SPREAD)

    alone = cost_curve(
        profile,
        a_catalog(),
        self_hosted_option=OWN,
        api_option=FRONTIER,
        rng=an_rng(),
        as_of=AS_OF,
    )

    assert alone == pair(costs(profile), OWN, FRONTIER)


def test_what_if_of_weights_that_fit_nowhere_is_a_value() -> None:
    huge = a_model(parameters_billion=2_000)
    catalog = a_catalog(models=(huge, a_large_model(), an_api_model("frontier")), api_offers=(an_offer("frontier"),))  # fmt: skip  # noqa: E501  one catalog

    found = curve(catalog)

    assert found.curve == ()
    assert "does not fit" in found.finding


@pytest.mark.parametrize(
    ("own", "api", "message"),
    [
        ("small-8b@self:rented_ue", FRONTIER, "did you mean small-8b@self:rented_eu"),
        (OWN, OWN, "API option"),
    ],
)
def test_what_if_with_an_unknown_option_names_the_nearest(own: str, api: str, message: str) -> None:
    with pytest.raises(CatalogError, match=message):
        cost_curve(
            a_profile(),
            a_catalog(),
            self_hosted_option=own,
            api_option=api,
            rng=an_rng(),
            as_of=AS_OF,
        )


def test_inputs_list_what_was_used_with_a_citation() -> None:
    rows = {row.name: row for row in costs().inputs}

    assert rows["workload.tokens_per_day"].source.startswith("profile, ")
    assert rows["engine.speed_true_over_estimated"].source.startswith("Own fit to the measured")
    assert all(row.source and row.unit for row in rows.values())


def test_planned_fine_tuning_and_growth_are_named_as_left_out() -> None:
    growing = a_profile(
        workload={"growth_per_month": 0.05},
        domain={"will_fine_tune": True, "specialisation": "highly_specific"},
    )

    left_out = " ".join(costs(growing).not_considered)

    assert "What a tuned model costs more to serve at other volumes" in left_out
    assert "Growth of 5% a month" in left_out
    assert "Fine-tuning" not in " ".join(costs().not_considered)


def test_catalog_of_the_package_is_priced_within_seconds() -> None:
    profile, catalog = profile_from_sections(), load_catalog()
    begin = time.process_time()

    found = estimate_costs(profile, catalog, rng=an_rng(), as_of=AS_OF)

    assert time.process_time() - begin < 6  # 1.7 s on the machine it was written on
    assert sum(one.priced for one in found.options) > len(found.options) / 2
    assert found.break_evens


def a_contradicted_catalog() -> Catalog:
    source = Source(title="other list", as_of=date(2026, 11, 2), kind="package")
    opinion = SecondOpinion(
        input_usd_per_million_tokens=4.0, output_usd_per_million_tokens=8.0, source=source
    )
    offers = (an_offer("frontier", second_opinions=(opinion,)), an_offer("mini"))
    return a_catalog(api_offers=offers)


def test_sources_that_differ_widen_the_cost_and_are_both_told() -> None:
    """By hand: 3.65 and 4.85 USD (10% and 90% of 3.5 to 5) x 30.4375M a month, and 100 USD."""
    found = costs(catalog=a_contradicted_catalog())
    contradicted, agreed = option(found, FRONTIER), option(found, "mini@api-house")

    assert contradicted.usd_per_month is not None
    assert agreed.usd_per_month is not None
    assert contradicted.usd_per_month.p10 == pytest.approx(211.1, abs=1.5)
    assert contradicted.usd_per_month.p90 == pytest.approx(247.6, abs=1.5)
    assert agreed.usd_per_month.p90 == pytest.approx(agreed.usd_per_month.p10)
    said = (
        "other list (2026-11-02) states, in USD per million tokens, input 4 instead of 2 "
        "of a price list, example.org"
    )
    assert said in contradicted.because
    assert said in contradicted.price_contradicted
    assert agreed.price_contradicted == ""
    assert contradicted.provenance is Provenance.QUOTED


def test_a_contradicted_price_is_among_the_inputs_and_widens_the_break_even() -> None:
    catalog = a_contradicted_catalog()
    found = costs(catalog=catalog)

    row = next(one for one in found.inputs if one.name == f"price of {FRONTIER}")
    assert (row.value.low, row.value.likely, row.value.high) == pytest.approx((3.5, 3.5, 5.0))
    assert "other list (2026-11-02)" in row.source
    assert curve(catalog).first_crossing != curve().first_crossing
