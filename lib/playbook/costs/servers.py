"""What a GPU-hour costs in a place: rented at a quoted price, or bought and run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playbook.catalog import Gpu, GpuOffer
from playbook.costs.scenarios import Scenarios
from playbook.provenance import Provenance
from playbook.uncertainty import Samples
from playbook.units import HOURS_PER_MONTH

PURCHASE = "purchase_usd_per_gpu_"
HOURS_PER_YEAR = HOURS_PER_MONTH * 12
W_PER_KW = 1_000


@dataclass(frozen=True)
class Servers:
    """GPUs of one kind that can be had in a place."""

    gpu: Gpu
    """The GPU."""
    usd_per_gpu_hour: Samples
    """Price or full cost of one GPU for an hour."""
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


def servers_in(scenarios: Scenarios, place: str) -> tuple[Servers, ...]:
    """Return what GPUs can be had in a catalog place, rented or bought as the place says.

    Of rented GPUs of one kind that are sold in the same numbers only the cheapest is returned.
    """
    if scenarios.catalog.place(place).owned:
        return tuple(_bought(scenarios, place))
    offers = [offer for offer in scenarios.catalog.gpu_offers if offer.place == place]
    offers.sort(key=lambda offer: -offer.on_demand_usd_per_gpu_hour)
    kept = {(offer.gpu, offer.gpus_per_instance): offer for offer in offers}
    return tuple(_rented(scenarios, offer) for offer in kept.values())


def owned_usd_per_gpu_hour(  # noqa: PLR0913  each is one line of the bill
    *,
    purchase_usd: Samples,
    life_years: Samples,
    residual_share: Samples,
    capital_share_per_year: Samples,
    power_kw: Samples,
    power_usage_effectiveness: Samples,
    usd_per_kwh: Samples,
    colocation_usd_per_kw_month: Samples,
) -> Samples:
    """Return the cost of a bought GPU for each hour that it stands there, busy or not.

    Write-off to the residual value, capital that is tied up, electricity with the data centre's
    share, and floor space by power.

    Args:
        purchase_usd: Purchase of one GPU with its share of node and network.
        life_years: Years of use.
        residual_share: Share of the purchase price left at the end.
        capital_share_per_year: Cost of capital, share of the purchase price a year.
        power_kw: Mean draw of one GPU with its share of the host.
        power_usage_effectiveness: Power of the data centre over that of its servers.
        usd_per_kwh: Electricity.
        colocation_usd_per_kw_month: Floor space and cooling plant.
    """
    write_off = purchase_usd * (1 - residual_share) / life_years / HOURS_PER_YEAR
    capital = purchase_usd * capital_share_per_year / HOURS_PER_YEAR
    power = power_kw * power_usage_effectiveness * usd_per_kwh
    floor = power_kw * colocation_usd_per_kw_month / HOURS_PER_MONTH
    return write_off + capital + power + floor


def _rented(scenarios: Scenarios, offer: GpuOffer) -> Servers:
    discount = scenarios.answer(
        "infrastructure.gpu_discount", scenarios.profile.infrastructure.gpu_discount, unit="share"
    )
    return Servers(
        gpu=scenarios.catalog.gpu(offer.gpu),
        usd_per_gpu_hour=offer.on_demand_usd_per_gpu_hour * (1 - discount),
        gpus_per_instance=offer.gpus_per_instance,
        provider=offer.provider,
        region=offer.region,
        provenance=offer.source.provenance,
        citation=f"{offer.instance}: {offer.source.cite()}",
    )


def _bought(scenarios: Scenarios, place: str) -> Iterator[Servers]:
    prices = {one.id: one for one in scenarios.catalog.assumptions if one.id.startswith(PURCHASE)}
    for gpu in scenarios.catalog.gpus:
        price = prices.get(PURCHASE + gpu.id)
        if price is None:
            continue
        power_w = gpu.tdp_w * scenarios.assumption("gpu_power_share_of_tdp")
        host_kw = scenarios.assumption("host_power_kw_per_gpu")
        yield Servers(
            gpu=gpu,
            usd_per_gpu_hour=owned_usd_per_gpu_hour(
                purchase_usd=scenarios.assumption(price.id),
                life_years=scenarios.assumption("hardware_life_years"),
                residual_share=scenarios.assumption("residual_share"),
                capital_share_per_year=scenarios.assumption("capital_cost_share_per_year"),
                power_kw=power_w / W_PER_KW + host_kw,
                power_usage_effectiveness=scenarios.assumption("power_usage_effectiveness"),
                usd_per_kwh=scenarios.assumption("power_usd_per_kwh"),
                colocation_usd_per_kw_month=scenarios.assumption("colocation_usd_per_kw_month"),
            ),
            gpus_per_instance=1,
            provider="bought",
            region=place,
            provenance=price.source.provenance,
            citation=price.source.cite(),
        )
