"""Defence, export control and the public sector: what each rule reaches, and what it leaves."""

from __future__ import annotations

from typing import Any

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.profile import Profile
from tests.compliance.builders import a_model, a_profile, all_answered, assess, verdict
from tests.compliance.golden_builders import a_golden_catalog

OWN_DEEPSEEK, CHINA_API = "deepseek@self:own_network", "deepseek@china-api"
OWN, OWN_QWEN, RENTED = "open@self:own_network", "qwen@self:own_network", "open@self:rented_us"
US_API = "closed@us-plain"


def a_team(**data: Any) -> Profile:  # noqa: ANN401  fields of the section
    facts = {"answers": all_answered("met"), **data}
    return a_profile(**facts).changed(infrastructure={"places": ["own_network", "rented_us"]})


def found(
    team: Profile, option: str, catalog: Catalog | None = None
) -> tuple[str, tuple[str, ...]]:
    one = verdict(team, option, catalog or a_golden_catalog())
    return one.verdict.value, one.controls


def hosting(model: str, provider: str) -> Catalog:
    """Return the golden world with a model offered by a provider."""
    catalog = a_golden_catalog()
    offer = next(one for one in catalog.api_offers if one.provider == provider)
    moved = offer.model_copy(update={"model": model})
    return catalog.changed(api_offers=(*catalog.api_offers, moved))


@pytest.mark.parametrize(
    ("role", "control"),
    [
        ("dod_contractor", "DEF-02"),
        ("intelligence_contractor", "DEF-03"),
    ],
)
def test_deepseek_is_out_for_contractors_wherever_its_weights_run(role: str, control: str) -> None:
    team = a_team(org_roles=[role])

    assert found(team, OWN_DEEPSEEK) == ("OUT", (control,))
    assert control in found(team, CHINA_API)[1]
    assert control in found(team, "deepseek@hosted-us", hosting("deepseek", "hosted-us"))[1]


@pytest.mark.parametrize("role", ["us_federal_contractor", "us_federal_agency"])
def test_an_order_that_was_not_read_keeps_deepseek_open_until_counsel_confirms(role: str) -> None:
    team = a_team(org_roles=[role])

    asked = {one.id: one for one in assess(team, a_golden_catalog()).open_questions}

    assert found(team, OWN_DEEPSEEK) == ("UNDETERMINED", ("GOV-08",))
    assert asked["GOV-08"].owner == "legal counsel"
    assert "Does counsel confirm" in asked["GOV-08"].question


@pytest.mark.parametrize("role", ["dod_contractor", "intelligence_contractor"])
def test_other_weights_of_a_covered_nation_stay_conditional_whatever_is_answered(role: str) -> None:
    answered, refused = a_team(org_roles=[role]), all_answered("met", DEF_05="not_met")

    assert found(answered, OWN_QWEN) == ("CONDITIONAL", ("DEF-05",))
    assert found(a_team(org_roles=[role], answers=refused), OWN_QWEN)[0] == "CONDITIONAL"


def test_for_other_teams_the_organisations_stance_decides_on_chinese_weights() -> None:
    assert found(a_team(), OWN_QWEN) == ("OK", ())
    assert found(a_team(), OWN_DEEPSEEK) == ("OK", ())


@pytest.mark.parametrize(
    ("word", "expected"),
    [("met", "CONDITIONAL"), ("unknown", "UNDETERMINED"), ("not_met", "OUT")],
)
def test_a_service_run_from_a_covered_nation_needs_a_written_decision(
    word: str, expected: str
) -> None:
    team = a_team(org_roles=["dod_contractor"], answers=all_answered("met", DEF_06=word))

    assert found(team, "qwen@china-api", hosting("qwen", "china-api"))[0] == expected


