"""What the newest model of a rank in a provider's price list costs, from day to day.

A rank is not a product: the model behind it changes. So this is how a list moved, not how a price
did; the price of one model id mostly stays until the id retires.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from playbook.catalog import Catalog
from playbook.catalog.price_history import PriceHistory, PriceInterval, Tier
from playbook.landscape.market_records import TierPrice

TIERS: tuple[Tier, ...] = ("flagship", "middle", "small")


def tier_prices(catalog: Catalog, *, as_of: date) -> tuple[TierPrice, ...]:
    """Return each provider's price by rank up to a day: by provider, rank, then day.

    On the day on which a newer model of the rank is first seen it takes the older one's place.

    Args:
        catalog: The facts.
        as_of: Last day that counts.
    """
    return tuple(
        step
        for history in catalog.price_histories
        for tier in TIERS
        for step in _path(history, tier, as_of)
    )


def price_path(
    catalog: Catalog, provider: str, tier: Tier, *, as_of: date
) -> tuple[TierPrice, ...]:
    """Return the prices of one rank at one provider, oldest first; empty where none is ranked.

    Args:
        catalog: The facts.
        provider: Catalog provider.
        tier: Rank in its price list.
        as_of: Last day that counts.
    """
    return tuple(
        step
        for history in catalog.price_histories
        if history.id == provider
        for step in _path(history, tier, as_of)
    )


def _path(history: PriceHistory, tier: Tier, as_of: date) -> Iterator[TierPrice]:
    seen = [one for one in history.intervals if one.tier == tier and one.first_seen <= as_of]
    seen.sort(key=lambda one: (one.first_seen, one.model))
    shown: PriceInterval | None = None
    if history.tier_source is None:
        return
    for one in seen:
        if shown and (one.model, _price(one)) == (shown.model, _price(shown)):
            continue
        if shown and _superseded(one, shown, seen):
            continue
        shown = one
        yield TierPrice(
            provider=history.id,
            tier=tier,
            on=one.first_seen,
            model=one.model,
            input_usd_per_million_tokens=one.input_usd_per_million_tokens,
            output_usd_per_million_tokens=one.output_usd_per_million_tokens,
            source=one.source,
            tier_source=history.tier_source,
        )


def _price(one: PriceInterval) -> tuple[float, float]:
    return one.input_usd_per_million_tokens, one.output_usd_per_million_tokens


def _superseded(one: PriceInterval, shown: PriceInterval, seen: Sequence[PriceInterval]) -> bool:
    """Return whether a price is of a model that came out before the one shown."""
    if one.model == shown.model:
        return False
    return _first(one, seen) < _first(shown, seen)


def _first(one: PriceInterval, seen: Sequence[PriceInterval]) -> tuple[date, str]:
    return min((other.first_seen, other.model) for other in seen if other.model == one.model)
