"""Dated prices of an API offer, and what a second source says of them.

A price that is not stated is unknown, and unknown never makes a bill smaller: each field says
at which other price its tokens are then billed. `billing.request_cost_usd` does the sum.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Protocol, Self

from annotated_types import Unit
from pydantic import Field, model_validator

from playbook.provenance import Source
from playbook.records import Record
from playbook.units import Positive, UsdPerMillionTokens

UsdPerImage = Annotated[float, Field(ge=0, le=100), Unit("USD per image")]


class Rates(Record):
    """Prices per token, each in place of (never on top of) the input or output price."""

    input_usd_per_million_tokens: UsdPerMillionTokens
    """Input tokens, images counted as tokens among them."""
    output_usd_per_million_tokens: UsdPerMillionTokens
    """Output tokens."""
    cached_input_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Input read from the provider's prompt cache; missing: billed in full, as other input."""
    cache_write_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Input written to that cache, for the shortest time sold; missing: billed as other input."""
    hour_cache_write_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Input written to be kept for an hour; missing: billed as the shortest time. No discount in a
    batch is known."""
    reasoning_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Output spent on reasoning; missing: billed as other output."""
    batch_input_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Input of the batch service; missing: no such service is known, billed as at once."""
    batch_output_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Output of the batch service, reasoning included; missing: billed as at once."""
    batch_cached_input_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Cached input in a batch; missing: the two discounts do not add up, batch input counts."""
    batch_cache_write_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """The same for the shortest cache time in a batch; missing: no discount, billed as at once."""


class PriceTier(Rates):
    """Prices of a request whose input is longer than a threshold, for all of its tokens.

    A tier is a whole list of its own: what it does not state is not taken from the prices below
    it, but billed as each field says, at the tier's own input or output price.
    """

    above_input_tokens: Positive
    """The tier holds for more input tokens than this, cached ones counted; not for as many."""


class PriceList(Rates):
    """All that one source states of an offer's prices."""

    usd_per_input_image: UsdPerImage | None = None
    """Each image read, where images are not tokens; missing: they are among the input tokens."""
    tiers: tuple[PriceTier, ...] = ()
    """Dearer prices of long requests, lowest threshold first; empty: none is known."""

    @model_validator(mode="after")
    def _thresholds_ascend(self) -> Self:
        thresholds = [tier.above_input_tokens for tier in self.tiers]
        if thresholds != sorted(set(thresholds)):
            msg = f"tiers need ascending thresholds above_input_tokens, got {thresholds}"
            raise ValueError(msg)
        return self


class Blendable(Protocol):
    """Anything with a price of input and one of output."""

    @property
    def input_usd_per_million_tokens(self) -> float:
        """Input tokens."""

    @property
    def output_usd_per_million_tokens(self) -> float:
        """Output tokens."""


def blended_usd(price: Blendable, input_parts: float) -> float:
    """Return USD per million tokens of a mix with so many input tokens for each output token.

    Example:
        >>> price = PriceList(input_usd_per_million_tokens=30, output_usd_per_million_tokens=60)
        >>> blended_usd(price, 3)
        37.5
    """
    paid = price.input_usd_per_million_tokens * input_parts + price.output_usd_per_million_tokens
    return paid / (input_parts + 1)


class Price(PriceList):
    """A dated price; a new one is appended, the old one stays."""

    since: date
    """First day on which it was seen; of an announced one, the first day on which it is to hold."""
    source: Source
    """Where it was read."""
    seal: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")] | None = None
    """Check on this price and all before it (see `catalog.seals`); missing until it is sealed."""


class SecondOpinion(PriceList):
    """What another maintained price source says of an offer; newest only."""

    source: Source
    """The other source, with the day it was read."""
