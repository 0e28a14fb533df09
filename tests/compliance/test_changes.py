"""What changed between two states of a checklist, and how far one is."""

from __future__ import annotations

from datetime import date
from typing import Any

from playbook.compliance.changes import Change, changes_between
from playbook.compliance.progress import progress_of
from playbook.compliance.records import Compliance
from playbook.profile import Profile
from tests.compliance.builders import US_API, a_control, a_profile, assess, with_controls

State = tuple[Profile, Compliance]
CATALOG = with_controls(
    a_control(), a_control(id="TEST-02", applies_when={"fact": "data.data_types", "has": "phi"})
)


def a_state(**data: Any) -> State:  # noqa: ANN401  fields of the section, checked by the profile
    profile = a_profile(domain={"candidate_models": ["closed"]}, **data)
    return profile, assess(profile, CATALOG)


def answered(word: str, **rest: object) -> dict[str, dict[str, object]]:
    return {"TEST-01": {"answer": word, **rest}}


def of_kind(changes: tuple[Change, ...], kind: str) -> list[tuple[str, str, str]]:
    return [(one.what, one.before, one.after) for one in changes if one.kind == kind]


def test_nothing_changes_between_a_state_and_itself() -> None:
    state = a_state(answers=answered("met"))

    assert changes_between(state, state) == ()


def test_an_answer_is_told_with_the_verdicts_that_it_changed() -> None:
    changes = changes_between(a_state(), a_state(answers=answered("met")))

    assert of_kind(changes, "answer") == [("TEST-01", "not answered", "met")]
    assert (US_API, "UNDETERMINED", "OK") in of_kind(changes, "verdict")


def test_a_fact_is_told_with_the_controls_that_it_brings_in() -> None:
    changes = changes_between(a_state(), a_state(data_types=["phi"]))

    assert of_kind(changes, "fact") == [("data.data_types", "public_only", "phi")]
    assert of_kind(changes, "control") == [("TEST-02", "does not apply", "applies")]


def test_what_a_supplier_says_in_writing_is_a_fact_that_is_told() -> None:
    said = {"us-api": {"certifications": ["soc2_type2"], "us_persons_only": True}}

    changes = changes_between(a_state(), a_state(suppliers=said))

    told = {what: after for what, _, after in of_kind(changes, "fact")}
    assert any("us-api" in what and "soc2_type2" in after for what, after in told.items())


def test_a_fact_not_known_differs_from_none() -> None:
    changes = changes_between(a_state(uses=None), a_state(uses=[]))

    assert of_kind(changes, "fact") == [("data.uses", "not known", "none")]


def test_an_answer_that_expired_in_between_has_changed() -> None:
    ends = date(2026, 11, 1)
    profile, record = a_state(answers=answered("met", valid_until=ends))
    earlier = record.findings[0].changed(answer="met", expired=False)
    before = (profile, record.changed(findings=(earlier, *record.findings[1:])))

    changes = changes_between(before, (profile, record))

    assert of_kind(changes, "answer") == [("TEST-01", "met", "unknown (expired on 2026-11-01)")]


def test_an_owner_and_a_day_are_details_of_an_answer() -> None:
    before = a_state(answers=answered("partly"))
    after = a_state(answers=answered("partly", owner="security", due=date(2027, 1, 29)))

    changes = changes_between(before, after)

    assert of_kind(changes, "detail") == [
        ("TEST-01.owner", "tester", "security"),
        ("TEST-01.due", "", "2027-01-29"),
    ]
    assert of_kind(changes, "answer") == []


def test_progress_counts_answered_unknown_and_not_applicable_apart() -> None:
    waived = {"answer": "not_applicable", "reason": "no such data", "owner": "privacy"}
    unanswered, known, away = (
        progress_of(a_state(answers=given)[1])
        for given in ({}, answered("not_met"), {"TEST-01": waived})
    )

    states = (unanswered, known, away)
    assert [one.answered for one in states] == [0, 1, 0]
    assert [one.unknown for one in states] == [1, 0, 0]
    assert [one.not_applicable for one in states] == [0, 0, 1]
    assert (unanswered.questions_left, known.questions_left) == (1, 0)


def test_progress_counts_the_controls_that_apply_and_those_that_may() -> None:
    stated, silent = (progress_of(a_state(data_types=types)[1]) for types in (["personal"], None))

    assert (stated.apply, stated.may_apply, stated.controls) == (1, 0, 2)
    assert (silent.apply, silent.may_apply, silent.controls) == (1, 1, 2)


def test_options_that_differ_only_in_whose_word_is_asked_for_have_one_general_verdict() -> None:
    """ITAR data hang on what each supplier says of its staff and its contracts."""
    first, second = (
        assess(a_profile(), CATALOG)
        .verdicts[0]
        .changed(
            option=f"closed@{name}",
            questions=(f"data.contracts.{name}", f"data.suppliers.{name}.certifications"),
            because=(f"ITAR-01: open: provider.{name}.us_persons_only",),
        )
        .in_general()
        for name in ("us-api", "eu-api")
    )

    assert first.questions == second.questions
    assert first.because == second.because
    assert first.questions[1] == "data.suppliers of its provider.certifications"
