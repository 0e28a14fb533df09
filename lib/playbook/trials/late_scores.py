"""Scores that take long, kept beside the ledger: the answer is on disk before they are worked out.

One line of `trials.scores.jsonl` holds the scores of one line of `trials.jsonl`. The file can be
deleted: its scores are then worked out again, and nothing is asked again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from playbook.errors import ArtefactError
from playbook.records import Record
from playbook.trials.records import Attempt

LateScores = dict[tuple[str, int], "ScoreLine"]
"""The last scores of each attempt, by its run key and number."""


class ScoreLine(Record):
    """The scores of one attempt."""

    run_key: str
    """Of the attempt."""
    attempt: int
    """Its number."""
    scores: dict[str, float | None] = Field(default_factory=dict)
    """Score by scorer, 0 to 1; None where a scorer could give none."""
    scored_from: dict[str, str] = Field(default_factory=dict)
    """Hash of what each costly score rests on."""
    passed: bool | None = None
    """Whether every scorer gave enough marks."""


def scores_path(ledger: Path) -> Path:
    """Return where the late scores of a ledger are.

    Example:
        >>> scores_path(Path("run/trials.jsonl")).name
        'trials.scores.jsonl'
    """
    return ledger.with_suffix(".scores.jsonl")


def keep_scores(ledger: Path, attempt: Attempt) -> None:
    """Append the scores of an attempt; a line that a crash cut off before is removed first.

    Args:
        ledger: File of the ledger, which the caller has locked.
        attempt: An attempt of it, scored.
    """
    line = ScoreLine(**{name: getattr(attempt, name) for name in ScoreLine.model_fields})
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    with os.fdopen(os.open(scores_path(ledger), flags, 0o600), "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)
        file.write(line.model_dump_json().encode() + b"\n")


def read_scores(ledger: Path) -> LateScores:
    """Return the late scores of a ledger; none if there is no such file.

    Raises:
        ArtefactError: when a finished line holds no scores.
    """
    path = scores_path(ledger)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    found: LateScores = {}
    for number, row in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            line = ScoreLine.model_validate_json(row)
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"])) or "line"
            msg = (
                f"{path}: line {number} holds no scores ({where}: {error.errors()[0]['msg']}); "
                "remove the line, and its answer is scored again"
            )
            raise ArtefactError(msg) from error
        found[line.run_key, line.attempt] = line
    return found


def with_late_scores(attempts: Iterable[Attempt], found: LateScores) -> Iterator[Attempt]:
    """Yield attempts, results among them with the scores that were worked out later."""
    for one in attempts:
        line = found.get((one.run_key, one.attempt)) if one.final else None
        if line is None:
            yield one
        else:
            yield one.model_copy(
                update={
                    "scores": line.scores,
                    "scored_from": line.scored_from,
                    "passed": line.passed,
                }
            )
