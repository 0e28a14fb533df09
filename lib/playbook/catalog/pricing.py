"""Dated prices of an API offer, and what a second source says of them."""

from __future__ import annotations

from datetime import date

from playbook.provenance import Source
from playbook.records import Record
from playbook.units import UsdPerMillionTokens


class Price(Record):
    """A dated price; a new one is appended, the old one stays."""

    since: date
    """First day on which it was seen."""
    input_usd_per_million_tokens: UsdPerMillionTokens
    """Input tokens."""
    output_usd_per_million_tokens: UsdPerMillionTokens
    """Output tokens."""
    cached_input_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Input tokens read from the provider's prompt cache; missing means no such price."""
    batch_input_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Input tokens of the batch service."""
    batch_output_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Output tokens of the batch service."""
    source: Source
    """Where it was read."""


class SecondOpinion(Record):
    """What another maintained price source says of an offer; newest only."""

    input_usd_per_million_tokens: UsdPerMillionTokens
    """Input tokens."""
    output_usd_per_million_tokens: UsdPerMillionTokens
    """Output tokens."""
    source: Source
    """The other source, with the day it was read."""
