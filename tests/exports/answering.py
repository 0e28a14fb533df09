"""A small checklist, and the ways in which people and spreadsheets hand it back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from io import StringIO
from typing import Any

from playbook.catalog import Catalog
from playbook.compliance import Compliance, assess_compliance
from playbook.exports.answer_merging import Merged, Take, merge_answers
from playbook.exports.answer_reading import Answered, GivenAnswer, read_answers
from playbook.exports.answer_sheet import ANSWER_COLUMNS, answer_sheet_csv, asked
from playbook.profile import Profile
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord
from tests.compliance.builders import AS_OF, a_control, a_profile, with_controls

CONTROLS = ("TEST-01", "TEST-02", "TEST-03")
DEFAULT_OWNER = "tester"


def a_checklist() -> Catalog:
    return with_controls(*(a_control(id=name, owner=DEFAULT_OWNER) for name in CONTROLS))


def outcome(answers: Mapping[str, Any]) -> tuple[Profile, Compliance]:
    profile = a_profile(answers=dict(answers))
    return profile, assess_compliance(profile, a_checklist(), as_of=AS_OF)


def exported(
    answers: Mapping[str, Any] | None = None, *, everything: bool = False, delimiter: str = ","
) -> str:
    profile, compliance = outcome(answers or {})
    found = asked(profile, compliance, answered=everything)
    return answer_sheet_csv(profile, compliance, found, delimiter=delimiter)


def cells_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=delimiter))


def filled_in(text: str, cells: Mapping[str, Mapping[str, str]]) -> str:
    """Return a sheet with some cells filled in, by control and column."""
    return rewritten(text, lambda row: row | dict(cells.get(row["control"], {})))


def rewritten(text: str, change: Callable[[dict[str, str]], dict[str, str]]) -> str:
    rows = [change(row) for row in cells_of(text)]
    written = StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def a_file(*rows: Mapping[str, str], columns: tuple[str, ...] = ANSWER_COLUMNS) -> str:
    lines = [",".join(columns)] + [",".join(row.get(one, "") for one in columns) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def read(text: str, name: str = "back.csv", **held: Answer) -> Answered:
    """Read a sheet; `held` are answers that params hold, as `TEST_01`."""
    known = {one: held.get(one.replace("-", "_"), Answer()) for one in CONTROLS}
    return read_answers(text, name, known, as_of=AS_OF)


def said(control: str, word: AnswerWord, *, file: str = "a.csv", **fields: object) -> GivenAnswer:
    return GivenAnswer(file, 2, control, {"answer": word, **fields})


def merged(
    held: Mapping[str, Answer], *rows: GivenAnswer, take: Take | None = None, as_of: date = AS_OF
) -> Merged:
    owners = dict.fromkeys(CONTROLS, DEFAULT_OWNER)
    return merge_answers(held, rows, default_owners=owners, as_of=as_of, take=take)
