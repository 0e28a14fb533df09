"""What the catalogue does not know of a provider, the team can state: no question stays stuck."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from playbook.catalog import load_catalog
from playbook.compliance import answer_problems
from playbook.compliance.facts import fact_kinds
from playbook.vocabulary import Certificate, Contract, DataType, OrgRole, Place, Use
from tests.compliance.builders import (
    OWN,
    RENTED,
    US_API,
    a_catalog,
    a_profile,
    a_provider,
    all_answered,
    assess,
    verdict,
)

CUI = {"data_class": "restricted", "data_types": ["cui"], "answers": all_answered("met")}
ITAR = {
    "data_class": "restricted",
    "data_types": ["itar_technical_data"],
    "answers": all_answered("met"),
}
NO_REGION = a_catalog().model_copy(
    update={
        "providers": tuple(
            a_provider(one.id, jurisdiction=("US",)) if one.id == "us-api" else one
            for one in a_catalog().providers
        )
    }
)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [(None, "UNDETERMINED"), ([], "OUT"), (["soc2_type2"], "OUT"), (["fedramp_high"], "OK")],
)
def test_a_certificate_that_the_team_has_seen_counts(seen: list[str] | None, expected: str) -> None:
    team = a_profile(**CUI, suppliers={"us-api": {"certifications": seen}})

    assert verdict(team, US_API).verdict == expected


def test_a_certificate_seen_counts_beside_those_of_the_catalogue() -> None:
    listed = a_provider("us-api", jurisdiction=("US",), certifications=("iso27001",))
    others = [one for one in a_catalog().providers if one.id != "us-api"]
    catalog = a_catalog().model_copy(update={"providers": (listed, *others)})
    seen = a_profile(**CUI, suppliers={"us-api": {"certifications": ["fedramp_moderate"]}})

    assert verdict(a_profile(**CUI), US_API, catalog).verdict == "OUT"
    assert verdict(seen, US_API, catalog).verdict == "OK"


@pytest.mark.parametrize(("only", "expected"), [(True, "OK"), (False, "OUT")])
def test_the_team_can_state_that_only_us_persons_have_access(only: object, expected: str) -> None:
    team = a_profile(**ITAR, suppliers={"rented_us": {"us_persons_only": only}})

    assert verdict(team, RENTED).verdict == expected


@pytest.mark.parametrize(
    ("regions", "expected"),
    [(None, "UNDETERMINED"), (["US"], "OK"), (["US-TX"], "OK"), (["US", "IN"], "OUT")],
)
def test_the_team_can_state_where_a_provider_processes_its_data(
    regions: list[str] | None, expected: str
) -> None:
    team = a_profile(allowed_regions=["US"], suppliers={"us-api": {"processing_regions": regions}})

    assert verdict(team, US_API, NO_REGION).verdict == expected


def test_a_stated_region_is_pinned() -> None:
    several = a_provider("us-api", jurisdiction=("US",), processing_regions=("US", "EU"))
    others = [one for one in a_catalog().providers if one.id != "us-api"]
    catalog = a_catalog().model_copy(update={"providers": (several, *others)})
    pinned = {"us-api": {"processing_regions": ["US"]}}

    open_ = verdict(a_profile(allowed_regions=["US"]), US_API, catalog)
    stated = verdict(a_profile(allowed_regions=["US"], suppliers=pinned), US_API, catalog)

    assert "HOUSE-03" in open_.controls
    assert "HOUSE-03" not in stated.controls


def test_own_premises_lie_nowhere_whatever_is_stated_of_them() -> None:
    team = a_profile(
        allowed_regions=["US"], suppliers={"own_network": {"processing_regions": ["CN"]}}
    )

    assert "HOUSE-02" not in verdict(team, OWN).controls


def test_the_question_says_where_to_write_the_answer() -> None:
    asked = {one.id: one for one in assess(a_profile(**CUI)).open_questions}

    question = asked["data.suppliers.us-api.certifications"]
    assert "Which certificates of us-api have we seen" in question.question
    assert "State it among the suppliers" in question.question
    assert question.owner == "vendor management"


def test_a_supplier_that_is_none_is_told_with_the_nearest() -> None:
    team = a_profile(suppliers={"us-apy": {"us_persons_only": True}})

    (line,) = answer_problems(team, a_catalog())

    assert line == "data.suppliers.us-apy: no such provider or place; did you mean us-api?"


WIDE: dict[str, Any] = {
    "data_class": "restricted",
    "data_types": [one for one in get_args(DataType) if one not in ("classified", "public_only")],
    "org_roles": [one for one in get_args(OrgRole) if one != "none_of_these"],
    "operating_in": [one for one in get_args(Place) if one != "none"],
    "data_subjects_in": [one for one in get_args(Place) if one != "none"],
    "uses": list(get_args(Use)),
    "allowed_regions": ["US"],
    "us_bulk_threshold_met": True,
    "customer_contracts_limit_subprocessors": True,
}


@pytest.mark.parametrize("data_type", [None, *WIDE["data_types"]])
def test_a_team_can_settle_every_question_by_itself(data_type: str | None) -> None:
    """Over the shipped facts: answers, facts of the profile, contracts and what suppliers say."""
    facts = WIDE if data_type is None else {**WIDE, "data_types": [data_type]}
    controls = {one.id for one in load_catalog().controls}

    asked = {one.id for one in assess(a_profile(**facts), load_catalog()).open_questions}

    stuck = {
        one
        for one in asked - controls - set(fact_kinds())
        if not one.startswith(("data.contracts.", "data.suppliers."))
    }
    assert stuck == set()


def test_with_all_stated_and_signed_no_option_stays_undetermined_but_by_memory() -> None:
    catalog = load_catalog()
    owners = [*(one.id for one in catalog.providers), *(one.id for one in catalog.places)]
    told = {
        "processing_regions": ["US"],
        "certifications": list(get_args(Certificate)),
        "us_persons_only": True,
    }
    met = {one.id: {"answer": "met"} for one in catalog.controls}
    team = a_profile(
        **WIDE,
        answers=met,
        contracts={one: list(get_args(Contract)) for one in owners},
        suppliers=dict.fromkeys(owners, told),
        team={"principal_place": "US", "sectors": ["healthcare", "defense"]},
    )

    open_ = [one for one in assess(team, catalog).verdicts if one.verdict == "UNDETERMINED"]

    memory = {one.id for one in catalog.controls if one.basis == "memory"}
    assert {name for one in open_ for name in one.questions} <= memory
