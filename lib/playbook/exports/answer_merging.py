"""Lay answered rows over the answers that a team's params hold, and find where they disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from playbook.exports.answer_reading import GivenAnswer
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord

Take = Literal["file", "params"]


@dataclass(frozen=True)
class Conflict:
    """A field of an answer on which params and files, or two files, disagree."""

    control: str
    field: str
    in_params: str
    in_files: Mapping[str, str]
    """What each file states, by its name."""


@dataclass(frozen=True)
class Merged:
    """Answers with the rows laid over them, and where these disagree."""

    answers: Mapping[str, Answer]
    conflicts: tuple[Conflict, ...]


def merge_answers(
    held: Mapping[str, Answer],
    rows: Iterable[GivenAnswer],
    *,
    default_owners: Mapping[str, str],
    as_of: date,
    take: Take | None = None,
) -> Merged:
    """Return the answers after an import, and the conflicts.

    An answer that is open, unknown or expired gives way to a row. One that holds stands in
    conflict with a row that says something else; a row that only adds what was empty does not.

    Args:
        held: Answers that params hold, by control.
        rows: Answered rows, file after file.
        default_owners: Role that an export names where params name none, by control.
        as_of: Day on which an answer must still be valid to hold.
        take: Who wins a conflict: the file named last, or params.
    """
    by_control: dict[str, list[GivenAnswer]] = {}
    for row in rows:
        by_control.setdefault(row.control, []).append(row)
    answers: dict[str, Answer] = dict(held)
    conflicts: list[Conflict] = []
    for control, said in by_control.items():
        before, now = held.get(control), held.get(control)
        fields: set[str] = set()
        for row in said:
            stated = _without_default(row, now, default_owners.get(control, ""))
            if now is not None and (row is not said[0] or _holds(now, as_of)):
                fields |= _differing(stated, now)
            now = _laid_over(stated, now, as_of)
        conflicts += _conflicts(control, fields, before, said)
        keeps = bool(fields) and take == "params"
        if now is not None and not keeps:
            answers[control] = now
    return Merged(answers, tuple(conflicts))


def _holds(answer: Answer, as_of: date) -> bool:
    return answer.answer is not AnswerWord.UNKNOWN and not _expired(answer, as_of)


def _expired(answer: Answer, as_of: date) -> bool:
    return answer.valid_until is not None and answer.valid_until < as_of


def _without_default(row: GivenAnswer, now: Answer | None, default: str) -> dict[str, object]:
    """Return what a row states, less the owner's role that only the export filled in."""
    stated = dict(row.stated)
    same = now is not None and not now.owner.strip() and stated["answer"] is now.answer
    if same and stated.get("owner") == default:
        del stated["owner"]
    return stated


def _differing(stated: Mapping[str, object], now: Answer) -> set[str]:
    """Return the fields that both state, and state differently."""
    return {
        name
        for name, value in stated.items()
        if getattr(now, name) not in (None, "") and getattr(now, name) != value
    }


def _laid_over(stated: Mapping[str, object], now: Answer | None, as_of: date) -> Answer:
    """Return the answer that a row makes of the one before.

    Another word, or the same given anew after its day, leaves the old reason, evidence and day
    behind: they spoke for the old answer.
    """
    if now is None:
        return Answer.model_validate(stated)
    if stated["answer"] is not now.answer or _expired(now, as_of):
        kept = {"owner": now.owner, "due": now.due}
        return Answer.model_validate({**kept, **stated})
    return now.changed(**stated)


def _conflicts(
    control: str, fields: Iterable[str], before: Answer | None, said: Iterable[GivenAnswer]
) -> Iterable[Conflict]:
    for name in (one for one in Answer.model_fields if one in {*fields}):
        files = {row.file: _words(row.stated.get(name)) for row in said}
        yield Conflict(control, name, _words(getattr(before, name, None)), files)


def _words(value: object) -> str:
    return value.words if isinstance(value, AnswerWord) else "" if value is None else str(value)
