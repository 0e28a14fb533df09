"""Price of a capability, hosted prices, life dates, and the same weights in two lanes."""

from __future__ import annotations

from datetime import date
from typing import Literal

from playbook.provenance import Source
from playbook.records import Record


class PriceStep(Record):
    """A day on which a capability became cheaper."""

    on: date
    """First day on which the price was seen."""
    usd_per_million_tokens: float
    """Blended price, 3 parts input to 1 part output."""
    model: str
    """Cheapest model of the level."""
    provider: str
    """Who offers it."""
    source: Source
    """Where it was seen."""


class CapabilityPrice(Record):
    """The cheapest price of a fixed capability over time."""

    level: str
    """Id of the level."""
    title: str
    """The level in words."""
    entry_model: str
    """Model that sets the level."""
    index: float
    """Its capability, logit scale."""
    steps: tuple[PriceStep, ...]
    """Running minimum, oldest first."""
    break_on: date | None
    """Day on which the pace changes most; None where no break is found."""
    fall_per_year: float
    """Factor by which the price falls in a year, over all."""
    fall_per_year_before: float | None
    """The same before the break."""
    fall_per_year_after: float | None
    """The same since."""
    observed_until: date
    """Last day of the observations."""


class HostedChange(Record):
    """A hosted open-weight model that became dearer, cheaper, or is gone from a price table."""

    provider: str
    """Provider."""
    model: str
    """Model."""
    kind: Literal["rise", "cut", "exit"]
    """What happened."""
    on: date
    """First day of the new price; for an exit the last day on which the old one was seen."""
    input_before: float
    """USD per million input tokens before."""
    output_before: float
    """USD per million output tokens before."""
    input_after: float | None
    """After; None for an exit."""
    output_after: float | None
    """After; None for an exit."""
    source: Source
    """Where it was seen."""


class RetirementDue(Record):
    """An option that ends, or has ended, with what its developer names in its place."""

    option: str
    """Option id, or model id for a model's own API."""
    title: str
    """Name in words."""
    on: date
    """Last day."""
    months_left: float
    """Months from the day of the landscape; negative when it has passed."""
    successor: str | None
    """Catalog id named in its place."""
    source: Source
    """Where the day was read."""


class ParityPair(Record):
    """The same weights by API and on own servers: prototype on one, deploy on the other."""

    model: str
    """Catalog model."""
    title: str
    """Name in words."""
    api_options: tuple[str, ...]
    """Options of hosted APIs, the developer's own first."""
    weights: str
    """Where the weights are published (`owner/name` on a model hub); empty when not sourced."""
    smallest_gpu: str | None
    """Smallest catalogued GPU that holds the weights in their default precision; None: several."""
    differences: tuple[str, ...]
    """What may differ between both sides: precision, template, context."""
    source: Source
    """Where the pair was read."""
