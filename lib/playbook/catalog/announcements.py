"""Prices that a source announces for days to come, beside those that were seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from playbook.catalog.catalog import Catalog
from playbook.catalog.prices import price_on
from playbook.catalog.pricing import Price
from playbook.catalog.references import name_of
from playbook.catalog.schema import ApiOffer


def prices_to_come(offer: ApiOffer, *, as_of: date) -> tuple[Price, ...]:
    """Return the prices announced for days after a day, soonest first."""
    return tuple(price for price in offer.announced if price.since > as_of)


def announced_words(offer: ApiOffer, *, as_of: date) -> tuple[str, ...]:
    """Return in words what is announced of an offer's price as of a day; empty where nothing is.

    A price in force that was only announced, and not seen since it began, is said first.
    """
    now = price_on((*offer.announced, *offer.prices), as_of)
    unseen = f"the price since {now.since} was announced and not seen yet"
    to_come = tuple(
        f"announced: {price.input_usd_per_million_tokens:g} USD in,"
        f" {price.output_usd_per_million_tokens:g} USD out per million tokens"
        f" from {price.since} ({price.source.cite()})"
        for price in prices_to_come(offer, as_of=as_of)
    )
    return (unseen, *to_come) if now in offer.announced else to_come


def announcement_lines(catalog: Catalog, *, as_of: date) -> Iterator[str]:
    """Yield a line for each announcement of each offer, with the price in force beside it."""
    for offer in catalog.api_offers:
        now = catalog.price(offer, as_of)
        paid = f"{now.input_usd_per_million_tokens:g} and {now.output_usd_per_million_tokens:g}"
        for words in announced_words(offer, as_of=as_of):
            yield f"{name_of(offer)} {words}, {paid} now"


def announcement_problems(catalog: Catalog) -> Iterator[str]:
    """Yield a line for each announced price that is none: read on or after its first day."""
    for offer in catalog.api_offers:
        who = f"API offer {offer.litellm_id}"
        days = [price.since for price in offer.announced]
        if days != sorted(set(days)):
            yield f"{who}: announced prices must have ascending, distinct dates"
        for price in offer.announced:
            if price.since <= price.source.as_of:
                yield (
                    f"{who}: the price announced for {price.since} was read on"
                    f" {price.source.as_of}, so it was seen; move it to prices"
                )
