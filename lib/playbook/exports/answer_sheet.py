"""The checklist as a CSV that people answer in a spreadsheet, whole or one role's rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playbook.compliance.records import Compliance, Finding
from playbook.exports.cells import csv_text
from playbook.profile import Profile
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord

ANSWER_COLUMNS = (
    "control", "regime", "question", "why_it_applies", "citation", "basis", "stated_as_of",
    "review_by", "stale", "sources", "options_it_can_change", "owner", "due", "state",
    "answer_with", "answer", "reason", "evidence", "valid_until", "remedy",
)  # fmt: skip
ANSWERED_IN = ("answer", "reason", "owner", "evidence", "due", "valid_until")
"""Columns that are read back; the others explain the question."""

ANSWER_WITH = f"{', '.join(one.words for one in AnswerWord)} (with reason and owner)"
"""What may be answered, said in each row: whoever is sent the file has nothing else."""

BYTE_ORDER_MARK = "\ufeff"
"""Begins a file for spreadsheets: without it Excel does not read UTF-8."""


def asked(profile: Profile, compliance: Compliance, *, answered: bool) -> tuple[Finding, ...]:
    """Return the controls to ask about, the one that can change most options first.

    Args:
        profile: The team's profile.
        compliance: The outcome for it.
        answered: Whether to add what is answered, and what bears on no option considered.
    """
    by_control = {one.control: one for one in compliance.findings if _concerns(one, profile)}
    order = [one.id for one in compliance.open_questions if one.id in by_control]
    opened = [one for one in order if by_control[one].answer is AnswerWord.UNKNOWN]
    rest = [one for one in by_control if one not in opened] if answered else []
    return tuple(by_control[name] for name in (*opened, *rest))


def answer_sheet_csv(
    profile: Profile,
    compliance: Compliance,
    findings: Iterable[Finding],
    *,
    delimiter: str = ",",
) -> str:
    """Return a CSV with one row for each control; columns `ANSWER_COLUMNS`.

    An empty answer is unanswered. Lines end as spreadsheets end them.

    Args:
        profile: The team's profile, with the answers given.
        compliance: The outcome for it.
        findings: Controls to ask about, see `asked`.
        delimiter: What parts the cells; a comma, or a semicolon where a comma parts decimals.
    """
    changes = {one.id: one.options_it_can_change for one in compliance.open_questions}
    given = profile.data.answers
    rows = (
        _row(one, given.get(one.control), changes.get(one.control, 0), compliance)
        for one in findings
    )
    return csv_text(ANSWER_COLUMNS, rows, delimiter=delimiter, line_end="\r\n")


def file_names(owners: Iterable[str]) -> dict[str, str]:
    """Return a file name for each role, by role; no two alike, none that leaves the folder.

    Example:
        >>> list(file_names(["Legal counsel", "legal  counsel", "../.."]).values())
        ['legal-counsel.csv', 'legal-counsel-2.csv', 'owner.csv']
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for owner in owners:
        stem = re.sub(r"[^a-z0-9]+", "-", owner.lower())[:60].strip("-") or "owner"
        number = 1
        while (name := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        taken.add(name)
        names[owner] = f"{name}.csv"
    return names


def is_expired(finding: Finding, given: Answer | None) -> bool:
    """Return whether the team's answer no longer counts because its day has passed."""
    return (
        given is not None
        and given.valid_until is not None
        and finding.answer is AnswerWord.UNKNOWN
        and given.answer is not AnswerWord.UNKNOWN
    )


def _concerns(finding: Finding, profile: Profile) -> bool:
    waived = finding.answer is AnswerWord.NOT_APPLICABLE
    return finding.applies != "no" or (waived and finding.control in profile.data.answers)


def _row(
    finding: Finding, given: Answer | None, changes: int, compliance: Compliance
) -> tuple[object, ...]:
    expired = is_expired(finding, given)
    may = "may apply: " if finding.applies == "may" else ""
    counts = given is not None and not expired
    return (
        finding.control, finding.regime_title or finding.regime, finding.question,
        f"{may}{finding.why}", finding.citation, finding.basis,
        _iso(finding.stated_as_of), _iso(finding.review_by),
        "yes" if finding.review_overdue else "no", " | ".join(finding.sources), changes,
        finding.owner, _iso(finding.due), _state(finding, given, compliance),
        ANSWER_WITH, given.answer.words if given and counts else "", finding.reason,
        finding.evidence, "" if expired else _iso(finding.valid_until), finding.remedy,
    )  # fmt: skip


def _state(finding: Finding, given: Answer | None, compliance: Compliance) -> str:
    if given is None:
        return "unanswered"
    if is_expired(finding, given):
        return f"expired on {finding.valid_until}, so unknown on {compliance.as_of}"
    return "not known yet" if finding.answer is AnswerWord.UNKNOWN else "answered"


def _iso(day: object) -> str:
    return "" if day is None else str(day)
