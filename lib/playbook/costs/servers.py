"""What a GPU-hour costs in a place: rented at a mix of prices, or bought and run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from playbook.catalog import Assumption, Gpu, GpuOffer
from playbook.costs.owned import owned_usd_per_gpu_hour
from playbook.costs.purchase import Mix, purchase_mix, spot_usd_per_gpu_hour
from playbook.costs.residency import allowed_offers
from playbook.costs.scenarios import Scenarios
from playbook.provenance import Provenance, weakest
from playbook.uncertainty import Samples

__all__ = ["NODE", "PURCHASE", "Found", "Servers", "owned_usd_per_gpu_hour", "servers_in"]
PURCHASE = "purchase_usd_per_gpu_"
NODE = "gpus_per_bought_node_"
W_PER_KW = 1_000


@dataclass(frozen=True)
class Servers:
    """GPUs of one kind that can be had in a place."""

    gpu: Gpu
    """The GPU."""
    usd_per_gpu_hour: Samples
    """Mean price or full cost of one GPU for an hour in which all are paid."""
    kept_usd_per_gpu_hour: Samples
    """The part of it that is paid at all hours: reserved, or bought."""
    gpus_per_instance: int
    """Smallest number sold together."""
    provider: str
    """Who rents or sells them."""
    region: str
    """Region as the provider names it."""
    provenance: Provenance
    """How the price was got."""
    citation: str
    """Where it was read."""
    list_usd_per_gpu_hour: float | None
    """On-demand price of the offer; None for bought ones."""
    purchase: str
    """How they are bought, in words."""
    likely_share_kept: float
    """Share of GPUs that are paid at all hours, likely."""

    @property
    def owned(self) -> bool:
        """Return whether they are bought and not rented."""
        return self.list_usd_per_gpu_hour is None


@dataclass(frozen=True)
class Found:
    """Servers to be had in a place, or why there are none."""

    servers: tuple[Servers, ...]
    """Each kind in each number sold together."""
    because: str = ""
    """Why there are none; empty where there are some."""
    rules: tuple[str, ...] = ()
    """Fields of the profile that leave out what there is."""


def servers_in(scenarios: Scenarios, place: str, *, barred: bool = False) -> Found:
    """Return what GPUs a team can have in a catalog place, rented or bought as the place says.

    Of rented GPUs of one kind that are sold in the same numbers only the cheapest is returned, of
    those in regions that the team allows.

    Args:
        scenarios: Profile, facts and draws.
        place: Catalog place.
        barred: Whether to return those that the team's rules on regions leave out instead.
    """
    if scenarios.catalog.place(place).owned:
        bought = tuple(_bought(scenarios, place))
        return Found(bought, "" if bought else "the catalog has no purchase price of a GPU")
    allowed = allowed_offers(scenarios.catalog, scenarios.profile, place)
    offers = allowed.barred if barred else allowed.offers
    ordered = sorted(offers, key=lambda offer: -offer.on_demand_usd_per_gpu_hour)
    kept = {(offer.gpu, offer.gpus_per_instance): offer for offer in ordered}
    mix = purchase_mix(scenarios)
    rented = (_rented(scenarios, offer, offers, mix=mix) for offer in kept.values())
    return Found(tuple(rented), allowed.because, allowed.rules)


def _rented(
    scenarios: Scenarios, offer: GpuOffer, others: tuple[GpuOffer, ...], *, mix: Mix
) -> Servers:
    """Return one offer at the mix of prices; a share on spot needs a spot price seen here."""
    listed = offer.on_demand_usd_per_gpu_hour
    kept = mix.reserved * listed * (1 - mix.discount)
    spot_usd, words, sources = np.full_like(mix.spot, listed), mix.words, [offer.source]
    if float(mix.spot.max()) > 0:
        same = [one for one in others if one.gpu == offer.gpu]
        seen = spot_usd_per_gpu_hour(scenarios, same)
        if seen is None:
            words += " (no spot price was seen here: that share is on demand)"
        else:
            spot_usd = np.minimum(seen, listed) * (1 + mix.overhead)
            sources += [one.source for one in same if one.spot_usd_per_gpu_hour is not None]
    return Servers(
        gpu=scenarios.catalog.gpu(offer.gpu),
        usd_per_gpu_hour=kept + mix.on_demand * listed + mix.spot * spot_usd,
        kept_usd_per_gpu_hour=kept,
        gpus_per_instance=offer.gpus_per_instance,
        provider=offer.provider,
        region=offer.region,
        provenance=weakest([source.provenance for source in sources]),
        citation=f"{offer.instance}: {offer.source.cite()}",
        list_usd_per_gpu_hour=listed,
        purchase=words,
        likely_share_kept=float(mix.reserved[0]),
    )


def _bought(scenarios: Scenarios, place: str) -> Iterator[Servers]:
    known = {one.id: one for one in scenarios.catalog.assumptions}
    for gpu in scenarios.catalog.gpus:
        price = known.get(PURCHASE + gpu.id)
        if price is None:
            continue
        node = known.get(NODE + gpu.id)
        together = round(node.value.likely) if node else 1
        hourly = _usd_per_owned_hour(scenarios, gpu, price)
        yield Servers(
            gpu=gpu,
            usd_per_gpu_hour=hourly,
            kept_usd_per_gpu_hour=hourly,
            gpus_per_instance=together,
            provider="bought",
            region=place,
            provenance=price.source.provenance,
            citation=price.source.cite(),
            list_usd_per_gpu_hour=None,
            purchase="bought" + (f" by the node of {together} GPUs" if together > 1 else ""),
            likely_share_kept=1.0,
        )


def _usd_per_owned_hour(scenarios: Scenarios, gpu: Gpu, price: Assumption) -> Samples:
    host_kw = scenarios.assumption("host_power_kw_per_gpu")
    full_kw = gpu.tdp_w / W_PER_KW
    return owned_usd_per_gpu_hour(
        purchase_usd=scenarios.assumption(price.id),
        life_years=scenarios.assumption("hardware_life_years"),
        residual_share=scenarios.assumption("residual_share"),
        capital_share_per_year=scenarios.assumption("capital_cost_share_per_year"),
        power_kw=full_kw * scenarios.assumption("gpu_power_share_of_tdp") + host_kw,
        power_usage_effectiveness=scenarios.assumption("power_usage_effectiveness"),
        usd_per_kwh=scenarios.assumption("power_usd_per_kwh"),
        colocation_usd_per_kw_month=scenarios.assumption("colocation_usd_per_kw_month"),
        provisioned_kw=full_kw + host_kw,
        spare_share=scenarios.assumption("servers.spare_share"),
        support_share_per_year=scenarios.assumption("servers.support_share_per_year"),
    )
