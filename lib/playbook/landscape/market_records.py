"""Price of a capability, hosted prices, life dates, and the same weights in two lanes."""

from __future__ import annotations

from datetime import date
from typing import Literal

from playbook.catalog.price_history import Tier
from playbook.provenance import Source
from playbook.records import Record


class PriceStep(Record):
    """A day on which a capability became cheaper."""

    on: date
    """First day on which the price was seen."""
    usd_per_million_tokens: float
    """Price of input and output, blended as its level states."""
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
    index_source: Source | None = None
    """Where its capability comes from; the prices' sources are with the steps."""
    input_parts: float | None = None
    """Input tokens to one output token in the blended prices."""
    blend_source: Source | None = None
    """Where that mix comes from."""
    steps: tuple[PriceStep, ...]
    """Running minimum, oldest first."""
    break_on: date | None
    """Day on which the pace changes most; None where no break is found."""
    fall_per_year: float
    """Factor by which the price falls in a year, over all."""
    fall_per_year_before: float | None
    """The same before the break; None where there is none, or less than a year before it."""
    fall_per_year_after: float | None
    """The same since; None where there is no break, or less than a year since."""
    observed_until: date
    """Last day of the observations."""
    fall_per_year_low: float | None = None
    """Least yearly factor over all, when none or any one model other than the first is left out."""
    fall_per_year_high: float | None = None
    """Greatest likewise."""
    break_earliest: date | None = None
    """Earliest break when none or any one model other than the first is left out."""
    break_latest: date | None = None
    """Latest likewise."""
    fall_before: float | None = None
    """Factor from the first price to that at the break, not per year."""
    fall_after: float | None = None
    """Factor from the price at the break to the last, not per year."""
    cheapest_now: PriceStep | None = None
    """Cheapest offer of the level in the newest copies; dearer than the last step where that is
    gone."""


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
    times: float | None = None
    """Blended price after over that before; None for an exit, and where it was free before."""
    source: Source
    """Where it was seen."""


class HostedSummary(Record):
    """How many hosted offers of open weights became dearer, cheaper, or are gone."""

    offers: int
    """Offers whose price tables were followed for at least half a year."""
    rose: int
    """Those that became dearer at least once."""
    cut: int
    """Those that became cheaper at least once."""
    gone: int
    """Those of hosts that a newer copy of the same table no longer shows."""
    share_rose: float
    """Dearer at least once, as a share of the offers."""
    share_gone: float
    """Gone, as a share of the offers."""
    first_seen: date
    """Day of the oldest observation."""
    observed_until: date
    """Day of the newest."""
    sources: tuple[Source, ...]
    """Price tables of which copies were read."""


class TierPrice(Record):
    """From a day on, the newest model of a rank in a provider's price list, and its price."""

    provider: str
    """Catalog provider."""
    tier: Tier
    """Rank in the price list."""
    on: date
    """First day on which the price was seen."""
    model: str
    """Name in the price table."""
    input_usd_per_million_tokens: float
    """Input tokens."""
    output_usd_per_million_tokens: float
    """Output tokens."""
    source: Source
    """Where it was seen."""
    tier_source: Source
    """Who ranked the models; a judgement."""


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
    """Smallest catalogued GPU that holds the weights in their default precision with a margin;
    None: several are needed, or the size is unknown (see `weights_gib`)."""
    differences: tuple[str, ...]
    """What may differ between both sides: precision, template, context."""
    source: Source
    """Where the weights were read."""
    litellm_ids: tuple[str, ...] = ()
    """Dated ids of the hosted APIs, in the order of `api_options`."""
    developer_runs_api: bool = False
    """Whether the first API is the developer's own."""
    weights_gib: float | None = None
    """Memory of the weights in their default precision, GiB; None where their size is unknown."""
    api_sources: tuple[Source, ...] = ()
    """Where the APIs' prices and contexts were read."""
