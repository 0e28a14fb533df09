"""What a refresh of the price facts would write: one record for each change."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from playbook.catalog.pricing import Price, SecondOpinion
from playbook.catalog.schema import ApiOffer
from playbook.provenance import Source
from playbook.records import Record

NOT_CONSIDERED = (
    "prices by the hour of the day (the second source's hours are kept as separate opinions)",
    "priority, flexible, audio, video and tool prices, storage of a cache, fees per request",
    "rebates, commitments, free tiers, taxes and exchange rates",
)


class FiledOffer(NamedTuple):
    """An API offer and the file that holds it."""

    file: str
    """Path within the folder."""
    offer: ApiOffer


class Change(Record):
    """One change to one offer of one file."""

    file: str
    """Path within the folder."""
    offer: str
    """Id of the option, `<model>@<provider>`."""
    kind: Literal["price", "second_opinion", "announced", "context_tokens", "retires", "seal"]
    """What changes; a price is appended, the others are set."""
    catalogued: str
    """What the catalog holds."""
    stated: str
    """What is written instead, or appended."""
    price: Price | None = None
    """The new price."""
    opinions: tuple[SecondOpinion, ...] = ()
    """The new second opinions."""
    announced: tuple[Price, ...] = ()
    """All announced prices, those whose day has come among them."""
    value: int | date | None = None
    """The new context in tokens, or day of the end."""
    source: Source | None = None
    """Where context or end were read."""


class RefreshPlan(Record):
    """What a refresh would write, and what it only points out."""

    as_of: date
    """Day of the observation."""
    packages: tuple[str, ...]
    """The packages that were read, with their versions."""
    changes: tuple[Change, ...]
    """What would be written, by file."""
    notes: tuple[str, ...]
    """What somebody should look at; a refresh does not decide it."""
    not_considered: tuple[str, ...] = NOT_CONSIDERED
    """Parts of a price that no source is compared on."""
