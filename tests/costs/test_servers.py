import numpy as np
import pytest

from playbook.costs.scenarios import Scenarios
from playbook.costs.servers import owned_usd_per_gpu_hour, servers_in
from playbook.provenance import Provenance
from tests.costs.builders import (
    SOURCE,
    a_catalog,
    a_gpu,
    a_gpu_offer,
    a_profile,
    an_rng,
    some_assumptions,
)


def scenarios(discount: float = 0.0, **catalog: object) -> Scenarios:
    profile = a_profile(infrastructure={"gpu_discount": discount})
    return Scenarios(profile, a_catalog(**catalog), rng=an_rng(), draws=4)


def owned(**changed: float) -> float:
    values = {
        "purchase_usd": 37_500,
        "life_years": 4,
        "residual_share": 0.15,
        "capital_share_per_year": 0.08,
        "power_kw": 0.7 + 0.45,
        "power_usage_effectiveness": 1.4,
        "usd_per_kwh": 0.12,
        "colocation_usd_per_kw_month": 0,
    }
    samples = {name: np.array([float(value)]) for name, value in {**values, **changed}.items()}
    return float(owned_usd_per_gpu_hour(**samples)[0])


def test_an_hour_of_a_bought_h100_by_hand() -> None:
    """37,500 USD with its node share, 4 years, 15% residual, 8% capital, 0.12 USD/kWh.

    Write-off 37,500 x 0.85 / 4 / 8,766 h = 0.909; capital 37,500 x 0.08 / 8,766 = 0.342; power
    1.15 x 1.4 x 0.12 = 0.193: 1.44 USD an hour, busy or not.
    """
    assert owned() == pytest.approx(1.444, abs=0.001)


def test_floor_space_is_paid_by_power() -> None:
    """1.15 kW x 150 USD / 730.5 h = 0.236 USD an hour."""
    assert owned(colocation_usd_per_kw_month=150) - owned() == pytest.approx(0.236, abs=0.001)


def test_bought_servers_come_from_the_assumptions() -> None:
    found = servers_in(scenarios(), "own_network")

    assert [one.gpu.id for one in found] == ["h100"]
    assert found[0].usd_per_gpu_hour == pytest.approx(1.444, abs=0.001)


def test_gpu_without_a_purchase_price_cannot_be_bought() -> None:
    catalog = {"gpus": (a_gpu(), a_gpu(id="l4"))}

    assert [one.gpu.id for one in servers_in(scenarios(**catalog), "own_network")] == ["h100"]


def test_discount_lowers_the_rent_only() -> None:
    discounted = scenarios(discount=0.3)

    assert servers_in(discounted, "rented_eu")[0].usd_per_gpu_hour == pytest.approx(1.4)
    assert servers_in(discounted, "own_network")[0].usd_per_gpu_hour == pytest.approx(
        1.444, abs=1e-3
    )


def test_of_equal_offers_the_cheapest_is_kept() -> None:
    offers = (
        a_gpu_offer(on_demand_usd_per_gpu_hour=3.0, provider="dear"),
        a_gpu_offer(on_demand_usd_per_gpu_hour=2.0, provider="cheap"),
        a_gpu_offer(on_demand_usd_per_gpu_hour=2.5, provider="middle"),
        a_gpu_offer(on_demand_usd_per_gpu_hour=1.5, provider="by eight", gpus_per_instance=8),
    )

    found = servers_in(scenarios(gpu_offers=offers), "rented_eu")

    assert {one.provider for one in found} == {"cheap", "by eight"}


def test_price_carries_its_source() -> None:
    rented = servers_in(scenarios(), "rented_eu")[0]
    assumed = SOURCE.model_copy(update={"kind": "assumption"})
    prices = tuple(one.changed(source=assumed) for one in some_assumptions())
    bought = servers_in(scenarios(assumptions=prices), "own_network")[0]

    assert rented.provenance is Provenance.QUOTED
    assert rented.citation == "h100-x1: a price list, example.org (2026-11-01)"
    assert bought.provenance is Provenance.ASSUMED
