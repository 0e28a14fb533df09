"""What the landscape stage says: which models are in the race, and why others are not."""

from __future__ import annotations

from datetime import date
from typing import Literal

from playbook.catalog.licences import LicenceRow
from playbook.catalog.options import Changeable
from playbook.landscape.claim_records import ClaimFinding, Figure
from playbook.landscape.gap_records import Gap
from playbook.landscape.licences import CitedClause
from playbook.landscape.market_records import (
    CapabilityPrice,
    HostedChange,
    HostedSummary,
    ParityPair,
    RetirementDue,
)
from playbook.provenance import Source
from playbook.records import Record
from playbook.vocabulary import Lane


class Reason(Record):
    """Why a model or option is in, out or in doubt."""

    rule: Literal[
        "candidates", "context", "modality", "licence", "life_date", "price", "architecture",
        "demonstration",
    ]  # fmt: skip
    """What was tested."""
    result: Literal["pass", "fail", "unknown"]
    """How it came out."""
    because: str
    """The figures or the clause, in words."""
    citation: str = ""
    """Source and date of the fact."""
    clauses: tuple[CitedClause, ...] = ()
    """Of a licence: the clauses that decide, each with its section."""
    duties: tuple[CitedClause, ...] = ()
    """Of a licence: what the team must do, show or watch."""


class OptionInRace(Record):
    """One option of a model with the outcome of each test; its own state, as lanes differ."""

    option: str
    """Option id."""
    title: str = ""
    """Model and place in words."""
    lane: Lane
    """Lane."""
    state: Literal["in", "out", "in_doubt"]
    """in: all tests pass; out: one fails; in_doubt: one is unknown and none fails."""
    reasons: tuple[Reason, ...]
    """All tests, failed ones first."""
    retires: date | None
    """Announced end of the offer; None when none is announced, and for own servers."""
    can_change: Changeable | None = None
    """What the team can change of the model there."""
    change_source: Source | None = None
    """Where the provider's offer to tune was read; None for own servers."""


class SecondPrice(Record):
    """An offer of which a second source states another input or output price."""

    option: str
    """Option id."""
    title: str
    """Model and place in words."""
    input_usd_per_million_tokens: float
    """Input price as catalogued."""
    output_usd_per_million_tokens: float
    """Output price as catalogued."""
    second_input_usd_per_million_tokens: float | None
    """Input price by the second source; None where it states none."""
    second_output_usd_per_million_tokens: float | None
    """Output price likewise."""
    source: Source
    """Source of the catalogued price."""
    second_source: Source
    """The second source."""


class ModelInRace(Record):
    """One model with the outcome of each test, at the best of its options."""

    model: str
    """Catalog model."""
    title: str
    """Name."""
    family: str
    """Family."""
    developer: str
    """Developer."""
    open_weights: bool
    """Whether the weights are open."""
    state: Literal["in", "out", "in_doubt"]
    """in: all tests pass; out: one fails; in_doubt: one is unknown and none fails."""
    reasons: tuple[Reason, ...]
    """All tests, failed ones first."""
    lanes: tuple[Lane, ...]
    """Lanes in which it can be had."""
    options: tuple[str, ...]
    """Ids of its options that no test ruled out, so still on offer at `as_of`."""
    findings: tuple[OptionInRace, ...] = ()
    """Each of its options with its own state and reasons; lanes can differ."""
    context_tokens: int | None
    """Longest context."""
    released: date | None
    """Release date."""
    retires: date | None
    """Announced retirement of its own API."""
    months_left: float | None
    """Months from `as_of` until the announced retirement; None when none is announced."""
    successor: str | None
    """Named successor."""
    capability_index: float | None
    """Pooled capability (logit scale), where fitted."""
    lowest_input_usd_per_million_tokens: float | None
    """Cheapest quoted input price."""
    lowest_output_usd_per_million_tokens: float | None
    """Output price of that same offer."""
    lowest_price_option: str = ""
    """Id of that offer."""
    second_prices: tuple[SecondPrice, ...] = ()
    """Every offer left to the team of which a second source differs by more than 1%."""
    developer_jurisdiction: tuple[str, ...] = ()
    """Country of the developer and its parent."""
    licence: str = ""
    """Catalog licence."""
    sources: tuple[Source, ...] = ()
    """Sources of the facts above: model, capability, price, second price."""


class LicenceTerms(Record):
    """A licence clause by clause, in our own words."""

    licence: str
    """Catalog licence."""
    title: str
    """Its name."""
    models: tuple[str, ...]
    """Catalog models that carry it."""
    rows: tuple[LicenceRow, ...]
    """Each clause, and each kind of clause that is absent or was not read."""
    source: Source
    """Text of the licence."""


class Landscape(Record):
    """All models of the catalogue against one profile."""

    as_of: date
    """Day for which it holds."""
    models: tuple[ModelInRace, ...]
    """Every model, those in the race first."""
    oldest_fact: date
    """Date of the oldest fact used."""
    gap: Gap | None = None
    """How far open weights are behind, with frontiers; None without boards."""
    capability_prices: tuple[CapabilityPrice, ...] = ()
    """Price of a fixed capability over time, by level."""
    price_outlook: Figure | None = None
    """Yearly fall of the price of a fixed capability to plan with; never that of a model id."""
    hosted_changes: tuple[HostedChange, ...] = ()
    """Hosted open weights that became dearer, cheaper or are gone, newest first."""
    hosted_summary: HostedSummary | None = None
    """How many hosted offers of open weights became dearer, cheaper, or are gone."""
    calendar: tuple[RetirementDue, ...] = ()
    """Ends of offers and models: those to come, soonest first; then those past, latest first."""
    parity_pairs: tuple[ParityPair, ...] = ()
    """The same weights by API and on own servers."""
    licences: tuple[LicenceTerms, ...] = ()
    """The licences of the models, those of models in the race first."""
    claims: tuple[ClaimFinding, ...] = ()
    """Claims about the world, checked against the facts."""
    not_considered: tuple[str, ...]
    """What this stage leaves out so far."""
