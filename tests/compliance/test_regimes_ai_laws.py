"""Golden examples of the AI Act and of US states' laws: where they decide, where just not."""

from __future__ import annotations

import pytest

from tests.compliance.builders import OWN, US_API, a_profile, all_answered, assess, verdicts
from tests.compliance.regime_cases import (
    NearMisses,
    Team,
    deciders_refusing,
    finding_of,
    verdicts_refusing,
)

IN_EUROPE: Team = {"operating_in": ["FR"]}
LENDING_IN_EUROPE: Team = IN_EUROPE | {"uses": ["credit_decision"]}
HIRING_IN_COLORADO: Team = {"operating_in": ["US-CO"], "uses": ["employment_decision"]}
IN_CALIFORNIA: Team = {"operating_in": ["US-CA"]}


@pytest.mark.parametrize(
    ("control", "team", "expected"),
    [
        ("AIA-01", IN_EUROPE, "OUT"),
        ("AIA-06", LENDING_IN_EUROPE, "CONDITIONAL"),
        ("USCO-01", HIRING_IN_COLORADO, "CONDITIONAL"),
        ("USST-01", IN_CALIFORNIA, "CONDITIONAL"),
    ],
)
def test_a_refused_duty_of_the_use_reaches_own_machines_as_well(
    control: str, team: Team, expected: str
) -> None:
    found = verdicts_refusing(control, team)

    assert (found[US_API], found[OWN]) == (expected, expected)
    assert deciders_refusing(control, team, OWN) == (control,)


NEAR_MISSES: NearMisses = (
    ("AIA-01", {"operating_in": ["UK"]}),
    ("AIA-06", LENDING_IN_EUROPE | {"uses": ["internal_assistant"]}),
    ("AIA-08", {"operating_in": ["UK"]}),
    ("USCO-01", HIRING_IN_COLORADO | {"operating_in": ["US-UT"]}),
    ("USST-01", HIRING_IN_COLORADO),
)


def test_literacy_is_advice_and_closes_nothing() -> None:
    found = finding_of("AIA-08", IN_EUROPE)

    assert (found.applies, found.severity) == ("yes", "advice")
    assert verdicts_refusing("AIA-08", IN_EUROPE)[US_API] == "OK"


def test_people_who_live_in_colorado_count_where_the_team_works_elsewhere() -> None:
    team = {"data_subjects_in": ["US-CO"], "uses": ["employment_decision"]}

    assert finding_of("USCO-01", team).applies == "yes"


def test_a_team_that_did_not_say_where_it_works_may_be_concerned() -> None:
    findings = assess(a_profile(operating_in=None, answers=all_answered("met"))).findings

    may = {one.control for one in findings if one.applies == "may"}
    assert {"AIA-01", "AIA-08", "USST-01"} <= may


def test_duties_that_are_met_leave_every_option_open() -> None:
    found = verdicts(a_profile(**LENDING_IN_EUROPE, answers=all_answered("met")))

    assert found[US_API] == found[OWN] == "OK"
