"""The sheet asks what is open, explains each question and presets no answer."""

from __future__ import annotations

from pathlib import PurePath

from hypothesis import given
from hypothesis import strategies as st

from playbook.exports.answer_sheet import ANSWER_COLUMNS, file_names
from tests.exports.answering import cells_of, exported

EXPIRED = {"answer": "met", "valid_until": "2026-01-01", "evidence": "soc2.pdf"}


def test_each_open_control_is_a_row_that_explains_itself_and_has_no_answer() -> None:
    rows = cells_of(exported({"TEST-02": {"answer": "met"}}))

    assert tuple(rows[0]) == ANSWER_COLUMNS
    assert [row["control"] for row in rows] == ["TEST-01", "TEST-03"]
    for row in rows:
        for column in ("regime", "question", "citation", "basis", "stated_as_of", "review_by",
                       "owner", "remedy"):  # fmt: skip
            assert row[column], column
        assert (row["answer"], row["state"], row["stale"]) == ("", "unanswered", "no")
        assert row["answer_with"].startswith("Yes, Partly, No, Don't know, N.A. (with reason")


def test_answered_controls_come_too_when_asked_for_with_what_was_said() -> None:
    given = {"answer": "partly", "reason": "half", "evidence": "e", "owner": "o",
             "due": "2027-01-01", "valid_until": "2027-02-01"}  # fmt: skip

    rows = cells_of(exported({"TEST-02": given}, everything=True))

    row = next(one for one in rows if one["control"] == "TEST-02")
    assert {name: row[name] for name in given} == {**given, "answer": "Partly"}
    assert row["state"] == "answered"


def test_dont_know_and_not_applicable_differ_from_no_answer() -> None:
    waived = {"answer": "not_applicable", "reason": "no such data", "owner": "counsel"}
    answers = {"TEST-01": {"answer": "unknown"}, "TEST-02": waived}

    rows = cells_of(exported(answers, everything=True))

    found = {row["control"]: row["answer"] for row in rows}
    assert found == {"TEST-01": "Don't know", "TEST-02": "N.A.", "TEST-03": ""}


def test_an_expired_answer_is_asked_again_with_its_evidence_and_without_its_old_day() -> None:
    rows = cells_of(exported({"TEST-01": EXPIRED}))

    row = next(one for one in rows if one["control"] == "TEST-01")
    assert (row["answer"], row["evidence"], row["valid_until"]) == ("", "soc2.pdf", "")
    assert row["state"] == "expired on 2026-01-01, so unknown on 2026-11-23"


@given(st.lists(st.text(), unique=True))
def test_file_names_of_roles_are_distinct_and_stay_in_their_folder(owners: list[str]) -> None:
    names = file_names(owners)

    assert len(set(names.values())) == len(owners)
    assert all(PurePath(name).name == name and name.isascii() for name in names.values())
