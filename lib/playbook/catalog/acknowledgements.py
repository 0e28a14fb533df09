"""Findings about the facts, and the reviewed ones that need no action until a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from playbook.records import Record

FindingKind = Literal[
    "stale", "disagreement", "retired", "retirement", "alias", "doubt", "params", "acknowledgement"
]
FindingId = Annotated[str, Field(pattern=r"^[a-z]+:[^\n]+$", max_length=400)]
MOST_DAYS = 366
Words = Annotated[str, Field(min_length=10)]


class Finding(Record):
    """One thing that a person should look at; the facts still load and can be used."""

    id: FindingId
    """Stable name, such as `stale:<title of the source>`, that an acknowledgement refers to."""
    kind: FindingKind
    """What sort of thing it is."""
    text: str
    """What was found, standing alone."""
    teams: tuple[str, ...] = ()
    """Teams whose params files it touches."""


class Acknowledgement(Record):
    """A person's word that a finding is known, and until when it may stand."""

    finding: FindingId
    """Id of the finding, as `playbook facts check --json` prints it."""
    reason: Words
    """Why it may stand."""
    reviewed: date
    """Day on which it was looked at."""
    until: date
    """Last day on which the acknowledgement counts; then the finding is one again."""

    @model_validator(mode="after")
    def _ends_within_a_year(self) -> Self:
        if not 0 <= (self.until - self.reviewed).days <= MOST_DAYS:
            msg = f"until must lie after reviewed, by at most {MOST_DAYS} days"
            raise ValueError(msg)
        return self


class Acknowledged(Record):
    """A finding and the word that lets it stand."""

    finding: Finding
    """The finding."""
    acknowledgement: Acknowledgement
    """Why it may stand, and until when."""


@dataclass(frozen=True)
class Sorted:
    """Findings that are open, and those that somebody vouches for."""

    open: tuple[Finding, ...]
    acknowledged: tuple[Acknowledged, ...]


def sort_findings(
    findings: Sequence[Finding],
    acknowledgements: Sequence[Acknowledgement],
    *,
    known: Collection[str],
    as_of: date,
) -> Sorted:
    """Return findings without and with a valid acknowledgement.

    An acknowledgement that has expired, or that matches nothing, is a finding itself.

    Args:
        findings: All findings.
        acknowledgements: All acknowledgements; the last one of a finding counts.
        known: Further ids that an acknowledgement may name, such as those of mere information.
        as_of: Day of the check.
    """
    newest = {one.finding: one for one in acknowledgements}
    valid = {name: one for name, one in newest.items() if one.until >= as_of}
    told = dict.fromkeys([*findings, *_left_over(findings, newest.values(), known, as_of)])
    return Sorted(
        open=tuple(one for one in told if one.id not in valid),
        acknowledged=tuple(
            Acknowledged(finding=one, acknowledgement=valid[one.id])
            for one in told
            if one.id in valid
        ),
    )


def _left_over(
    findings: Sequence[Finding],
    acknowledgements: Iterable[Acknowledgement],
    known: Collection[str],
    as_of: date,
) -> Iterator[Finding]:
    there = {*(one.id for one in findings), *known}
    for one in acknowledgements:
        if one.finding not in there:
            fault = "matches no finding any more; delete it"
        elif one.until < as_of:
            fault = f"ended on {one.until}; look again, then date it anew or mend the fact"
        else:
            continue
        yield Finding(
            id=f"acknowledgement:{one.finding}",
            kind="acknowledgement",
            text=f"the acknowledgement of {one.finding!r} {fault}",
        )
