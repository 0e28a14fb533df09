"""What providers charged, as dated copies of price tables saw it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator

from playbook.catalog.pricing import blended_usd
from playbook.catalog.reading import csv_rows
from playbook.catalog.schema import Fact
from playbook.provenance import Source
from playbook.records import Record
from playbook.units import UsdPerMillionTokens

Tier = Literal["flagship", "middle", "small"]
"""A rank in a provider's price list; the models in it change, so its price is no price series."""

PriceTable = Literal["litellm", "models.dev", "aider", "vendor"]
"""Price tables; a copy of the same table can be searched for what an older copy showed."""


class PriceInterval(Record):
    """A price between the first and the last day on which it was seen."""

    first_seen: date
    """First day on which a copy showed it; the vendor's own day may be weeks earlier."""
    last_seen: date
    """Last day on which a copy showed it."""
    model: str
    """Name in the newest table that shows it."""
    index_model: str | None = None
    """Name of the same model on the capability index, if it is there."""
    catalog_model: str | None = None
    """Id of the same model in the catalog, if it is there."""
    tier: Tier | None = None
    """Rank in the provider's price list, where one was assigned (see `tier_source`)."""
    open_weights: bool = False
    """Whether the price is of weights that can be downloaded; false for names that move."""
    input_usd_per_million_tokens: UsdPerMillionTokens
    """Input tokens."""
    output_usd_per_million_tokens: UsdPerMillionTokens
    """Output tokens."""
    table: PriceTable
    """Price table of which copies were read."""
    source: Source
    """First copy that showed it."""

    def blended_usd(self, input_parts: float) -> float:
        """Return USD per million tokens of a mix with so many input tokens for each output one."""
        return blended_usd(self, input_parts)


class PriceHistory(Fact):
    """One provider's prices over time; its id is the provider's. In YAML one block of CSV."""

    title: str
    """Name of the provider."""
    weights: Literal["own", "others"]
    """own: a developer's own API; others: a host of weights that others published."""
    tier_source: Source | None = None
    """Who ranked the models; a judgement."""
    intervals: Annotated[tuple[PriceInterval, ...], BeforeValidator(csv_rows)]
    """Prices, by model and then by day."""


class CapabilityLevel(Fact):
    """A capability whose price is followed: that of a model well known in its time."""

    title: str
    """The level in words."""
    entry_model: str
    """Model on the capability index that sets the level."""
