"""Rows fill what is open, and what disagrees is shown and never guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.profile import answer_updates
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord
from tests.exports.answering import CONTROLS, DEFAULT_OWNER, exported, merged, outcome, read, said

YES, NO, PARTLY, UNKNOWN = (
    AnswerWord.MET, AnswerWord.NOT_MET, AnswerWord.PARTLY, AnswerWord.UNKNOWN,
)  # fmt: skip
DAYS = st.none() | st.dates(date(2026, 11, 23), date(2030, 1, 1))
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
ANSWERS = st.builds(
    Answer,
    answer=st.sampled_from([YES, NO, PARTLY, UNKNOWN]),
    reason=TEXT,
    owner=TEXT,
    evidence=TEXT,
    due=DAYS,
    valid_until=DAYS,
)


def answer(word: AnswerWord = YES, **fields: Any) -> Answer:  # noqa: ANN401  fields of the record
    return Answer.model_validate({"answer": word, **fields})


def test_an_open_question_takes_the_whole_row() -> None:
    found = merged({}, said("TEST-01", PARTLY, owner="me", due=date(2027, 1, 1), reason="half"))

    assert found.answers == {
        "TEST-01": answer(PARTLY, owner="me", due=date(2027, 1, 1), reason="half")
    }
    assert not found.conflicts


@pytest.mark.parametrize(
    "held", [answer(UNKNOWN), answer(NO, valid_until=date(2026, 1, 1))], ids=["unknown", "expired"]
)
def test_an_answer_that_does_not_hold_gives_way(held: Answer) -> None:
    found = merged({"TEST-01": held}, said("TEST-01", YES))

    assert found.answers["TEST-01"] == answer(YES)
    assert not found.conflicts


def test_an_answer_given_anew_after_its_day_holds_again() -> None:
    held = answer(YES, valid_until=date(2026, 1, 1), owner="me", evidence="old.pdf")

    found = merged({"TEST-01": held}, said("TEST-01", YES, evidence="new.pdf"))

    assert found.answers["TEST-01"] == answer(YES, owner="me", evidence="new.pdf")


def test_another_answer_is_a_conflict_that_shows_both_sides() -> None:
    held = {"TEST-01": answer(NO, reason="no contract")}

    found = merged(held, said("TEST-01", YES, reason="signed"))

    shown = [(one.field, one.in_params, dict(one.in_files)) for one in found.conflicts]
    assert shown == [
        ("answer", "No", {"a.csv": "Yes"}),
        ("reason", "no contract", {"a.csv": "signed"}),
    ]


def test_two_files_that_disagree_are_a_conflict_even_on_an_open_question() -> None:
    found = merged({}, said("TEST-01", YES), said("TEST-01", NO, file="b.csv"))

    (conflict,) = found.conflicts
    assert (conflict.in_params, dict(conflict.in_files)) == ("", {"a.csv": "Yes", "b.csv": "No"})


def test_a_row_that_only_adds_is_no_conflict() -> None:
    held = {"TEST-01": answer(YES, reason="signed")}

    found = merged(held, said("TEST-01", YES, evidence="baa.pdf"))

    assert found.answers["TEST-01"] == answer(YES, reason="signed", evidence="baa.pdf")
    assert not found.conflicts


def test_another_word_leaves_the_reasons_of_the_old_one_behind() -> None:
    held = {"TEST-01": answer(NO, reason="no contract", owner="me", due=date(2027, 1, 1))}

    found = merged(held, said("TEST-01", YES), take="file")

    assert found.answers["TEST-01"] == answer(YES, owner="me", due=date(2027, 1, 1))


def test_the_file_named_last_wins_or_params_do() -> None:
    held = {"TEST-01": answer(NO)}
    rows = (said("TEST-01", PARTLY), said("TEST-01", YES, file="b.csv"))

    assert merged(held, *rows, take="file").answers["TEST-01"].answer is YES
    assert merged(held, *rows, take="params").answers == held
    assert merged({}, *rows, take="params").answers == {}


def test_a_role_that_only_the_export_named_changes_nothing() -> None:
    held = {"TEST-01": answer(YES)}

    found = merged(held, said("TEST-01", YES, owner=DEFAULT_OWNER))

    assert found.answers == held


@given(st.dictionaries(st.sampled_from(CONTROLS), ANSWERS))
def test_a_sheet_read_back_as_it_was_changes_nothing(held: dict[str, Answer]) -> None:
    profile, _ = outcome(held)

    found = merged(profile.data.answers, *read(exported(held, everything=True)).rows)

    assert answer_updates(profile.data.answers, found.answers) == {}
    assert not found.conflicts
