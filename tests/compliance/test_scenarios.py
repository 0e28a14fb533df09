"""Golden tables: what the real controls say of typical teams, and the fact that decides it."""

from __future__ import annotations

from typing import Any

import pytest

from playbook.catalog.schema import ModelTerms
from tests.compliance.builders import (
    CHINA_API,
    CHINESE_OWN,
    EU_API,
    OWN,
    RENTED,
    SOURCE,
    US_API,
    a_catalog,
    a_profile,
    a_provider,
    all_answered,
    answers,
    assess,
    verdict,
    verdicts,
)

HOSPITAL: dict[str, Any] = {
    "data_class": "restricted",
    "data_types": ["phi", "personal"],
    "org_roles": ["hipaa_covered_entity"],
    "uses": ["clinical_decision_support"],
    "answers": all_answered("met"),
}
BANK: dict[str, Any] = {
    "data_class": "confidential",
    "data_types": ["personal", "npi_financial"],
    "org_roles": ["eu_financial_entity", "gdpr_controller"],
    "operating_in": ["EU"],
    "data_subjects_in": ["EU"],
    "critical_function": True,
    "answers": all_answered("met"),
}
BANK_CONTRACTS = {
    "us-api": ["dpa_art28", "sccs"],
    "eu-api": ["dpa_art28", "dora_art30"],
    "rented_us": [],
}
AGENCY: dict[str, Any] = {
    "data_class": "internal",
    "org_roles": ["us_federal_agency"],
    "data_types": ["personal"],
    "answers": all_answered("met"),
}


def test_a_hospital_whose_data_must_stay_keeps_only_its_own_network() -> None:
    team = a_profile(team={"sectors": ["healthcare"]}, must_stay_in_own_network=True, **HOSPITAL)

    found = verdicts(team)

    assert {name for name, word in found.items() if word != "OUT"} == {
        OWN,
        CHINESE_OWN,
        "open-llama@self:own_network",
    }
    assert found[OWN] == "OK"
    assert "HOUSE-01" in verdict(team, US_API).controls


def test_without_the_house_rule_hipaa_closes_every_third_party_without_an_agreement() -> None:
    contracts = {"us-api": ["baa"], "eu-api": [], "rented_us": []}
    team = a_profile(team={"sectors": ["healthcare"]}, contracts=contracts, **HOSPITAL)

    found = verdicts(team)

    assert found[US_API] == "OK"
    assert found[EU_API] == "OUT"
    assert found[RENTED] == "OUT", "the host of rented machines is a third party too"
    assert verdict(team, RENTED).controls == ("HIPAA-01",)


def test_a_provider_whose_contracts_are_not_listed_is_asked_for_not_passed() -> None:
    found = verdict(a_profile(team={"sectors": ["healthcare"]}, **HOSPITAL), US_API)

    assert found.verdict == "UNDETERMINED"
    assert found.questions == ("data.contracts.us-api",)


def test_own_servers_are_no_exemption_from_hipaa() -> None:
    unanswered = {**HOSPITAL, "answers": all_answered("met", HIPAA_05="unknown")}
    refused = {**HOSPITAL, "answers": all_answered("met", HIPAA_05="not_met")}

    found = verdict(a_profile(**unanswered), OWN)

    assert (found.verdict, found.questions) == ("UNDETERMINED", ("HIPAA-05",))
    assert verdicts(a_profile(**refused))[OWN] == "OUT"


def test_an_eu_bank_keeps_what_has_dora_terms_and_loses_a_plain_us_api() -> None:
    team = a_profile(team={"sectors": ["finance"]}, contracts=BANK_CONTRACTS, **BANK)

    found = verdicts(team)

    assert found[US_API] == "OUT"
    assert verdict(team, US_API).controls == ("DORA-02",)
    assert found[EU_API] == "OK"
    assert found[OWN] == "OK"
    assert found[RENTED] == "OUT"
    assert "GDPR-04" in verdict(team, CHINA_API).controls


def test_dora_binds_financial_entities_only() -> None:
    shop = {**BANK, "org_roles": ["gdpr_controller"]}

    found = verdicts(a_profile(contracts=BANK_CONTRACTS, **shop))

    assert found[US_API] == "OK"


def test_a_federal_agency_uses_only_authorised_services_or_its_own() -> None:
    found = verdicts(a_profile(team={"sectors": ["government"]}, **AGENCY))

    assert found[US_API] == "UNDETERMINED", "the catalogue does not know its certificates"
    assert found[OWN] == "OK"
    assert "data.suppliers.us-api.certifications" in verdict(a_profile(**AGENCY), US_API).questions


def test_public_data_leaves_everything_open_but_the_named_conditions() -> None:
    found = assess(a_profile())

    assert {one.verdict.value for one in found.verdicts} == {"OK", "CONDITIONAL"}
    named = {control for one in found.verdicts for control in one.controls}
    assert named == {"CN-03", "LIC-07", "SEC-04"} | {f"OPS-0{number}" for number in range(1, 8)}


@pytest.mark.parametrize(
    ("stance", "expected"), [("allow", "OK"), ("condition", "CONDITIONAL"), ("exclude", "OUT")]
)
def test_the_teams_stance_decides_on_weights_of_chinese_origin(stance: str, expected: str) -> None:
    open_stance = all_answered("met", CN_03="unknown")
    team = a_profile(stance_on_chinese_origin_weights=stance, answers=open_stance)

    assert verdicts(team)[CHINESE_OWN] == expected
    assert verdicts(team)[OWN] == "OK"


