"""Golden examples of GDPR, UK GDPR, Quebec and PIPL: where they decide, where just not."""

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

EUROPEANS: Team = {"data_types": ["personal"], "data_subjects_in": ["EU"]}
HEALTH_OF_EUROPEANS: Team = EUROPEANS | {"data_types": ["special_category"]}
HIRING_IN_EUROPE: Team = {"data_subjects_in": ["EU"], "uses": ["employment_decision"]}
CONTRACTS = {name: ["dpa_art28", "sccs"] for name in ("us-api", "eu-api", "rented_us")}
UNASSESSED: Team = EUROPEANS | {"data_class": "internal", "contracts": CONTRACTS}
BRITONS: Team = {"data_types": ["personal"], "data_subjects_in": ["UK"]}
QUEBECERS: Team = {"data_types": ["personal"], "data_subjects_in": ["CA-QC"]}
CHINESE: Team = {"data_types": ["personal"], "data_subjects_in": ["CN"]}


REFUSED: Refused = (
    ("GDPR-05", UNASSESSED, {US_API: "CONDITIONAL", OWN: "CONDITIONAL"}),
    ("GDPR-06", HEALTH_OF_EUROPEANS, {US_API: "OUT", RENTED: "OUT", OWN: "OUT"}),
    ("GDPR-07", HIRING_IN_EUROPE, {US_API: "CONDITIONAL", OWN: "CONDITIONAL"}),
    ("UK-01", BRITONS, {US_API: "OUT", RENTED: "OUT", EU_API: "OK", OWN: "OK"}),
    ("CAQC-01", QUEBECERS, {US_API: "OUT", RENTED: "OUT", EU_API: "OUT", OWN: "OK"}),
    ("CN-04", CHINESE, {US_API: "OUT", RENTED: "OUT", OWN: "OUT", CHINA_API: "OK"}),
)


NEAR_MISSES: NearMisses = (
    ("GDPR-05", EUROPEANS | {"data_types": ["trade_secret"]}),
    ("GDPR-06", EUROPEANS),
    ("GDPR-07", HIRING_IN_EUROPE | {"data_subjects_in": ["UK"]}),
    ("UK-01", EUROPEANS),
    ("CAQC-01", QUEBECERS | {"data_subjects_in": ["CA"]}),
    ("CN-04", CHINESE | {"data_types": ["public_only"]}),
)


def test_the_united_kingdom_is_no_part_of_the_eu() -> None:
    assert finding_of("GDPR-01", BRITONS).applies == "no"


def test_only_the_uk_instrument_carries_a_transfer_from_there() -> None:
    refused = all_answered("met", UK_01="not_met")
    contracts = {"us-api": ["sccs"], "rented_us": ["uk_idta"]}

    found = verdicts(a_profile(**BRITONS, contracts=contracts, answers=refused))

    assert (found[US_API], found[RENTED]) == ("OUT", "OK")


def test_a_person_who_decides_each_case_lifts_the_flag_on_automated_decisions() -> None:
    team = a_profile(**HIRING_IN_EUROPE, answers=all_answered("met"))

    assert verdicts(team)[US_API] == "OK"


def test_people_in_china_and_in_the_eu_leave_one_team_nothing_so_it_must_split() -> None:
    both = CHINESE | {"data_subjects_in": ["CN", "EU"], "contracts": {"china-api": ["dpa_art28"]}}
    refused = a_profile(**both, answers=all_answered("met", CN_04="not_met"))

    assert set(verdicts(refused).values()) == {"OUT"}
    assert verdict(refused, OWN).controls == ("CN-04",)
    assert "GDPR-04" in verdict(refused, CHINA_API).controls
    assert "each population" in finding_of("CN-04", both).remedy


def test_bulk_us_data_beside_data_from_china_must_split_too() -> None:
    both = CHINESE | {"data_subjects_in": ["CN", "US"], "us_bulk_threshold_met": True}

    refused = a_profile(**both, answers=all_answered("met", CN_04="not_met"))

    assert set(verdicts(refused).values()) == {"OUT"}
    assert verdict(refused, CHINA_API).controls == ("CN-01",)


def test_with_a_transfer_route_china_is_no_longer_the_only_place() -> None:
    found = verdicts(a_profile(**CHINESE, answers=all_answered("met")))

    assert (found[US_API], found[OWN]) == ("OK", "OK")


@pytest.mark.parametrize(
    ("word", "expected"), [("met", "OK"), ("unknown", "UNDETERMINED"), ("not_met", "UNDETERMINED")]
)
def test_where_a_vendors_regions_are_unknown_somebody_must_be_certain_that_they_are_not_in_china(
    word: str, expected: str
) -> None:
    silent = a_provider("us-api", jurisdiction=("US",))
    others = [one for one in a_catalog().providers if one.id != "us-api"]
    catalog = a_catalog().changed(providers=(silent, *others))
    team = a_profile(**UNASSESSED, answers=all_answered("met", GDPR_04=word))

    found = verdict(team, US_API, catalog)

    assert found.verdict.value == expected
    assert found.controls == (() if word == "met" else ("GDPR-04",))


@pytest.mark.parametrize(
    "data_type",
    ["npi_financial", "education_record", "substance_use_record", "precise_geolocation", "genomic"],
)
@pytest.mark.parametrize(
    ("control", "place"),
    [
        ("GDPR-01", "EU"), ("GDPR-02", "EU"), ("GDPR-04", "EU"), ("GDPR-05", "EU"),
        ("GDPR-08", "EU"), ("UK-01", "UK"), ("CAQC-01", "CA-QC"), ("CN-04", "CN"),
    ],
)  # fmt: skip
def test_a_type_that_is_always_about_people_needs_no_second_word_for_it(
    control: str, place: str, data_type: str
) -> None:
    team: Team = {"data_types": [data_type], "data_subjects_in": [place]}

    assert finding_of(control, team).applies == "yes"
