"""Golden examples of the health regimes: where each control decides, and where it just does not."""

from __future__ import annotations

import pytest

from tests.compliance.builders import (
    CHINA_API,
    EU_API,
    OWN,
    RENTED,
    US_API,
    a_catalog,
    a_profile,
    a_provider,
    all_answered,
    verdict,
    verdicts,
)
from tests.compliance.regime_cases import (
    NearMisses,
    Refused,
    Team,
    finding_of,
)

CARE = {"sectors": ["healthcare"]}
ADDICTION: Team = {"data_types": ["substance_use_record"]}
PATIENTS: Team = {"data_types": ["phi"], "data_class": "restricted"}
TEXAN_PATIENTS: Team = PATIENTS | {"data_subjects_in": ["US-TX"]}
BEDSIDE: Team = {"uses": ["clinical_decision_support"]}
TEXAN_BEDSIDE: Team = BEDSIDE | {"operating_in": ["US-TX"]}
GERMAN_CARE: Team = {"team": CARE, "operating_in": ["DE"], "data_types": ["special_category"]}
FRENCH_CARE: Team = {"operating_in": ["FR"], "data_types": ["phi"]}


REFUSED: Refused = (
    ("HIPAA-02", PATIENTS, {US_API: "OUT", RENTED: "OUT", OWN: "OK"}),
    ("HIPAA-06", ADDICTION, {US_API: "OUT", RENTED: "OUT", OWN: "OK"}),
    ("USTX-01", TEXAN_PATIENTS, {US_API: "OUT", EU_API: "OUT", RENTED: "OUT", OWN: "OK"}),
    ("USTX-02", TEXAN_BEDSIDE, {US_API: "CONDITIONAL", OWN: "CONDITIONAL"}),
    ("FDA-01", BEDSIDE, {US_API: "CONDITIONAL", OWN: "CONDITIONAL"}),
    ("DE-01", GERMAN_CARE, {US_API: "OUT", EU_API: "UNDETERMINED", RENTED: "OUT", OWN: "OK"}),
    ("FR-01", FRENCH_CARE, {US_API: "OUT", EU_API: "OUT", RENTED: "OUT", OWN: "OK"}),
)


NEAR_MISSES: NearMisses = (
    ("HIPAA-02", PATIENTS | {"data_types": ["personal"]}),
    ("HIPAA-06", PATIENTS),
    ("HIPAA-09", ADDICTION),
    ("USTX-01", PATIENTS | {"data_subjects_in": ["US-CO"]}),
    ("USTX-02", TEXAN_BEDSIDE | {"uses": ["internal_assistant"]}),
    ("FDA-01", BEDSIDE | {"operating_in": ["EU"]}),
    ("DE-01", GERMAN_CARE | {"operating_in": ["FR"]}),
    ("FR-01", FRENCH_CARE | {"data_types": ["special_category"]}),
)


def test_the_rewrite_of_the_security_rule_is_advice_for_whoever_holds_patient_data() -> None:
    found = finding_of("HIPAA-09", PATIENTS)

    assert (found.applies, found.severity) == ("yes", "advice")
    assert "proposal" in found.advice[0]


def test_an_agreement_is_asked_for_by_provider_even_when_the_process_is_in_order() -> None:
    contracts = {"us-api": ["qsoa"], "eu-api": ["baa"]}
    team = a_profile(**ADDICTION, contracts=contracts, answers=all_answered("met"))

    found = verdicts(team)

    assert (found[US_API], found[EU_API]) == ("OK", "OUT"), "a BAA alone is none"
    assert verdict(team, RENTED).questions == ("data.contracts.rented_us",)


def test_written_consent_of_patients_waives_the_agreement() -> None:
    consent = {"answer": "not_applicable", "reason": "written consents", "owner": "privacy"}
    answers = all_answered("met") | {"HIPAA-06": consent}

    assert verdicts(a_profile(**ADDICTION, answers=answers))[US_API] == "OK"


def test_texas_records_stay_in_the_united_states_whatever_is_answered() -> None:
    contracts = {"us-api": ["baa"], "eu-api": ["baa"], "china-api": ["baa"]}
    team = a_profile(**TEXAN_PATIENTS, contracts=contracts, answers=all_answered("met"))

    found = verdicts(team)

    assert (found[US_API], found[EU_API]) == ("OK", "OUT")
    assert "USTX-01" in verdict(team, CHINA_API).controls


@pytest.mark.parametrize(
    ("regions", "certificates", "expected"),
    [
        (("EU",), ("c5_type2",), "OK"),
        (("EU",), ("soc2_type2",), "OUT"),
        (("US",), ("c5_type2",), "OUT"),
    ],
)
def test_a_known_german_attestation_in_the_eu_stands_without_the_answer(
    regions: tuple[str, ...], certificates: tuple[str, ...], expected: str
) -> None:
    attested = a_provider(
        "eu-api", jurisdiction=("FR",), processing_regions=regions, certifications=certificates
    )
    others = [one for one in a_catalog().providers if one.id != "eu-api"]
    catalog = a_catalog().model_copy(update={"providers": (*others, attested)})
    team = a_profile(**GERMAN_CARE, answers=all_answered("met", DE_01="not_met"))

    assert verdict(team, EU_API, catalog).verdict.value == expected
