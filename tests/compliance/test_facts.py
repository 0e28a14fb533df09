"""Facts and answers: what the controls may ask of a profile, and which answers count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.compliance import answer_problems, control_problems, facts_asked
from playbook.compliance.facts import answers_in_force, fact_kinds, facts_of
from playbook.errors import CatalogError
from playbook.profile import Profile
from playbook.vocabulary import AnswerWord
from tests.compliance.builders import (
    AS_OF,
    US_API,
    a_catalog,
    a_control,
    a_profile,
    assess,
    verdict,
    with_controls,
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_fact_and_value_of_every_control_is_one_of_the_profile(catalog: Catalog) -> None:
    assert control_problems(catalog.controls) == []


def test_every_licence_that_a_control_names_is_in_the_catalog(catalog: Catalog) -> None:
    from playbook.catalog.conditions import comparisons_in  # noqa: PLC0415  only here

    named = {
        str(value)
        for control in catalog.controls
        for effect in control.effects
        if effect.hits is not None
        for test in comparisons_in(effect.hits)
        if test.name == "licence"
        for value in test.values
    }

    assert named
    assert named <= {licence.id for licence in catalog.licences}


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (
            {"fact": "data.data_typs", "has": "phi"},
            "fact 'data.data_typs' is no field of the profile; did you mean data.data_types?",
        ),
        (
            {"fact": "data.data_types", "has": "phy"},
            "'phy' is no value of data.data_types; did you mean phi?",
        ),
        ({"fact": "data.data_types", "is": "phi"}, "data.data_types is a list; is does not fit"),
        ({"fact": "data.critical_function", "is": "true"}, "is true or false, got 'true'"),
        ({"fact": "data.data_class", "in": ["secret"]}, "'secret' is no value of data.data_class"),
    ],
)
def test_a_condition_that_no_profile_can_meet_is_refused(
    condition: dict[str, object], message: str
) -> None:
    catalog = with_controls(a_control(applies_when=condition))

    with pytest.raises(CatalogError, match="TEST-01") as caught:
        assess(a_profile(), catalog)

    assert message in str(caught.value)


def test_a_field_left_out_is_unknown_and_an_empty_list_is_not() -> None:
    facts = facts_of(Profile.model_validate({"data": {"data_types": []}}))

    assert facts["data.org_roles"] is None
    assert facts["data.data_types"] == ()


def test_who_tunes_but_names_no_data_types_has_not_said_which() -> None:
    tuning = facts_of(a_profile(domain={"will_fine_tune": True}))
    not_tuning = facts_of(a_profile(domain={"will_fine_tune": False}))

    assert tuning["domain.fine_tune_data_types"] is None
    assert not_tuning["domain.fine_tune_data_types"] == ()


def test_facts_have_closed_words_where_the_profile_has() -> None:
    kinds = fact_kinds()

    assert kinds["data.data_class"] == (
        "word",
        ("public", "internal", "confidential", "restricted"),
    )
    assert kinds["data.critical_function"] == ("bool", ())
    assert kinds["team.monthly_active_users"] == ("number", ())
    assert "phi" in kinds["data.data_types"][1]


def test_an_expired_answer_counts_as_unknown_from_the_day_after() -> None:
    answer = {"answer": "met", "valid_until": AS_OF}
    team = a_profile(data_types=["phi"], answers={"HIPAA-01": answer})

    assert answers_in_force(team, as_of=AS_OF)["HIPAA-01"] is AnswerWord.MET
    later = answers_in_force(team, as_of=AS_OF + timedelta(days=1))
    assert later["HIPAA-01"] is AnswerWord.UNKNOWN


def test_an_expired_answer_reopens_its_question() -> None:
    catalog = with_controls(a_control())
    expired = {"answer": "met", "valid_until": date(2026, 11, 22)}

    found = assess(a_profile(answers={"TEST-01": expired}), catalog)

    assert found.findings[0].answer is AnswerWord.UNKNOWN
    assert [one.id for one in found.open_questions] == ["TEST-01"]
    assert verdict(a_profile(answers={"TEST-01": expired}), US_API, catalog).verdict == (
        "UNDETERMINED"
    )


@pytest.mark.parametrize(
    ("extra", "counts"),
    [
        ({}, False),
        ({"reason": "counsel said so"}, False),
        ({"owner": "counsel"}, False),
        ({"reason": "  ", "owner": "counsel"}, False),
        ({"reason": "counsel said so", "owner": "counsel"}, True),
    ],
)
def test_not_applicable_needs_a_reason_and_an_owner(extra: dict[str, str], counts: bool) -> None:  # noqa: FBT001  a column of the table
    catalog = with_controls(a_control())
    team = a_profile(answers={"TEST-01": {"answer": "not_applicable", **extra}})

    expected = "OK" if counts else "UNDETERMINED"

    assert verdict(team, US_API, catalog).verdict == expected
    assert bool(answer_problems(team, catalog)) is not counts
    assert (assess(team, catalog).findings[0].applies == "no") is counts


UNFOUNDED = (
    "data.answers.GDPR-01: not_applicable needs reason and owner; without, it counts as unknown"
)


def test_problems_of_answers_name_the_nearest_control() -> None:
    team = a_profile(
        answers={"HIPPA-01": {"answer": "met"}, "GDPR-01": {"answer": "not_applicable"}},
        contracts={"us-apy": ["baa"]},
    )

    assert answer_problems(team, a_catalog()) == [
        "data.answers.HIPPA-01: no such control; did you mean HIPAA-01?",
        UNFOUNDED,
        "data.contracts.us-apy: no such provider or place; did you mean us-api?",
    ]


def test_sound_answers_have_no_problem() -> None:
    team = a_profile(answers={"GDPR-01": {"answer": "met"}}, contracts={"rented_us": ["baa"]})

    assert answer_problems(team, a_catalog()) == []


def test_a_control_past_its_review_day_is_marked() -> None:
    stale = a_control(as_of=date(2026, 1, 1), review_by=date(2026, 11, 22))

    found = assess(a_profile(), with_controls(stale))

    assert found.findings[0].review_overdue


@pytest.mark.parametrize(
    ("share", "applies"), [(0.001, "no"), (0.3333, "no"), (0.34, "yes"), (None, "may")]
)
def test_a_tune_with_a_third_of_the_original_compute_is_asked_after(
    share: float | None, applies: str
) -> None:
    tuning = {"will_fine_tune": True, "fine_tune_compute_ratio": share}
    team = a_profile(operating_in=["EU"], domain=tuning)

    (found,) = [one for one in assess(team).findings if one.control == "AIA-04"]

    assert found.applies == applies
    assert found.missing_facts == (("domain.fine_tune_compute_ratio",) if applies == "may" else ())


def test_facts_asked_are_those_that_a_control_reads_and_those_of_fine_tuning() -> None:
    roles = a_control(applies_when={"fact": "data.org_roles", "has": "us_bank"})
    inside = a_control(
        id="TEST-02",
        effects=(
            {
                "when": "always",
                "exclude": {"opt": "processing_regions", "within_fact": "data.allowed_regions"},
            },
        ),
    )

    assert facts_asked([roles, inside]) == (
        "data.org_roles",
        "data.allowed_regions",
        "domain.will_fine_tune",
        "domain.fine_tune_data_types",
    )
