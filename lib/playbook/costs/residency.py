"""Which rented GPUs stand where a team's data may be processed, by the region of each offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbook.catalog import Catalog, GpuOffer
from playbook.profile import Profile

NETWORK, REGIONS = "data.must_stay_in_own_network", "data.allowed_regions"
OWN_PREMISES = ("on_prem", "air_gapped")


@dataclass(frozen=True)
class Allowed:
    """Offers in a place that a team may use."""

    offers: tuple[GpuOffer, ...]
    """Those shown to be inside."""
    because: str
    """Why there is none; empty where there are some."""
    barred: tuple[GpuOffer, ...] = ()
    """Those that the rules on regions leave out, where they leave none."""
    rules: tuple[str, ...] = ()
    """Fields of the profile that leave them out."""


def allowed_offers(catalog: Catalog, profile: Profile, place: str) -> Allowed:
    """Return the GPU offers of a rented place that the team's own rules on regions leave.

    An offer counts by its country; where that is unknown, by the regions of its place. What is not
    shown to be inside is left out: unknown is never read as allowed.

    Args:
        catalog: Facts.
        profile: Its `data.allowed_regions` and `data.must_stay_in_own_network` are read.
        place: Catalog place.
    """
    offers = tuple(offer for offer in catalog.gpu_offers if offer.place == place)
    if not offers:
        return Allowed((), f"the catalog has no GPU offer for {place}")
    own = catalog.place(place).perimeter in OWN_PREMISES
    allowed, rules, because = profile.data.allowed_regions, [], ""
    kept = offers
    if allowed is not None:
        kept = tuple(one for one in offers if _shown_inside(one, catalog, allowed))
    if allowed is not None and not kept:
        rules, because = [REGIONS], _why_none(offers, place, allowed)
    if profile.data.must_stay_in_own_network and not own:
        rules, because = [NETWORK, *rules], f"{place} is outside the own network ({NETWORK})"
    if rules:
        return Allowed((), because, barred=kept or offers, rules=tuple(rules))
    return Allowed(kept, "")


def _shown_inside(offer: GpuOffer, catalog: Catalog, allowed: Sequence[str]) -> bool:
    regions = (offer.country,) if offer.country else catalog.place(offer.place).processing_regions
    members = _members(catalog)
    return bool(regions) and all(
        any(_inside(region, area, members) for area in allowed) for region in regions
    )


def _inside(code: str, area: str, members: Mapping[str, frozenset[str]]) -> bool:
    """Return whether a country or area lies in an allowed one: itself or a member of it."""
    return code == area or code in members.get(area, frozenset())


def _members(catalog: Catalog) -> dict[str, frozenset[str]]:
    return {area.id: frozenset(area.members) for regime in catalog.regimes for area in regime.areas}


def _why_none(offers: Sequence[GpuOffer], place: str, allowed: Sequence[str]) -> str:
    seen = sorted({one.country or f"unknown ({one.region})" for one in offers})
    return (
        f"no GPU offer in {place} is shown to be in data.allowed_regions "
        f"({', '.join(allowed) or 'none'}): they stand in {', '.join(seen)}"
    )
