"""Read an answered checklist as spreadsheets save it: every problem with line, column and fix."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from io import StringIO

from pydantic import ValidationError

from playbook.exports.answer_sheet import ANSWER_COLUMNS, ANSWERED_IN, BYTE_ORDER_MARK
from playbook.exports.cells import as_written, days_in
from playbook.profile.problems import did_you_mean, shown
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord

DELIMITERS = (",", ";", "\t")
_MARK_MISREAD = BYTE_ORDER_MARK.encode().decode("cp1252").lower()
_NEEDED = ("control", "answer")
_DAYS = ("due", "valid_until")
_WORDS = {word.words.lower(): word for word in AnswerWord} | {
    **{word.value.replace("_", " "): word for word in AnswerWord},
    "dont know": AnswerWord.UNKNOWN,
    "na": AnswerWord.NOT_APPLICABLE,
    "n.a": AnswerWord.NOT_APPLICABLE,
    "n/a": AnswerWord.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class GivenAnswer:
    """One answered row: what it states, by field of an answer; a blank cell states nothing."""

    file: str
    line: int
    control: str
    stated: Mapping[str, object]


@dataclass
class Answered:
    """What a file says, and what is wrong with it."""

    rows: list[GivenAnswer] = field(default_factory=list)
    left_open: int = 0
    problems: list[str] = field(default_factory=list)


def read_answers(text: str, file: str, known: Mapping[str, Answer], *, as_of: date) -> Answered:
    """Return the answered rows of a CSV; rows without an answer are left alone.

    Commas, semicolons or tabs may part the cells; columns may be missing, further ones and their
    order are free.

    Args:
        text: The file's text.
        file: Its name in messages.
        known: The answer that params hold to each control, by id; an empty one where they hold
            none. Of a date that could be two days, the one that stands there is meant.
        as_of: Day on which an answer must still be valid.
    """
    found = Answered()
    records = _records(text, file, found.problems)
    line, cells = next(records, (1, []))
    header = [_column(cell) for cell in cells]
    found.problems += [f"{file}: line {line}, {fault}" for fault in _header_faults(header)]
    if found.problems:
        return found
    seen: dict[str, int] = {}
    for line, cells in records:
        row = _Row(dict(zip(header, cells, strict=False)), known, as_of)
        if any(cell.strip() for cell in cells[len(header) :]):
            row.faults.append("more cells than the header has; check the quotes")
        elif not row.cell("answer").strip():
            found.left_open += any(map(str.strip, cells))
            continue
        stated = row.stated()
        if (first := seen.setdefault(row.control, line)) != line:
            row.fault("control", row.control, f"stands in line {first} too; keep one")
        if not row.faults:
            found.rows.append(GivenAnswer(file, line, row.control, stated))
        found.problems += [f"{file}: line {line}, {fault}" for fault in row.faults]
    return found


def _records(text: str, file: str, problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record of a CSV that is not empty, with the line on which it begins."""
    first, _, rest = text.partition("\n")
    hinted = first.strip().strip('"').lower().startswith("sep=")
    start, text = (2, rest) if hinted else (1, text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    while True:
        line = start + reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problems.append(f"{file}: line {line}, not readable: {error}; save it as CSV again")
            return
        if cells is None:
            return
        if cells:
            yield line, [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]


def _delimiter(text: str) -> str:
    """Return what parts the cells: what finds most of our columns in the header."""
    header = text.lstrip("\r\n").partition("\n")[0]

    def columns(mark: str) -> int:
        return len({*map(_column, header.split(mark))} & {*ANSWER_COLUMNS})

    return max(DELIMITERS, key=columns)


def _column(cell: str) -> str:
    return "_".join(cell.strip().strip('"').strip().lower().replace("_", " ").split())


def _header_faults(header: Sequence[str]) -> Iterator[str]:
    if header and header[0].startswith(_MARK_MISREAD):
        yield "the file was opened in another encoding, which spoils letters; open it as UTF-8"
        return
    for name in _NEEDED:
        if name not in header:
            near = next((one for one in header if did_you_mean(one, [name])), "")
            fix = f"rename {shown(near)}" if near else "keep the header of the export"
            yield f"column {name} is missing; {fix}"
    for name in ("control", *ANSWERED_IN):
        if header.count(name) > 1:
            yield f"column {name} stands there {header.count(name)} times; keep one"


class _Row:
    """The cells of one answered row by column, and the faults found in them."""

    def __init__(self, cells: Mapping[str, str], known: Mapping[str, Answer], as_of: date) -> None:
        self._cells, self._known, self._as_of = cells, known, as_of
        self.control = self.cell("control").strip().upper()
        self.faults: list[str] = []

    def cell(self, column: str) -> str:
        """Return the text of a cell as it was written; empty where there is none."""
        return as_written(self._cells.get(column, ""))

    def fault(self, column: str, value: object, words: str) -> None:
        """Note what is wrong with a cell."""
        self.faults.append(f"column {column}: {shown(value)} {words}")

    def stated(self) -> dict[str, object]:
        """Return what the row states, by field of an answer, and note its faults."""
        if self.control not in self._known:
            near = get_close_matches(self.control, list(self._known), n=1)
            fix = f"did you mean {near[0]}?" if near else "keep the ids of the export"
            self.fault("control", self.cell("control"), f"is no control; {fix}")
        stated: dict[str, object] = {}
        for column in ANSWERED_IN:
            text = self.cell(column)
            if text.strip():
                stated[column] = self._value(column, text)
        self._check(stated)
        return stated

    def _value(self, column: str, text: str) -> object:
        if column == "answer":
            word = _WORDS.get(_plain(text))
            if word is None:
                choices = ", ".join(one.words for one in AnswerWord)
                near = did_you_mean(_plain(text), list(_WORDS))
                self.fault(column, text, f"is no answer; write one of {choices}{near}")
            return word
        if column not in _DAYS:
            return text
        held = getattr(self._known.get(self.control), column, None)
        days = [day for day in days_in(text) if day == held] or days_in(text)
        day = days[0] if len(days) == 1 else None
        if day is None:
            self.fault(column, text, "is no day, or could be two; write it as 2027-01-29")
        elif column == "valid_until" and day < self._as_of:
            self.fault(column, text, f"is past on {self._as_of}; give a day to come, or none")
        return day

    def _check(self, stated: Mapping[str, object]) -> None:
        lacks = [name for name in ("reason", "owner") if name not in stated]
        if stated.get("answer") is AnswerWord.NOT_APPLICABLE and lacks:
            fix = "fill it in" if len(lacks) == 1 else "fill them in"
            self.fault("answer", self.cell("answer"), f"needs {' and '.join(lacks)}; {fix}")
        for column, value in stated.items():
            if isinstance(value, str) and any(char < " " and char not in "\n\t" for char in value):
                self.fault(column, value, "holds a control character; remove it")
        try:
            Answer.model_validate({key: one for key, one in stated.items() if one is not None})
        except ValidationError as error:
            for one in error.errors(include_url=False):
                self.fault(str(one["loc"][0]), one["input"], f"does not fit: {one['msg']}")


def _plain(text: str) -> str:
    """Return an answer without what spreadsheets and hands vary: case, dots, apostrophes."""
    word = text.strip().lower().replace("\u2019", "'").replace("_", " ").replace("-", " ")
    return word if word in _WORDS else " ".join(word.strip(" .!").split())
