"""What other maintained sources state differently of the catalogued offers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from playbook.catalog.acknowledgements import Finding
from playbook.catalog.catalog import Catalog
from playbook.catalog.opinions import NUMBERS, PriceDifference, differences
from playbook.catalog.prices import MapEntry, litellm_facts, litellm_version
from playbook.catalog.pricing import Price
from playbook.catalog.references import name_of
from playbook.catalog.schema import ApiOffer
from playbook.errors import CatalogError
from playbook.records import Record


class Disagreement(Record):
    """One thing that another source states differently of an offer."""

    offer: str
    """Id of the option, `<model>@<provider>`."""
    field: str
    """Field of the price (of a tier with its threshold before it), `retires`, `context_tokens`."""
    catalogued: str
    """What the catalog says."""
    stated: str
    """What the other source says."""
    by: str
    """The other source."""

    def finding(self) -> Finding:
        """Return it as a finding; all sources that contradict one field share an id."""
        said = f"{self.field} is {self.catalogued} here, {self.stated} by {self.by}"
        return Finding(
            id=f"disagreement:{self.offer}:{self.field}",
            kind="disagreement",
            text=f"{self.offer}: {said}",
        )


def disagreements(catalog: Catalog, *, as_of: date) -> tuple[Disagreement, ...]:
    """Return what the second opinions and litellm's map state differently, by more than 1%.

    What was read in litellm's own map and only one side states is a disagreement too: the map has
    moved. Of other sources only what both state is compared.

    Args:
        catalog: The facts.
        as_of: Day whose prices are compared.
    """
    by = f"litellm {litellm_version()}"
    return tuple(
        one for offer in catalog.api_offers for one in _of(offer, catalog.price(offer, as_of), by)
    )


def unknown_to_litellm(catalog: Catalog) -> Iterator[Finding]:
    """Yield a finding for each offer that the installed litellm has no price for, or can't read."""
    for offer in catalog.api_offers:
        try:
            known, why = litellm_facts(offer.litellm_id) is not None, "does not know it"
        except CatalogError as error:
            known, why = False, "; ".join(error.problems)
        if not known:
            said = f"litellm {litellm_version() or '(not installed)'}: {why}"
            yield Finding(
                id=f"doubt:{name_of(offer)}:litellm",
                kind="doubt",
                text=f"API offer {offer.litellm_id}: no price to compare with, {said}",
            )


def _of(offer: ApiOffer, price: Price, litellm: str) -> Iterator[Disagreement]:
    name = name_of(offer)
    newest = price.since == max(one.since for one in offer.prices)
    for opinion in offer.second_opinions if newest else ():
        for one in differences(price, opinion):
            yield _different(name, one, opinion.source.title)
    try:
        facts = litellm_facts(offer.litellm_id, regional=offer.regional_endpoint)
    except CatalogError:  # a finding of its own
        return
    if facts is not None:
        yield from _of_litellm(offer, price, facts, litellm)


def _of_litellm(offer: ApiOffer, price: Price, facts: MapEntry, by: str) -> Iterator[Disagreement]:
    name = name_of(offer)
    if facts.prices is not None:
        for one in differences(price, facts.prices):
            yield _different(name, one, by)
    if price.source.kind == "package" and price not in offer.announced:
        for field in NUMBERS:
            ours, theirs = getattr(price, field), getattr(facts.prices, field, None)
            if (ours is None) is not (theirs is None):
                yield Disagreement(
                    offer=name, field=field, catalogued=f"{ours}", stated=f"{theirs}", by=by
                )
    read_there = offer.source is None or offer.source.kind == "package"
    for field in ("retires", "context_tokens"):
        ours, theirs = getattr(offer, field), getattr(facts, field)
        if ours != theirs and (theirs is not None or read_there):
            yield Disagreement(
                offer=name, field=field, catalogued=f"{ours}", stated=f"{theirs}", by=by
            )


def _different(name: str, one: PriceDifference, by: str) -> Disagreement:
    return Disagreement(
        offer=name, field=one.field, catalogued=f"{one.quoted:g}", stated=f"{one.stated:g}", by=by
    )
