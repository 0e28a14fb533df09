"""Cells run in no spreadsheet, read back as they were, and dates survive a spreadsheet's hands."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.exports.cells import as_written, csv_text, days_in, harmless, one_line

PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"))
STARTS = st.sampled_from(["=", "+", "-", "@", "\t", "'", "''=", " =", "\uff1d", ""])


@given(STARTS, PRINTABLE)
def test_any_text_comes_back_from_a_csv_as_it_was(start: str, rest: str) -> None:
    text = start + rest

    written = csv_text(["cell", "end"], [[text, "x"]], line_end="\r\n")

    (_, row) = csv.reader(StringIO(written, newline=""))
    assert as_written(row[0]) == text


@given(STARTS, PRINTABLE)
def test_no_cell_begins_as_a_formula(start: str, rest: str) -> None:
    cell = str(harmless(start + rest))

    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\n"))


@pytest.mark.parametrize(
    "cell", ["2027-01-29", "2027/1/29", "29.01.2027", "29.1.2027", "1/29/2027", "29/1/2027"]
)
def test_a_day_is_known_however_a_spreadsheet_wrote_it(cell: str) -> None:
    assert days_in(cell) == (date(2027, 1, 29),)


@pytest.mark.parametrize(
    "cell", ["2027-02-30", "soon", "2027", "29.1.27", "1.29.2027", "13/13/2027"]
)
def test_what_is_no_day_is_none(cell: str) -> None:
    assert days_in(cell) == ()


def test_what_could_be_two_days_is_both() -> None:
    assert days_in("1/2/2027") == (date(2027, 1, 2), date(2027, 2, 1))
    assert days_in("2/2/2027") == (date(2027, 2, 2),)


@given(st.text())
def test_one_line_has_no_break_and_nothing_that_does_not_print(text: str) -> None:
    assert one_line(text).isprintable()
