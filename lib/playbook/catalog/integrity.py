"""Are the facts whole, sourced, plausible, fresh, and agreed on? What `playbook facts` shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from playbook.catalog.ageing import (
    Retirement,
    StaleSource,
    retirements,
    sources_in,
    stale_sources,
)
from playbook.catalog.catalog import Catalog
from playbook.catalog.opinions import differs
from playbook.catalog.prices import PRICE_FIELDS, litellm_entry, litellm_version, price_from_litellm
from playbook.catalog.references import reference_problems
from playbook.catalog.schema import ApiOffer
from playbook.errors import CatalogError
from playbook.records import Record

MONTHS_AHEAD = 12
HIGHEST_USD_PER_MILLION_TOKENS = 200
HIGHEST_USD_PER_GPU_HOUR = 20
LARGEST_OUTPUT_TO_INPUT_RATIO = 12
"""Beyond these a price is more likely a slip of a unit than a price."""


class Disagreement(Record):
    """Two sources that state different things of one offer."""

    offer: str
    """Id of the option, `<model>@<provider>`."""
    field: str
    """Field of the price, `retires` or `context_tokens`."""
    catalogued: str
    """What the catalog says."""
    litellm: str
    """What litellm's bundled price file says."""


class FactsReport(Record):
    """All that is wrong with, doubtful about, or about to happen to the facts."""

    as_of: date
    """Day of the check."""
    errors: tuple[str, ...]
    """Facts that must be mended before anything may rest on them."""
    warnings: tuple[str, ...]
    """What a reader should know; each line stands alone."""
    stale: tuple[StaleSource, ...]
    """Sources past their time, oldest first."""
    disagreements: tuple[Disagreement, ...]
    """Prices and dates that litellm's file states differently."""
    retirements: tuple[Retirement, ...]
    """Offers that end within a year, soonest first."""


def check_facts(catalog: Catalog, *, as_of: date) -> FactsReport:
    """Return what is wrong with the facts on a day; nothing is raised for bad facts.

    Args:
        catalog: The facts.
        as_of: Day of the check, in which no fact may lie in the future.
    """
    disagreements, unmatched = _compared_with_litellm(catalog, as_of)
    stale = stale_sources(catalog, as_of=as_of)
    ending = retirements(catalog, as_of=as_of, within_months=MONTHS_AHEAD)
    errors = (
        *reference_problems(catalog),
        *_dates_to_come(catalog, as_of),
        *_implausible(catalog),
        *unmatched,
    )
    return FactsReport(
        as_of=as_of,
        errors=errors,
        warnings=tuple(_warnings(catalog, disagreements, stale, ending)),
        stale=stale,
        disagreements=disagreements,
        retirements=ending,
    )


def _dates_to_come(catalog: Catalog, as_of: date) -> Iterator[str]:
    for source in dict.fromkeys(sources_in(catalog)):
        if source.as_of > as_of:
            yield f"source {source.cite()} is dated in the future"
    for model in catalog.models:
        if model.released and model.released > as_of:
            yield f"model {model.id}: its release {model.released} is in the future"
    for offer in catalog.api_offers:
        for price in offer.prices:
            if price.since > as_of:
                yield f"API offer {offer.litellm_id}: a price of {price.since} is in the future"


def _implausible(catalog: Catalog) -> Iterator[str]:
    for offer in catalog.api_offers:
        for price in offer.prices:
            low, high = price.input_usd_per_million_tokens, price.output_usd_per_million_tokens
            if max(low, high) > HIGHEST_USD_PER_MILLION_TOKENS or low <= 0:
                yield f"API offer {offer.litellm_id}: {low}/{high} USD per million is implausible"
            elif high > low * LARGEST_OUTPUT_TO_INPUT_RATIO:
                yield f"API offer {offer.litellm_id}: output at {high} against input at {low}"
            cached = price.cached_input_usd_per_million_tokens
            if cached is not None and cached > low:
                yield f"API offer {offer.litellm_id}: cached input dearer than input"
    for rented in catalog.gpu_offers:
        if not 0 < rented.on_demand_usd_per_gpu_hour <= HIGHEST_USD_PER_GPU_HOUR:
            yield f"GPU offer {rented.instance}: {rented.on_demand_usd_per_gpu_hour} USD an hour"


def _compared_with_litellm(
    catalog: Catalog, as_of: date
) -> tuple[tuple[Disagreement, ...], tuple[str, ...]]:
    """Return disagreements, and errors for ids that the installed litellm does not know."""
    found: list[Disagreement] = []
    unmatched: list[str] = []
    for offer in catalog.api_offers:
        if offer.litellm_id.endswith("-latest"):
            unmatched.append(f"API offer {offer.litellm_id}: an alias that moves; use a dated id")
        try:
            entry = litellm_entry(offer.litellm_id)
        except CatalogError as error:
            return (), (str(error),)
        if entry is None:
            known = f"litellm {litellm_version()} does not know it"
            unmatched.append(f"API offer {offer.litellm_id}: {known}")
        else:
            found.extend(_disagreements(catalog, offer, as_of))
    return tuple(found), tuple(unmatched)


def _disagreements(catalog: Catalog, offer: ApiOffer, as_of: date) -> Iterator[Disagreement]:
    name = f"{offer.model}@{offer.provider}"
    entry = litellm_entry(offer.litellm_id) or {}
    theirs = price_from_litellm(offer.litellm_id, as_of=as_of)
    ours = catalog.price(offer, as_of)
    for field in PRICE_FIELDS:
        mine, other = getattr(ours, field), getattr(theirs, field, None)
        if _differ(mine, other):
            yield Disagreement(offer=name, field=field, catalogued=f"{mine}", litellm=f"{other}")
    for field, key in (("retires", "deprecation_date"), ("context_tokens", "max_input_tokens")):
        mine, other = getattr(offer, field), entry.get(key) or None
        if str(mine) != str(other):
            yield Disagreement(offer=name, field=field, catalogued=f"{mine}", litellm=f"{other}")


def _differ(mine: float | None, other: float | None) -> bool:
    if mine is None or other is None:
        return mine is not other
    return differs(mine, other)


def _warnings(
    catalog: Catalog,
    disagreements: tuple[Disagreement, ...],
    stale: tuple[StaleSource, ...],
    ending: tuple[Retirement, ...],
) -> Iterator[str]:
    for one in disagreements:
        yield f"{one.offer}: {one.field} is {one.catalogued} here, {one.litellm} in litellm"
    for old in stale:
        facts = f"{old.facts} fact{'' if old.facts == 1 else 's'}"
        yield f"{old.days_old} days old, under {facts}: {old.source.cite()}"
    for end in ending:
        named = f"; its developer names {end.successor}" if end.successor else ""
        yield f"{end.what} ends on {end.on}, in {end.months_left:.1f} months{named}"
    unread = [licence.id for licence in catalog.licences if licence.commercial_use is None]
    doubtful = [model.id for model in catalog.models if model.licence in unread]
    if doubtful:
        yield f"licence not verified, so in doubt: {', '.join(doubtful)}"
