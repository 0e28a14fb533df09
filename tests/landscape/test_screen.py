"""Every model is in the race, out, or in doubt, with reasons; lanes are judged apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.catalog import Catalog, load_catalog
from playbook.catalog.announcements import announced_words
from playbook.errors import CatalogError
from playbook.landscape import Landscape, Reason, screen_models
from playbook.profile import Profile
from playbook.vocabulary import Lane
from tests.landscape.builders import AS_OF, a_profile, finding, of, screened

CATALOG = load_catalog()


@pytest.fixture(scope="module")
def landscape() -> Landscape:
    return screened(CATALOG)


def test_every_kind_of_reason_is_tested_but_that_of_demonstration_models(
    landscape: Landscape,
) -> None:
    """A drift guard: demonstration models are not in the catalog, so no rule speaks of them."""
    words = set(get_args(Reason.model_fields["rule"].annotation))
    used = {
        reason.rule for model in landscape.models for one in model.findings
        for reason in one.reasons
    }  # fmt: skip

    assert used == words - {"demonstration", "candidates"}


SHORTLIST = {"candidate_models": ["llama-3.1-8b-instruct", "claude-haiku-5-5"]}


def test_a_team_that_names_no_models_considers_all(landscape: Landscape) -> None:
    rules = {reason.rule for model in landscape.models for reason in model.reasons}

    assert "candidates" not in rules


def test_a_model_that_the_team_does_not_name_is_out_with_that_reason_alone() -> None:
    landscape = screened(CATALOG, domain=SHORTLIST)

    for model in landscape.models:
        if model.model not in SHORTLIST["candidate_models"]:
            assert model.state == "out"
            assert not model.options
            told = [model.reasons, *(one.reasons for one in model.findings)]
            assert all([reason.rule for reason in one] == ["candidates"] for one in told)
            assert "the team does not consider this model" in model.reasons[0].because


def test_naming_a_model_changes_none_of_its_own_tests(landscape: Landscape) -> None:
    shortened = screened(CATALOG, domain=SHORTLIST)

    for name in SHORTLIST["candidate_models"]:
        assert of(shortened, name) == of(landscape, name)


def test_every_model_is_listed_once_those_in_the_race_first(landscape: Landscape) -> None:
    states = [one.state for one in landscape.models]

    assert len(landscape.models) == len(CATALOG.models)
    assert states == sorted(states, key=("in", "in_doubt", "out").index)


def test_a_model_that_was_shut_down_is_out_with_its_date(landscape: Landscape) -> None:
    gone = of(landscape, "gpt-4-0613")

    assert (gone.state, gone.options) == ("out", ())
    assert gone.reasons[0].rule == "life_date"
    assert "ended on 2026-10-23" in gone.reasons[0].because


def test_an_offer_that_ends_within_three_months_is_out_and_a_later_one_stays(
    landscape: Landscape,
) -> None:
    """GPT-4o leaves OpenAI on 2027-01-14 (1.7 months) and Azure on 2027-04-14 (4.7 months)."""
    assert finding(landscape, "gpt-4o-2024-08-06@openai").state == "out"
    assert finding(landscape, "gpt-4o-2024-08-06@azure-eu").state == "in"
    assert of(landscape, "gpt-4o-2024-08-06").options == (
        "gpt-4o-2024-08-06@azure-eu", "gpt-4o-2024-08-06@azure-us"
    )  # fmt: skip


def test_the_day_decides_which_offers_stand() -> None:
    earlier = screen_models(a_profile(), CATALOG, as_of=date(2026, 9, 1))

    assert finding(earlier, "gpt-4o-2024-08-06@openai").state == "in"


def test_weights_outlive_their_developers_api(landscape: Landscape) -> None:
    """Mistral took Mixtral 8x7B off its API on 2025-03-30; other hosts and own servers serve it."""
    mixtral = of(landscape, "mixtral-8x7b-instruct-v0.1")

    assert mixtral.months_left is not None
    assert mixtral.months_left < 0
    assert mixtral.state == "in"
    assert set(mixtral.lanes) == {Lane.HOSTED_OPEN_WEIGHTS, Lane.SELF_HOSTED}


def test_a_context_too_short_puts_a_model_out_with_both_figures() -> None:
    landscape = screened(CATALOG, workload={"max_context_tokens": 32_000})

    first = of(landscape, "llama-3-8b-instruct").reasons[0]
    assert (first.rule, first.result) == ("context", "fail")
    assert first.because == "longest context 8,192 tokens, needed 32,000"
    assert of(landscape, "llama-3.1-8b-instruct").state == "in"


def test_a_host_may_take_less_context_than_the_model() -> None:
    """OVHcloud takes 32,000 tokens of Qwen2.5-Coder 32B, whose weights take 131,072."""
    landscape = screened(CATALOG, workload={"max_context_tokens": 64_000})

    short = finding(landscape, "qwen2.5-coder-32b-instruct@ovhcloud")
    assert (short.state, short.reasons[0].rule) == ("out", "context")
    assert short.reasons[0].because == "longest context 32,000 tokens, needed 64,000"
    assert finding(landscape, "qwen2.5-coder-32b-instruct@self:own_network").state == "in"


def test_a_missing_modality_puts_a_model_out() -> None:
    landscape = screened(CATALOG, workload={"modalities": ["text", "image"]})

    assert of(landscape, "llama-3.3-70b-instruct").reasons[0].because == "takes text, not image"
    assert of(landscape, "ministral-3-8b").state == "in"


def test_lanes_of_one_model_are_judged_apart(landscape: Landscape) -> None:
    """A team in Germany may call Llama 4 at a host but has no licence to run it."""
    own = finding(landscape, "llama-4-scout@self:own_network")

    assert own.state == "out"
    assert "not permitted" in own.reasons[0].because
    assert of(landscape, "llama-4-scout").state == "in"
    assert own.option not in of(landscape, "llama-4-scout").options


def test_a_model_whose_layers_are_not_sourced_leaves_own_servers_in_doubt() -> None:
    models = tuple(
        model.changed(architecture=None) if model.id == "mistral-large-3" else model
        for model in CATALOG.models
    )
    landscape = screened(CATALOG.changed(models=models))

    own = finding(landscape, "mistral-large-3@self:own_network")

    assert (own.state, own.reasons[0].rule) == ("in_doubt", "architecture")
    assert finding(landscape, "mistral-large-3@mistral").state == "in"


def test_an_unread_licence_leaves_a_model_in_doubt_and_its_options_open(
    landscape: Landscape,
) -> None:
    minimax = of(landscape, "minimax-m3")

    assert minimax.state == "in_doubt"
    assert "minimax-m3@deepinfra" in minimax.options


def test_the_cheapest_quoted_offer_is_shown_and_ended_ones_do_not_count(
    landscape: Landscape,
) -> None:
    luna, gone = of(landscape, "gpt-6-luna"), of(landscape, "gpt-3.5-turbo-0125")
    offers = [CATALOG.price(one, AS_OF) for one in CATALOG.api_offers if one.model == "gpt-6-luna"]

    assert luna.lowest_input_usd_per_million_tokens == min(
        price.input_usd_per_million_tokens for price in offers
    )
    assert gone.lowest_input_usd_per_million_tokens is None


def test_an_announced_price_stands_beside_the_price_of_today(landscape: Landscape) -> None:
    (offer,) = (one for one in CATALOG.api_offers if one.litellm_id == "gemini/gemini-3.8-flash")
    reasons = finding(landscape, "gemini-3.8-flash@gemini").reasons

    (price,) = (one for one in reasons if one.rule == "price")

    assert price.because.endswith(announced_words(offer, as_of=AS_OF)[0])
    assert f"from {offer.announced[0].since}" in price.because


def test_without_an_offer_or_a_place_a_model_is_out_and_says_so() -> None:
    landscape = screened(CATALOG, infrastructure={"places": []})

    alone = of(landscape, "qwen3-30b-a3b-instruct-2507")
    assert alone.state == "out"
    assert "nobody offers it" in alone.reasons[0].because


def test_a_place_that_nobody_knows_is_named() -> None:
    profile = a_profile(infrastructure={"places": ["rented_uk"]})

    with pytest.raises(CatalogError, match="place 'rented_uk' is unknown; did you mean rented_us"):
        screen_models(profile, CATALOG, as_of=AS_OF)


def test_an_empty_catalog_gives_an_empty_landscape() -> None:
    landscape = screen_models(
        Profile(infrastructure={"places": ()}),
        Catalog(),
        as_of=AS_OF,  # type: ignore[arg-type]
    )

    assert landscape.models == ()


def test_it_says_what_it_leaves_out_and_how_old_its_facts_are(landscape: Landscape) -> None:
    assert any("only trials show that" in one for one in landscape.not_considered)
    assert landscape.oldest_fact < AS_OF - timedelta(days=180)


@settings(max_examples=25, deadline=None)
@given(
    context=st.integers(2_000, 2_000_000),
    modalities=st.sets(st.sampled_from(["text", "image", "audio", "video"]), min_size=1),
    users=st.none() | st.integers(0, 2_000_000_000),
    revenue=st.none() | st.floats(0, 1e11),
    commercial=st.none() | st.booleans(),
    places=st.none() | st.lists(st.sampled_from(["US", "DE", "EU", "UK"]), max_size=3),
)
def test_unknown_is_never_a_pass_and_states_follow_from_reasons(
    context: int,
    modalities: set[str],
    users: int | None,
    revenue: float | None,
    places: list[str] | None,
    *,
    commercial: bool | None,
) -> None:
    landscape = screened(
        CATALOG,
        workload={"max_context_tokens": context, "modalities": sorted(modalities)},
        team={"monthly_active_users": users, "annual_revenue_usd": revenue},
        data={"commercial_use": commercial, "operating_in": places},
    )

    for model in landscape.models:
        for one in (*model.findings, model):
            results = [reason.result for reason in one.reasons]
            assert (one.state == "out") == ("fail" in results)
            assert (one.state == "in") == (set(results) == {"pass"})
            assert results == sorted(results, key=("fail", "unknown", "pass").index)
        alive = {one.option for one in model.findings if one.state != "out"}
        assert set(model.options) == alive
