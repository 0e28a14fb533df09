"""Clearance for live calls: unknown is refused, nothing is the default, caps and addresses hold."""

from __future__ import annotations

from typing import Any

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.clearance import EMBEDDED_ADDRESS, EndpointClearance, decide_sending
from playbook.vocabulary import DataClass
from tests.compliance.builders import (
    US_API,
    a_catalog,
    a_control,
    a_profile,
    all_answered,
    assess,
    with_controls,
)

OWN_ENGINE = {
    "id": "own",
    "embedded": "demo-base",
    "operator": "self",
    "operator_jurisdiction": ["own"],
    "processing_regions": ["own"],
    "perimeter": "on_prem",
}
STAND_IN = {
    "id": "stand_in",
    "embedded": "demo-base",
    "dialect": "anthropic",
    "stand_in": True,
    "operator": "third_party",
    "operator_jurisdiction": ["US"],
    "processing_regions": ["US"],
    "trains_on_inputs": False,
}
REAL_API = {
    "id": "api",
    "litellm_model": "anthropic/some-model",
    "operator_jurisdiction": ["US"],
    "processing_regions": ["US"],
}
HOSPITAL: dict[str, Any] = {
    "data_class": "restricted",
    "data_types": ["phi"],
    "org_roles": ["hipaa_covered_entity"],
}


def cleared(
    endpoint: dict[str, Any],
    catalog: Catalog | None = None,
    **data: Any,  # noqa: ANN401  fields of the section
) -> EndpointClearance:
    team = a_profile(trials={"endpoints": [endpoint]}, **data)
    (found,) = assess(team, catalog).clearance.endpoints
    return found


def test_the_teams_own_engine_may_receive_the_teams_class() -> None:
    found = cleared(OWN_ENGINE, **HOSPITAL)

    assert found.highest_class is DataClass.RESTRICTED
    assert found.allowed_addresses == (EMBEDDED_ADDRESS,)


def test_the_teams_own_engine_obeys_what_is_known_to_be_missing() -> None:
    found = cleared(OWN_ENGINE, **HOSPITAL, answers=all_answered("met", HIPAA_05="not_met"))

    assert found.highest_class is DataClass.INTERNAL
    assert found.controls == ("HIPAA-05",)


def test_a_restricted_prompt_is_refused_for_a_stand_in_of_a_commercial_api() -> None:
    team = a_profile(trials={"endpoints": [OWN_ENGINE, STAND_IN]}, **HOSPITAL)

    clearance = assess(team).clearance

    refused = decide_sending(clearance, "stand_in", DataClass.RESTRICTED)
    assert not refused.allowed
    assert "HIPAA-01" in refused.controls
    assert decide_sending(clearance, "stand_in", DataClass.PUBLIC).allowed
    assert decide_sending(clearance, "own", DataClass.RESTRICTED).allowed


def test_the_clearance_holds_for_the_types_of_data_that_the_team_states_and_no_other() -> None:
    team = a_profile(trials={"endpoints": [OWN_ENGINE]}, **HOSPITAL)

    clearance = assess(team).clearance

    assert clearance.team_types == team.data.data_types
    assert not decide_sending(clearance, "own", DataClass.INTERNAL, ("cui",)).allowed


def test_a_stand_in_is_treated_as_the_third_party_that_it_declares() -> None:
    declared = {key: value for key, value in STAND_IN.items() if key != "stand_in"}

    assert cleared(STAND_IN, **HOSPITAL) == cleared(declared, **HOSPITAL)


def test_a_stand_in_does_not_become_own_by_saying_so() -> None:
    posing = {**OWN_ENGINE, "stand_in": True}

    found = cleared(posing, **HOSPITAL)

    assert found.highest_class is DataClass.INTERNAL, "HIPAA-05 is unanswered"


def test_a_team_that_keeps_to_its_own_network_sends_nothing_out_not_even_public_text() -> None:
    found = cleared(STAND_IN, must_stay_in_own_network=True)

    assert found.highest_class is None
    assert found.controls == ("HOUSE-01",)
    assert "data.must_stay_in_own_network" in found.because


def test_an_unanswered_gate_refuses_and_a_met_one_allows() -> None:
    catalog = with_controls(a_control())
    met = {"TEST-01": {"answer": "met"}}

    assert cleared(STAND_IN, catalog).highest_class is None
    assert cleared(STAND_IN, catalog, answers=met).highest_class is DataClass.PUBLIC


