"""Claims about open and closed models, to be checked against the facts."""

from __future__ import annotations

from datetime import date
from typing import Literal

from playbook.catalog.schema import Fact, FactId
from playbook.records import Record


class Comparison(Record):
    """Models that a claim puts side by side on one board."""

    board: FactId
    """Catalog board."""
    models: tuple[str, ...]
    """Names on the board; the best of them counts."""
    against: tuple[str, ...]
    """Names on the board; the best of them counts."""
    what: str
    """What is compared, in words."""


class Claimed(Record):
    """A range that a claim states."""

    low: float
    """Lower end."""
    high: float
    """Upper end."""
    unit: str
    """Its unit."""


class Claim(Fact):
    """One quantitative claim, in our words; the source is who makes it."""

    title: str
    """The claim in one sentence."""
    about: Literal["world", "team"]
    """world: settled by the catalog's facts; team: recomputed from a team's own numbers."""
    method: str
    """How it is checked, and what would settle it."""
    claimed: Claimed | None = None
    """The range that it states, where it states one."""
    claimed_from: date | None = None
    """First day of the time that it speaks of."""
    claimed_to: date | None = None
    """Last day of that time."""
    boards: tuple[FactId, ...] = ()
    """Catalog boards that it is checked on; empty for all."""
    comparisons: tuple[Comparison, ...] = ()
    """Models that it puts side by side."""
    models: tuple[FactId, ...] = ()
    """Catalog models that it speaks of."""
    providers: tuple[FactId, ...] = ()
    """Price histories that it speaks of, by provider."""