def test_every_deepseek_model_of_the_catalogue_is_under_a_name_that_the_rule_knows() -> None:
    """Else a new spelling of the developer would slip through the ban."""
    catalog = load_catalog()
    deepseek = {
        one.id
        for one in catalog.models
        if "deepseek" in f"{one.id} {one.family} {one.developer}".lower()
    }
    team = a_profile(org_roles=["dod_contractor"]).changed(
        infrastructure={"places": ["own_network"]}
    )

    named = {
        one.option.split("@")[0]
        for one in assess(team, catalog).verdicts
        if "DEF-02" in one.controls
    }

    offered = {one.model for one in catalog.options(["own_network"])}
    assert named == deepseek & offered
    assert named


def test_unclassified_controlled_information_needs_fedramp_moderate_or_its_equivalent() -> None:
    team = a_team(data_class="confidential", data_types=["cui"])

    assert found(team, US_API) == ("OUT", ("DEF-01",))
    assert found(team, "closed@us-contracts")[0] == "OK"
    assert found(team, RENTED) == ("OUT", ("DEF-01",))
    assert found(team, OWN)[0] == "OK"


@pytest.mark.parametrize(
    ("us_persons_only", "expected"), [(True, "OK"), (None, "UNDETERMINED"), (False, "OUT")]
)
def test_itar_data_may_go_where_only_us_persons_on_us_soil_have_access(
    us_persons_only: bool | None,  # noqa: FBT001  a column of the table
    expected: str,
) -> None:
    catalog = a_golden_catalog()
    rented = catalog.places[1].model_copy(update={"us_persons_only": us_persons_only})
    world = catalog.changed(places=(catalog.places[0], rented))
    team = a_team(data_class="restricted", data_types=["itar_technical_data"])

    assert found(team, RENTED, world)[0] == expected


@pytest.mark.parametrize("data_type", ["ear_technology", "fti"])
def test_controlled_technology_and_tax_data_keep_to_own_machines_until_cleared(
    data_type: str,
) -> None:
    control = {"ear_technology": "EAR_01", "fti": "GOV_04"}[data_type]
    refused = all_answered("met", **{control: "not_met"})
    team = a_team(data_class="confidential", data_types=[data_type], answers=refused)

    assert found(team, US_API) == ("OUT", (control.replace("_", "-"),))
    assert found(team, OWN)[0] == "OK"


def test_tax_data_leaves_the_us_with_no_one() -> None:
    team = a_team(data_class="confidential", data_types=["fti"])

    assert found(team, "closed@eu-region") == ("OUT", ("GOV-04",))


def test_classified_information_stays_inside_an_accredited_environment() -> None:
    accredited = a_team(data_class="restricted", data_types=["classified"])
    asked = a_team(
        data_class="restricted",
        data_types=["classified"],
        answers=all_answered("met", GOV_07="unknown"),
    )

    assert found(accredited, US_API) == ("OUT", ("GOV-07",))
    assert found(accredited, RENTED) == ("OUT", ("GOV-07",))
    assert found(accredited, OWN) == ("OK", ())
    assert found(asked, OWN) == ("UNDETERMINED", ("GOV-07",))


def test_a_public_chatbot_in_china_waits_for_its_filing() -> None:
    facts = {"operating_in": ["CN"], "uses": ["public_chatbot"]}
    team = a_team(**facts, answers=all_answered("met", CN_05="not_met"))

    assert found(team, OWN) == ("CONDITIONAL", ("CN-05",))


@pytest.mark.parametrize(
    ("place", "modalities", "expected"),
    [
        ("EU", ("text", "image"), "OUT"),
        ("DE", ("text", "image"), "OUT"),
        ("EU", ("text",), "OK"),
        ("US", ("text", "image"), "OK"),
    ],
)
def test_multimodal_llama_is_not_licensed_to_organisations_in_the_eu(
    place: str, modalities: tuple[str, ...], expected: str
) -> None:
    llama = a_model("llama", licence="llama4", developer="Meta", modalities=modalities)
    others = [one for one in a_golden_catalog().models if one.id != "llama"]
    world = a_golden_catalog().changed(models=(llama, *others))
    refused = {"answers": all_answered("met", LIC_08="not_met"), "operating_in": ["US"]}
    team = a_profile(team={"principal_place": place}, **refused)

    assert found(team, "llama@self:own_network", world)[0] == expected
