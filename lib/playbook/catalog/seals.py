"""Seals on dated prices: a price that was written is never overwritten, a new one is appended.

The seal of a price covers its own values, its source and the seal before it, so that a change, a
removal or a new order under a seal shows. It guards against slips, not against forgers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

from playbook.catalog.catalog import Catalog
from playbook.catalog.pricing import Price
from playbook.catalog.schema import ApiOffer

SEAL_LENGTH = 8


def seal_of(offer: str, before: str, price: Price) -> str:
    """Return the seal of a price: the first hex digits of a SHA-256.

    Values that are not stated don't count, so that new kinds of prices break no seal.

    Args:
        offer: Id of the option, `<model>@<provider>`.
        before: Seal of the price before it, empty for the oldest.
        price: The price; a seal that it carries is left out.
    """
    values = price.model_dump(mode="json", exclude={"seal"}, exclude_defaults=True)
    text = json.dumps([offer, before, values], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:SEAL_LENGTH]


def sealed(offer: str, prices: Sequence[Price]) -> tuple[Price, ...]:
    """Return the prices with a seal on each that has none; seals that are there stay as they are.

    Args:
        offer: Id of the option, `<model>@<provider>`.
        prices: Its prices, oldest first.
    """
    found: list[Price] = []
    before = ""
    for price in prices:
        before = price.seal or seal_of(offer, before, price)
        found.append(price.changed(seal=before))
    return tuple(found)


def seal_problems(catalog: Catalog) -> tuple[str, ...]:
    """Return a line for each price that was changed, removed or moved under a seal."""
    return tuple(
        f"API offer {offer.litellm_id}: {problem}"
        for offer in catalog.api_offers
        for problem in _problems(offer)
    )


def unsealed(catalog: Catalog) -> tuple[str, ...]:
    """Return a line for each offer with prices that carry no seal yet."""
    counts = {
        offer.litellm_id: sum(price.seal is None for price in offer.prices)
        for offer in catalog.api_offers
    }
    return tuple(
        f"API offer {name}: {count} price{'' if count == 1 else 's'} not sealed yet;"
        " run `playbook facts refresh --seal --write`"
        for name, count in counts.items()
        if count
    )


def _problems(offer: ApiOffer) -> Iterator[str]:
    key, before, open_since = f"{offer.model}@{offer.provider}", "", None
    for price in offer.prices:
        if price.seal is None:
            open_since = open_since or price.since
        elif open_since is not None:
            yield (
                f"the price of {open_since} has no seal under the sealed one of {price.since};"
                " restore what was sealed"
            )
            return
        elif price.seal != seal_of(key, before, price):
            yield (
                f"price overwritten: the one of {price.since}, or one before it, is not what was"
                " sealed; restore it and append a new dated price instead"
            )
            return
        before = price.seal or ""
