"""The stage on the real catalogue: complete, fast, ready to be written to a file."""

from __future__ import annotations

import time
from datetime import date

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.compliance import Compliance, assess_compliance
from playbook.profile import Profile
from tests.compliance.builders import AS_OF, a_control, a_profile, assess, with_controls

PLACES = {"infrastructure": {"places": ["own_network", "rented_us", "rented_eu"]}}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_option_and_every_control_is_told(catalog: Catalog) -> None:
    team = Profile.model_validate(PLACES)

    found = assess_compliance(team, catalog, as_of=AS_OF)

    options = {option.id for option in catalog.options(team.infrastructure.places)}
    assert {one.option for one in found.verdicts} == options
    assert {one.control for one in found.findings} == {one.id for one in catalog.controls}


def test_controls_that_apply_come_first_and_missing_facts_are_named() -> None:
    found = assess(a_profile(org_roles=None)).findings

    assert [one.applies for one in found] == sorted(
        (one.applies for one in found), key=("yes", "may", "no").index
    )
    dora = next(one for one in found if one.control == "DORA-02")
    assert (dora.applies, dora.missing_facts) == ("may", ("data.org_roles",))


def test_what_the_team_wrote_beside_its_answer_is_carried_over() -> None:
    """It stands even when the answer itself has expired."""
    catalog = with_controls(a_control(id="TEST-01"), a_control(id="TEST-02"))
    given = {
        "answer": "met", "owner": "our DPO", "reason": "Signed in May.",
        "evidence": "contracts/dpa.pdf", "due": date(2026, 12, 1), "valid_until": date(2026, 1, 1),
    }  # fmt: skip

    written, silent = assess(a_profile(answers={"TEST-01": given}), catalog).findings

    assert (written.answer, written.owner, written.due) == (
        "unknown", "our DPO", date(2026, 12, 1),
    )  # fmt: skip
    assert (written.evidence, written.reason) == ("contracts/dpa.pdf", "Signed in May.")
    assert written.valid_until == date(2026, 1, 1)
    assert (silent.owner, silent.due, silent.evidence, silent.reason) == ("tester", None, "", "")


def test_a_finding_names_its_regime_the_facts_it_hangs_on_and_when_to_read_it_again(
    catalog: Catalog,
) -> None:
    found = assess_compliance(a_profile(), catalog, as_of=AS_OF)

    baa = next(one for one in found.findings if one.control == "HIPAA-01")
    regime = next(one for one in catalog.regimes if one.id == "hipaa")
    assert (baa.regime_title, baa.review_by) == (regime.title, regime.controls[0].review_by)
    assert baa.facts == ("data.data_types",)


def test_a_finding_tells_a_missing_answer_from_dont_know_and_from_an_expired_one() -> None:
    catalog = with_controls(*(a_control(id=f"TEST-0{number}") for number in (1, 2, 3)))
    ended = {"answer": "met", "valid_until": date(2026, 1, 1)}

    expired, unknown, silent = assess(
        a_profile(answers={"TEST-01": ended, "TEST-02": {"answer": "unknown"}}), catalog
    ).findings

    assert {expired.answer, unknown.answer, silent.answer} == {"unknown"}
    assert (expired.given, unknown.given, silent.given) == ("met", "unknown", None)
    assert (expired.expired, expired.valid_until) == (True, date(2026, 1, 1))
    assert not unknown.expired


def test_a_finding_counts_the_assessed_options_that_it_bears_on() -> None:
    """The test control is about third parties: three providers serve the closed model."""
    advice = a_control(
        id="TEST-02", severity="advice", effects=({"when": "always", "advise": "Mind it."},)
    )
    catalog = with_controls(a_control(), advice)

    shortlists = (["closed", "open"], ["open"])
    found = [
        assess(a_profile(domain={"candidate_models": names}), catalog).findings
        for names in shortlists
    ]

    assert [one[0].options_concerned for one in found] == [3, 0]
    assert found[0][1].options_concerned is None


@pytest.mark.parametrize("team", [PLACES, {**PLACES, "data": {"data_class": "restricted"}}])
@pytest.mark.slow
def test_a_team_that_said_little_is_judged_within_a_second_of_cpu(
    team: dict[str, object], catalog: Catalog
) -> None:
    """The slowest case: nearly every control may apply to some 250 options."""
    profile = Profile.model_validate(team)
    assess_compliance(profile, catalog, as_of=AS_OF)
    started = time.process_time()

    assess_compliance(profile, catalog, as_of=AS_OF)

    assert time.process_time() - started < 1.0


def test_the_outcome_survives_writing_and_reading(catalog: Catalog) -> None:
    found = assess_compliance(Profile.model_validate(PLACES), catalog, as_of=AS_OF)

    assert Compliance.model_validate_json(found.model_dump_json()) == found
