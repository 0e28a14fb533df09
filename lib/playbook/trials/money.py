"""What a call costs, and the purse that never lets a run cost more than its cap."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from playbook.catalog import Price, PriceList, Usage, highest_cost_usd
from playbook.profile.endpoints import Endpoint
from playbook.profile.profile import Profile
from playbook.trials.client import Request
from playbook.trials.records import Attempt
from playbook.vocabulary import Lane

if TYPE_CHECKING:
    from playbook.catalog import Catalog

TOKENS_PER_MESSAGE_AT_MOST = 32
TOKENS_PER_IMAGE_AT_MOST = 20_000
ROUNDING_USD = 1e-12


def worst_case_usd(price: PriceList, request: Request) -> float:
    """Return what a request costs at most: its longest answer, and one token per byte."""
    longest = Usage(input_tokens=most_input_tokens(request), output_tokens=request.max_tokens)
    return highest_cost_usd(price, longest)


def most_input_tokens(request: Request) -> int:
    """Return a ceiling for the input tokens of a request: byte-level tokens hold a byte or more."""
    spoken = request.spoken
    bytes_sent = sum(len(message.content.encode()) for message in spoken)
    images = sum(len(message.images) for message in request.messages)
    most = bytes_sent + TOKENS_PER_MESSAGE_AT_MOST * (1 + len(spoken))
    return most + TOKENS_PER_IMAGE_AT_MOST * images


def endpoint_price(
    endpoint: Endpoint, profile: Profile, catalog: Catalog, *, as_of: date
) -> PriceList | None:
    """Return the prices of an endpoint: its own, else the catalogue's of its option, else None.

    Where the endpoint states a price of its own, discounts and tiers of the list price are not
    known to hold for it, so it is billed by input and output alone.

    Args:
        endpoint: Its own prices win, each by itself.
        profile: Names the places whose options exist.
        catalog: Holds the offers.
        as_of: Day of the price.
    """
    read, written = endpoint.input_usd_per_million_tokens, endpoint.output_usd_per_million_tokens
    known = _catalog_price(endpoint.option, profile, catalog, as_of) if endpoint.option else None
    if known is not None:
        if read is None and written is None:
            return known
        read = known.input_usd_per_million_tokens if read is None else read
        written = known.output_usd_per_million_tokens if written is None else written
    if read is None or written is None:
        return None
    return PriceList(input_usd_per_million_tokens=read, output_usd_per_million_tokens=written)


def needs_price(endpoint: Endpoint) -> bool:
    """Return whether calls may cost money: so for every endpoint that somebody else runs."""
    return endpoint.embedded is None and endpoint.operator != "self"


def _catalog_price(option_id: str, profile: Profile, catalog: Catalog, as_of: date) -> Price | None:
    options = catalog.options(profile.infrastructure.places)
    option = next((one for one in options if one.id == option_id), None)
    if option is None or option.lane is Lane.SELF_HOSTED:
        return None
    return catalog.price(catalog.api_offer(option), as_of)


def charged_usd(attempts: Iterable[Attempt]) -> float:
    """Return what attempts count against the cap: their cost, else what they cost at most."""
    return sum(
        one.cost_usd if one.cost_usd is not None else one.at_most_usd or 0 for one in attempts
    )


@dataclass
class Bill:
    """What one call is charged."""

    worst_usd: float
    """Reserved for it."""
    charged_usd: float = 0.0
    """Charged in the end."""


class Purse:
    """Money for one run: reserve the worst case before sending, settle the true cost after."""

    def __init__(self, cap_usd: float, *, spent_usd: float = 0.0) -> None:
        self.cap_usd = cap_usd
        self.spent_usd = spent_usd
        self._held_usd = 0.0
        self._holders = 0
        self._freed = asyncio.Event()

    async def reserve(self, usd: float) -> bool:
        """Reserve an amount; wait while calls in flight may still free enough.

        Returns:
            False when the run could then cost more than its cap.
        """
        while self.spent_usd + self._held_usd + usd > self.cap_usd + ROUNDING_USD:
            if self._holders == 0:
                return False
            self._freed.clear()
            await self._freed.wait()
        self._held_usd += usd
        self._holders += 1
        return True

    @contextmanager
    def held(self, usd: float) -> Iterator[Bill]:
        """Hold an amount that was reserved, and settle what the bill says in the end."""
        bill = Bill(usd)
        try:
            yield bill
        finally:
            self.settle(usd, bill.charged_usd)

    def settle(self, reserved_usd: float, spent_usd: float) -> None:
        """Give a reservation back and count what was spent of it."""
        self._holders -= 1
        self._held_usd = self._held_usd - reserved_usd if self._holders else 0.0
        self.spent_usd += spent_usd
        self._freed.set()