def test_an_unknown_attribute_of_an_endpoint_refuses() -> None:
    require_us = (
        {"when": "always", "require": {"opt": "processing_regions", "subset_of": ["US"]}},
    )
    catalog = with_controls(a_control(effects=require_us))
    silent = {key: value for key, value in STAND_IN.items() if key != "processing_regions"}

    found = cleared(silent, catalog)

    assert found.highest_class is None
    assert "trials.endpoints.stand_in.processing_regions" in found.because
    assert cleared(STAND_IN, catalog).highest_class is DataClass.PUBLIC


@pytest.mark.parametrize("cap", ["public", "internal", "confidential"])
def test_a_cap_is_the_highest_class_that_may_be_sent(cap: str) -> None:
    effects = ({"when": "always", "cap": cap, "for": {"opt": "operator", "is": "third_party"}},)
    catalog = with_controls(a_control(severity="condition", effects=effects))

    found = cleared(STAND_IN, catalog, data_class="restricted")

    assert found.highest_class == cap
    assert found.controls == ("TEST-01",)


def test_a_flag_without_cap_does_not_stop_a_call() -> None:
    catalog = with_controls(a_control(severity="condition"))

    assert cleared(STAND_IN, catalog).highest_class is DataClass.PUBLIC


def test_no_endpoint_receives_more_than_the_teams_own_class() -> None:
    found = cleared(STAND_IN, data_class="internal", answers=all_answered("met"))

    assert found.highest_class is DataClass.INTERNAL
    assert "own class" in found.because


def test_without_a_stated_class_third_parties_receive_public_text_only() -> None:
    answered = all_answered("met")

    assert cleared(STAND_IN, data_class=None, answers=answered).highest_class is DataClass.PUBLIC
    assert cleared(OWN_ENGINE, data_class=None).highest_class is DataClass.RESTRICTED


def test_an_unlabelled_prompt_counts_as_restricted() -> None:
    team = a_profile(data_class=None, trials={"endpoints": [STAND_IN]})

    assert assess(team).clearance.team_class is DataClass.RESTRICTED


@pytest.mark.parametrize(
    ("api_base", "address"),
    [
        ("https://api.example.org/v1", "api.example.org:443"),
        ("http://127.0.0.1:8000/v1", "127.0.0.1:8000"),
        ("http://gpu-server/v1", "gpu-server:80"),
        ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443"),
        ("https://API.Example.org", "api.example.org:443"),
    ],
)
def test_calls_may_go_to_the_address_of_the_endpoint_only(api_base: str, address: str) -> None:
    assert cleared({**REAL_API, "api_base": api_base}).allowed_addresses == (address,)


def test_without_an_address_the_providers_known_host_is_allowed() -> None:
    assert cleared(REAL_API).allowed_addresses == ("api.anthropic.com:443",)


@pytest.mark.parametrize(
    "endpoint",
    [
        {"id": "api", "litellm_model": "azure/some-deployment"},
        {"id": "api", "litellm_model": "hosted_vllm/x", "api_base": "https://host:99999/v1"},
    ],
)
def test_an_unknown_address_receives_nothing(endpoint: dict[str, Any]) -> None:
    found = cleared(endpoint, answers=all_answered("met"))

    assert found.highest_class is None
    assert found.allowed_addresses == ()
    assert "api_base" in found.because


def test_a_model_id_without_prefix_goes_to_openai() -> None:
    team = a_profile(trials={"endpoints": [{"id": "api", "litellm_model": "gpt-something"}]})

    (found,) = assess(team, load_catalog()).clearance.endpoints

    assert found.allowed_addresses == ("api.openai.com:443",)


def test_an_endpoint_of_weights_of_unknown_origin_is_refused_where_policy_excludes_one() -> None:
    unnamed = {**REAL_API, "option": ""}
    named = {**REAL_API, "option": US_API}

    excluding = {"stance_on_chinese_origin_weights": "exclude", "answers": all_answered("met")}

    assert cleared(unnamed, **excluding).highest_class is None
    assert cleared(named, **excluding).highest_class is DataClass.PUBLIC


def test_every_endpoint_of_the_profile_has_a_clearance() -> None:
    team = a_profile(trials={"endpoints": [OWN_ENGINE, STAND_IN, REAL_API]})

    found = assess(team, a_catalog()).clearance

    assert [one.endpoint for one in found.endpoints] == ["own", "stand_in", "api"]


@pytest.mark.parametrize("declared", [{"operator": "self"}, {"perimeter": "on_prem"}])
def test_nothing_goes_to_a_providers_address_that_is_declared_the_teams_own(
    declared: dict[str, str],
) -> None:
    """By such words alone a prompt of any class would be cleared for a public API."""
    found = cleared(REAL_API | declared, load_catalog(), data_class="public")

    assert (found.highest_class, found.allowed_addresses) == (None, ())
    assert "api.anthropic.com is the public address of a provider" in found.because
