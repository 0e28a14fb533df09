"""What providers charged, as dated copies of price tables saw it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from playbook.catalog.reading import csv_rows
from playbook.catalog.schema import Fact
from playbook.records import Record
from playbook.units import UsdPerMillionTokens


class PriceInterval(Record):
    """A price between the first and the last day on which it was seen."""

    first_seen: date
    """First day on which a copy showed it; the vendor's own day may be weeks earlier."""
    last_seen: date
    """Last day on which a copy showed it."""
    model: str
    """Name in the price table."""
    index_model: str | None = None
    """Name of the same model on the capability index, if it is there."""
    catalog_model: str | None = None
    """Id of the same model in the catalog, if it is there."""
    input_usd_per_million_tokens: UsdPerMillionTokens
    """Input tokens."""
    output_usd_per_million_tokens: UsdPerMillionTokens
    """Output tokens."""


class PriceHistory(Fact):
    """One provider's prices over time; its id is the provider's. In YAML one block of CSV."""

    title: str
    """Name of the provider."""
    intervals: Annotated[tuple[PriceInterval, ...], BeforeValidator(csv_rows)]
    """Prices, oldest first."""
