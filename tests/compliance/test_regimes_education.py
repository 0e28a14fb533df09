"""Golden examples of schools, children and law firms: where controls decide, where just not."""

from __future__ import annotations

from tests.compliance.builders import (
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
)

SCHOOL: Team = {
    "team": {"sectors": ["education"]},
    "org_roles": ["school"],
    "data_types": ["education_record"],
    "contracts": {"us-api": ["ferpa_dpa"], "eu-api": [], "rented_us": []},
}
CHILDREN: Team = {"data_types": ["child_under_13"], "org_roles": ["edtech_operator"]}
TUNING = {"will_fine_tune": True, "trains_other_models_on_outputs": False}
TUNED: Team = {"domain": TUNING | {"fine_tune_data_types": ["child_under_13"]}}
FIRM: Team = {
    "team": {"sectors": ["legal"]},
    "data_types": ["client_confidential"],
    "data_class": "confidential",
}


REFUSED: Refused = (
    ("EDU-01", SCHOOL, {RENTED: "OUT", EU_API: "OUT", US_API: "OK", OWN: "OK"}),
    ("EDU-02", CHILDREN, {US_API: "OUT", RENTED: "OUT", OWN: "OK"}),
    ("EDU-03", TUNED, {OWN: "OUT", RENTED: "OUT"}),
    ("EDU-04", SCHOOL, {US_API: "CONDITIONAL", OWN: "OK"}),
    ("LEGAL-01", FIRM, {US_API: "OUT", RENTED: "OK", OWN: "OK"}),
    ("LEGAL-02", FIRM, {US_API: "OUT", RENTED: "OUT", OWN: "OUT"}),
    ("LEGAL-05", FIRM, {US_API: "OUT", RENTED: "OUT", OWN: "OK"}),
)


NEAR_MISSES: NearMisses = (
    ("EDU-01", SCHOOL | {"operating_in": ["EU"]}),
    ("EDU-02", CHILDREN | {"data_types": ["education_record"]}),
    ("EDU-03", {"domain": TUNING | {"fine_tune_data_types": ["personal"]}}),
    ("EDU-04", SCHOOL | {"data_types": ["personal"]}),
    ("LEGAL-01", FIRM | {"team": {"sectors": ["technology"]}}),
    ("LEGAL-02", FIRM | {"team": {"sectors": ["technology"]}}),
    ("LEGAL-05", FIRM | {"data_types": ["trade_secret"]}),
)


def test_a_school_keeps_the_vendor_with_a_student_data_agreement_and_its_own_machines() -> None:
    found = verdicts(a_profile(**SCHOOL, answers=all_answered("met")))

    assert (found[US_API], found[OWN]) == ("OK", "OK")
    assert (found[EU_API], found[RENTED]) == ("OUT", "OUT")


def test_signed_consents_waive_the_agreement_with_the_school() -> None:
    consent = {"answer": "not_applicable", "reason": "signed consents", "owner": "registrar"}
    answers = all_answered("met") | {"EDU-01": consent}

    assert verdicts(a_profile(**SCHOOL, answers=answers))[EU_API] == "OK"


def test_a_vendor_that_trains_on_inputs_never_gets_data_of_children() -> None:
    trains = a_provider(
        "us-api", jurisdiction=("US",), processing_regions=("US",), trains_on_inputs=True
    )
    others = [one for one in a_catalog().providers if one.id != "us-api"]
    catalog = a_catalog().model_copy(update={"providers": (trains, *others)})
    team = a_profile(**CHILDREN, answers=all_answered("met"))

    assert "EDU-02" in verdict(team, US_API, catalog).controls
    assert verdicts(team, catalog)[EU_API] == "OK"