def test_only_regions_that_the_team_allows_remain() -> None:
    found = verdicts(a_profile(allowed_regions=["EU"], answers=all_answered("met")))

    assert found[US_API] == "OUT"
    assert found[EU_API] == "OK"
    assert found[RENTED] == "OUT"
    assert found[OWN] == "OK"


def test_a_provider_with_several_regions_must_be_pinned_to_an_allowed_one() -> None:
    both = a_provider("us-api", jurisdiction=("US",), processing_regions=("US", "EU"))
    catalog = a_catalog().model_copy(update={"providers": (both, *a_catalog().providers[1:])})
    team = {"allowed_regions": ["EU"]}

    open_pin = a_profile(**team, answers=all_answered("met", HOUSE_03="unknown"))
    pinned = a_profile(**team, answers=all_answered("met"))

    assert verdict(open_pin, US_API, catalog).verdict == "CONDITIONAL"
    assert verdict(open_pin, US_API, catalog).controls == ("HOUSE-03",)
    assert verdict(open_pin, EU_API, catalog).verdict == "OK", "it has one region, and that fits"
    assert verdict(pinned, US_API, catalog).verdict == "OK"


def test_while_no_region_is_chosen_one_of_several_is_unknown() -> None:
    both = a_provider("us-api", jurisdiction=("FR",), processing_regions=("US", "EU"))
    catalog = a_catalog().model_copy(update={"providers": (both, *a_catalog().providers[1:])})
    answered = all_answered("met", GDPR_02="not_met")
    team = {"data_class": "internal", "data_types": ["personal"], "data_subjects_in": ["EU"]}
    contracts = {"us-api": ["dpa_art28"]}

    open_region = a_profile(**team, contracts=contracts, answers=answered)
    chosen = a_profile(**team, contracts=contracts, answers=answered, allowed_regions=["EU"])

    assert verdict(open_region, US_API, catalog).questions == ("data.allowed_regions",)
    assert verdict(chosen, US_API, catalog).verdict == "OK"


def test_client_documents_in_a_shared_tune_close_every_tuned_option() -> None:
    tuning = {"will_fine_tune": True, "fine_tune_data_types": ["client_confidential"]}
    firm = {
        "team": {"sectors": ["legal"]},
        "data_class": "restricted",
        "data_types": ["client_confidential"],
        "uses": ["legal_work_product"],
        "answers": all_answered("met", LEGAL_03="not_met"),
    }

    tuned = a_profile(**firm, domain=tuning | {"trains_other_models_on_outputs": False})

    assert set(verdicts(tuned).values()) == {"OUT"}
    assert verdict(tuned, OWN).controls == ("LEGAL-03",)
    assert verdicts(a_profile(**firm))[OWN] == "OK"


def test_llama_outputs_may_not_train_other_models() -> None:
    team = a_profile(
        domain={"will_fine_tune": False, "trains_other_models_on_outputs": True},
        answers=all_answered("met", LIC_03="not_met"),
    )

    assert verdicts(team)["open-llama@self:own_network"] == "OUT"
    assert verdicts(team)[OWN] == "OK"


def test_a_cap_below_the_teams_own_class_counts_against_an_option() -> None:
    answered = all_answered("met", BASE_03="not_met")

    assert verdicts(a_profile(data_class="confidential", answers=answered))[US_API] == "OUT"
    assert verdicts(a_profile(data_class="internal", answers=answered))[US_API] == "OK"


@pytest.mark.parametrize(
    ("provider_keeps", "model_keeps", "expected"), [(30, 0, "OK"), (0, 30, "OUT"), (0, None, "OUT")]
)
def test_retention_is_that_of_the_very_model_and_not_of_its_provider(
    provider_keeps: int, model_keeps: int | None, expected: str
) -> None:
    """BASE-03 spares what keeps no prompts; one model may keep them where others do not."""
    terms = ModelTerms(
        models=("closed",), retention_days=model_keeps, note="of its own", source=SOURCE
    )
    provider = a_provider(
        "us-api",
        jurisdiction=("US",),
        processing_regions=("US",),
        retention_days=provider_keeps,
        model_terms=(terms,),
    )
    others = [one for one in a_catalog().providers if one.id != provider.id]
    catalog = a_catalog().model_copy(update={"providers": (provider, *others)})
    answered = all_answered("met", BASE_03="not_met")

    team = a_profile(data_class="confidential", answers=answered)

    assert verdict(team, US_API, catalog).verdict.value == expected


def test_with_nothing_said_every_option_is_undetermined_with_questions() -> None:
    from playbook.profile import Profile  # noqa: PLC0415  the one test with an empty profile

    found = assess(Profile.model_validate({"infrastructure": {"places": ["own_network"]}}))

    assert {one.verdict.value for one in found.verdicts} == {"UNDETERMINED"}
    assert all(one.questions for one in found.verdicts)


def test_the_disclaimer_is_said_once_and_says_no_legal_advice() -> None:
    found = assess(a_profile())

    assert "not legal advice" in found.disclaimer
    assert not any("legal advice" in line for line in found.not_considered)
    assert found.not_considered


def test_answers_only_of_controls_that_apply_matter() -> None:
    with_answer = a_profile(answers=answers("not_met", "HIPAA-01", "DORA-02", "GDPR-01"))

    assert verdicts(with_answer) == verdicts(a_profile())
