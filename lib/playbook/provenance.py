"""Where a number comes from, how old it is, and the one word that says how it was got."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

WARN_AFTER_DAYS = 90
FAIL_AFTER_DAYS = 180


class Provenance(StrEnum):
    """How a figure was got, best first."""

    MEASURED = "measured"
    CALIBRATED = "calibrated"
    COMPUTED = "computed"
    QUOTED = "quoted"
    ASSUMED = "assumed"


SourceKind = Literal["vendor", "measured", "third_party", "package", "licence_text", "assumption"]


class Source(BaseModel):
    """The origin of a fact: a title, an address, a date and its kind."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False
    )

    title: str
    """What it is, in words."""
    url: str = ""
    """Address of the page, file (`owner/name:path@commit`) or package version."""
    as_of: date
    """The day for which the fact is stated."""
    kind: SourceKind
    """Who says so; `assumption` is our own and shown as such."""

    @property
    def provenance(self) -> Provenance:
        """Return the provenance word for a figure taken from here as it is."""
        words = {"assumption": Provenance.ASSUMED, "measured": Provenance.MEASURED}
        return words.get(self.kind, Provenance.QUOTED)

    def cite(self) -> str:
        """Return a short citation: title, address and date.

        Example:
            >>> Source(title="Prices", url="a.org", as_of=date(2026, 1, 2), kind="vendor").cite()
            'Prices, a.org (2026-01-02)'
        """
        where = f", {self.url}" if self.url else ""
        return f"{self.title}{where} ({self.as_of.isoformat()})"


def days_old(source: Source, *, as_of: date) -> int:
    """Return how many days old a fact is on a given day (0 for a date still to come)."""
    return max(0, (as_of - source.as_of).days)


def weakest(words: list[Provenance]) -> Provenance:
    """Return the weakest of several provenance words: the one a combined figure may carry.

    Example:
        >>> weakest([Provenance.MEASURED, Provenance.ASSUMED])
        <Provenance.ASSUMED: 'assumed'>
    """
    order = list(Provenance)
    return max(words, key=order.index, default=Provenance.COMPUTED)
