"""A claim, the numbers behind its verdict, and the verdict."""

from __future__ import annotations

from typing import Literal

from playbook.provenance import Provenance, Source
from playbook.records import Record

ClaimVerdict = Literal["holds", "holds_in_part", "does_not_hold", "cannot_be_settled"]


class Figure(Record):
    """A number with its unit, interval, provenance and sources."""

    name: str
    """What it is, in words."""
    value: float
    """The value."""
    unit: str
    """Its unit."""
    low: float | None = None
    """Lower end of the interval; missing where none exists."""
    high: float | None = None
    """Upper end of the interval."""
    interval: Literal["5-95%", "10-90%", "95% confidence"] = "5-95%"
    """Percentiles at its ends, or its confidence."""
    provenance: Provenance
    """How it was got."""
    sources: tuple[Source, ...]
    """Where it comes from."""


class ClaimFinding(Record):
    """A claim, the data, the method and the verdict."""

    claim: str
    """Id of the claim."""
    title: str
    """The claim in our words."""
    about: Literal["world", "team"]
    """Whether facts about the world or the team's own numbers settle it."""
    verdict: ClaimVerdict
    """How it came out."""
    because: str
    """The reason in one or two sentences, with the figures."""
    method: str
    """How it was checked."""
    figures: tuple[Figure, ...]
    """The numbers behind it."""
    source: Source
    """Who makes the claim."""
