"""What spreadsheets save is read; what can't be meant is named with line, column, value and fix."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.exports.answer_sheet import BYTE_ORDER_MARK
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord
from tests.exports.answering import CONTROLS, a_file, exported, filled_in, read

YES = {"TEST-01": {"answer": "Yes"}}
WORDS = {
    AnswerWord.MET: ["Yes", "yes", "MET", " yes. "],
    AnswerWord.PARTLY: ["Partly", "partly"],
    AnswerWord.NOT_MET: ["No", "not met", "not_met", "NO"],
    AnswerWord.UNKNOWN: ["Don't know", "don\u2019t know", "dont know", "unknown"],
    AnswerWord.NOT_APPLICABLE: ["N.A.", "n.a.", "n/a", "NA", "not applicable", "NOT_APPLICABLE"],
}


@pytest.mark.parametrize(("word", "written"), [(w, one) for w in WORDS for one in WORDS[w]])
def test_an_answer_is_read_in_any_of_its_spellings(word: AnswerWord, written: str) -> None:
    cells = {"TEST-01": {"answer": written, "reason": "r"}}

    found = read(filled_in(exported(), cells))

    assert not found.problems
    assert [row.stated["answer"] for row in found.rows] == [word]


def as_excel_saves(text: str) -> str:
    """Semicolons, as where a comma parts decimals."""
    written = StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(
        csv.reader(StringIO(text, newline=""))
    )
    return written.getvalue()


@pytest.mark.parametrize(
    "saved",
    [
        as_excel_saves,
        lambda text: "sep=,\r\n" + text,
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.replace("control,", "Control ,", 1).replace("valid_until", "Valid until"),
        lambda text: text.replace("\r\n", ",\r\n") + ",,,\r\n\r\n",
    ],
    ids=["semicolons", "hint for Excel", "plain lines", "headers by hand", "empty cells and rows"],
)
def test_a_sheet_is_read_however_it_was_saved(saved: Callable[[str], str]) -> None:
    found = read(saved(filled_in(exported(), YES)))

    assert not found.problems
    assert [(row.control, row.stated["answer"]) for row in found.rows] == [("TEST-01", "met")]


def test_columns_in_another_order_further_ones_and_missing_ones_are_fine() -> None:
    columns = ("note", "answer", "control")

    found = read(a_file({"answer": "no", "control": "test-02", "note": "x"}, columns=columns))

    assert not found.problems
    assert found.rows[0].control == "TEST-02"
    assert found.rows[0].stated == {"answer": AnswerWord.NOT_MET}


def test_rows_without_an_answer_are_left_alone_whatever_else_they_say() -> None:
    cells = {"TEST-01": {"due": "sometime", "reason": "to be asked"}}

    found = read(filled_in(exported(), cells))

    assert (found.rows, found.problems, found.left_open) == ([], [], 3)


def test_a_date_that_a_spreadsheet_wrote_anew_is_read() -> None:
    found = read(filled_in(exported(), {"TEST-01": {"answer": "Partly", "due": "29.01.2027"}}))

    assert found.rows[0].stated["due"] == date(2027, 1, 29)


def test_a_date_that_could_be_two_days_is_the_one_that_params_hold() -> None:
    """An American spreadsheet made 1/2/2027 of the 2nd of January without being asked."""
    cells = {"TEST-01": {"answer": "Partly", "due": "1/2/2027"}}
    held = Answer(due=date(2027, 1, 2))

    found = read(filled_in(exported(), cells), TEST_01=held)

    assert not found.problems
    assert found.rows[0].stated["due"] == date(2027, 1, 2)


BAD = {
    "unknown control": ({"control": "TEST-0I"}, "control", ["TEST-0I", "did you mean TEST-0"]),
    "no control": ({"control": ""}, "control", ["is no control"]),
    "unknown word": ({"answer": "yess"}, "answer", ["yess", "did you mean yes", "Partly"]),
    "bad date": ({"due": "31.02.2027"}, "due", ["31.02.2027", "write it as 2027-01-29"]),
    "two days": ({"due": "1/2/2027"}, "due", ["1/2/2027", "could be two"]),
    "past day": ({"valid_until": "2026-11-22"}, "valid_until", ["2026-11-22", "is past"]),
    "bare N.A.": ({"answer": "N.A.", "owner": ""}, "answer", ["N.A.", "reason and owner"]),
    "no reason": ({"answer": "N.A.", "owner": "me"}, "answer", ["needs reason; fill it in"]),
    "long text": ({"reason": "x" * 401}, "reason", ["at most 400 characters"]),
    "control character": ({"reason": "a\x1bb"}, "reason", ["control character; remove it"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_cell_is_named_with_line_column_value_and_fix(name: str) -> None:
    cells, column, words = BAD[name]
    row = {"control": "TEST-02", "answer": "Yes", "owner": "me", **cells}

    found = read(a_file({"control": "TEST-01"}, row))

    assert not found.rows
    assert found.problems[0].startswith(f"back.csv: line 3, column {column}: ")
    for word in words:
        assert word in found.problems[0]


def test_every_problem_of_a_file_comes_at_once() -> None:
    bad = {"answer": "perhaps", "due": "never"}

    found = read(filled_in(exported(), {"TEST-01": bad, "TEST-03": bad}))

    lines = [problem.split(":")[1].strip() for problem in found.problems]
    assert lines == ["line 2, column answer", "line 2, column due",
                     "line 4, column answer", "line 4, column due"]  # fmt: skip


def test_a_line_number_counts_the_lines_inside_cells() -> None:
    cells = {"TEST-01": {"answer": "Yes", "reason": "one\ntwo\nthree"}, "TEST-02": {"answer": "?"}}

    found = read(filled_in(exported(), cells))

    assert found.problems[0].startswith("back.csv: line 5, column answer: ")


def test_a_control_answered_twice_is_a_problem() -> None:
    row = {"control": "TEST-01", "answer": "Yes"}

    found = read(a_file(row, {"control": "TEST-02"}, row))

    assert found.problems == [
        'back.csv: line 4, column control: "TEST-01" stands in line 2 too; keep one'
    ]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("controll,answer", ["column control is missing", 'rename "controll"']),
        ("control,reason", ["column answer is missing"]),
        ("control,answer,Answer", ["column answer stands there 2 times"]),
        ("", ["column control is missing", "column answer is missing"]),
    ],
)
def test_a_wrong_header_is_a_problem(header: str, words: list[str]) -> None:
    said = "; ".join(read(f"{header}\nTEST-01,Yes\n").problems)

    for word in words:
        assert word in said


def test_a_sheet_that_was_opened_in_another_encoding_is_told_so() -> None:
    spoilt = (BYTE_ORDER_MARK + filled_in(exported(), YES)).encode().decode("cp1252")

    (problem,) = read(spoilt).problems
    assert problem.startswith("back.csv: line 1, the file was opened in another encoding")
    assert "open it as UTF-8" in problem


def test_a_row_that_ran_over_its_header_is_a_problem() -> None:
    found = read("control,answer\nTEST-01,Yes,because it is so\n")

    assert found.problems == ["back.csv: line 2, more cells than the header has; check the quotes"]


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"), max_size=50
).filter(str.strip)


@given(TEXT, TEXT)
def test_what_a_team_wrote_comes_back_unchanged(reason: str, evidence: str) -> None:
    answer = Answer(answer="met", reason=reason, evidence=evidence)

    found = read(exported({"TEST-01": answer.model_dump()}, everything=True))

    assert not found.problems
    assert found.rows[0].stated["reason"] == answer.reason
    assert found.rows[0].stated["evidence"] == answer.evidence


@given(st.text())
def test_no_file_is_too_wild_to_be_read(text: str) -> None:
    found = read(text)

    assert all(row.control in CONTROLS for row in found.rows)
    assert all(problem.startswith("back.csv: line ") for problem in found.problems)
