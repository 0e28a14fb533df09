"""Prices, ends and parity as of a day, in one place for the landscape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from playbook.catalog import Catalog
from playbook.landscape import capability_price, hosted_prices, parity
from playbook.landscape.calendar import retirement_calendar
from playbook.landscape.capability_price import capability_prices
from playbook.landscape.claim_records import Figure
from playbook.landscape.hosted_prices import hosted_changes, hosted_summary
from playbook.landscape.market_records import (
    CapabilityPrice,
    HostedChange,
    HostedSummary,
    ParityPair,
    RetirementDue,
)
from playbook.landscape.parity import parity_pairs
from playbook.landscape.records import ModelInRace

NOT_CONSIDERED = (
    *capability_price.NOT_CONSIDERED,
    *hosted_prices.NOT_CONSIDERED,
    parity.NOT_CONSIDERED,
)


@dataclass(frozen=True)
class Market:
    """What the landscape says of prices, ends and parity; the same for every team but its order."""

    capability_prices: tuple[CapabilityPrice, ...]
    """Price of a fixed capability over time."""
    price_outlook: Figure | None
    """Yearly fall to plan with."""
    hosted_changes: tuple[HostedChange, ...]
    """Hosted open weights that became dearer, cheaper or are gone."""
    hosted_summary: HostedSummary | None
    """How many did."""
    calendar: tuple[RetirementDue, ...]
    """Ends of offers and models."""
    parity_pairs: tuple[ParityPair, ...]
    """The same weights by API and on own servers."""


def market_on(catalog: Catalog, models: Sequence[ModelInRace], *, as_of: date) -> Market:
    """Return prices, ends and parity pairs as they were known on a day.

    Args:
        catalog: The facts.
        models: Models and how they stand, for the order of parity pairs.
        as_of: The day.
    """
    return Market(
        capability_prices=capability_prices(catalog, as_of=as_of),
        price_outlook=_outlook(catalog),
        hosted_changes=hosted_changes(catalog, as_of=as_of),
        hosted_summary=hosted_summary(catalog, as_of=as_of),
        calendar=retirement_calendar(catalog, as_of=as_of),
        parity_pairs=parity_pairs(catalog, models, as_of=as_of),
    )


def _outlook(catalog: Catalog) -> Figure | None:
    """Return the assumed yearly fall of the price of a capability; None without a history."""
    if not catalog.price_histories:
        return None
    one = catalog.assumption("landscape.capability_price_fall_per_year")
    return Figure(
        name="yearly fall of the cheapest price of a fixed capability, for planning",
        value=one.value.likely,
        unit=one.unit,
        low=one.value.low,
        high=one.value.high,
        provenance=one.source.provenance,
        sources=(one.source,),
    )
