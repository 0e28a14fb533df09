import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playbook.catalog import GpuOffer
from playbook.costs.scenarios import Scenarios
from playbook.costs.servers import Servers, owned_usd_per_gpu_hour, servers_in
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


def annuity_usd_per_hour(price: float, residual: float, rate: float, years: int) -> float:
    """Return equal monthly payments that pay a price back with interest, less what is left."""
    months, monthly = 12 * years, rate / 12
    left = price * residual / (1 + monthly) ** months
    payment = (price - left) * monthly / (1 - (1 + monthly) ** -months)
    return payment / 730.5


def test_an_hour_of_a_bought_h100_by_hand() -> None:
    """37,500 USD with its node share, 4 years, 15% residual, 8% capital, 0.12 USD/kWh.

    Write-off 37,500 x 0.85 / 4 / 8,766 h = 0.909; capital on the mean book value
    37,500 x (1 + 0.15) / 2 x 0.08 / 8,766 = 0.197; power 1.15 x 1.4 x 0.12 = 0.193: 1.299 USD an
    hour, busy or not.
    """
    assert owned() == pytest.approx(1.299, abs=0.001)


def test_capital_on_the_full_price_for_the_whole_life_would_give_1_44_usd() -> None:
    """A worked example in circulation: 0.909 + 37,500 x 0.08 / 8,766 + 0.193 = 1.444 USD.

    It charges 0.342 USD for capital, as if nothing of the price were ever written off. On the book
    value that remains it is (1 + 0.15) / 2 = 57.5% of that, 0.197 USD: the difference is 0.145 USD.
    """
    in_circulation = 37_500 * 0.85 / 4 / 8_766 + 37_500 * 0.08 / 8_766 + 1.15 * 1.4 * 0.12

    assert in_circulation == pytest.approx(1.444, abs=0.001)
    assert in_circulation - owned() == pytest.approx(0.342 * (1 - 0.575), abs=0.001)


@given(st.floats(0, 0.4), st.floats(0.02, 0.12), st.integers(2, 5))
def test_write_off_and_capital_are_within_3_percent_of_the_annuity(
    residual: float, rate: float, years: int
) -> None:
    """The annuity is exact; interest on the mean book value is its first-order form."""
    by_book_value = owned(
        residual_share=residual, capital_share_per_year=rate, life_years=years, power_kw=0
    )

    exact = annuity_usd_per_hour(37_500, residual, rate, years)

    assert by_book_value == pytest.approx(exact, rel=0.03)


def test_floor_space_is_paid_by_the_power_that_must_be_provided() -> None:
    """1.15 kW x 150 USD / 730.5 h = 0.236 USD an hour; at half load the floor costs the same."""
    assert owned(colocation_usd_per_kw_month=150) - owned() == pytest.approx(0.236, abs=0.001)
    full, half = (
        owned(colocation_usd_per_kw_month=150, power_kw=kw, provisioned_kw=1.15, usd_per_kwh=0)
        for kw in (1.15, 0.575)
    )
    assert half == pytest.approx(full)


def test_spares_and_support_follow_the_purchase() -> None:
    """10% spares: 0.1 x (0.909 + 0.197) = 0.111; 5% support: 37,500 x 0.05 / 8,766 = 0.214."""
    assert owned(spare_share=0.1) - owned() == pytest.approx(0.111, abs=0.001)
    assert owned(support_share_per_year=0.05) - owned() == pytest.approx(0.214, abs=0.001)


def test_bought_servers_come_from_the_assumptions() -> None:
    found = servers_in(scenarios(), "own_network").servers

    assert [one.gpu.id for one in found] == ["h100"]
    assert found[0].usd_per_gpu_hour == pytest.approx(1.299, abs=0.001)
    assert found[0].gpus_per_instance == 1
    assert found[0].purchase == "bought"


def test_boards_with_switches_are_bought_by_the_node() -> None:
    node = some_assumptions(gpus_per_bought_node_h100=8)

    found = servers_in(scenarios(assumptions=node), "own_network").servers[0]

    assert found.gpus_per_instance == 8
    assert found.purchase == "bought by the node of 8 GPUs"


def test_gpu_without_a_purchase_price_cannot_be_bought() -> None:
    catalog = {"gpus": (a_gpu(), a_gpu(id="l4"))}

    assert [one.gpu.id for one in servers_in(scenarios(**catalog), "own_network").servers] == [
        "h100"
    ]


def test_discount_lowers_the_rent_only() -> None:
    discounted = scenarios(discount=0.3)

    assert servers_in(discounted, "rented_eu").servers[0].usd_per_gpu_hour == pytest.approx(1.4)
    assert servers_in(discounted, "own_network").servers[0].usd_per_gpu_hour == pytest.approx(
        1.299, abs=1e-3
    )


def test_of_equal_offers_the_cheapest_is_kept() -> None:
    offers = (
        a_gpu_offer(on_demand_usd_per_gpu_hour=3.0, provider="dear"),
        a_gpu_offer(on_demand_usd_per_gpu_hour=2.0, provider="cheap"),
        a_gpu_offer(on_demand_usd_per_gpu_hour=2.5, provider="middle"),
        a_gpu_offer(on_demand_usd_per_gpu_hour=1.5, provider="by eight", gpus_per_instance=8),
    )

    found = servers_in(scenarios(gpu_offers=offers), "rented_eu").servers

    assert {one.provider for one in found} == {"cheap", "by eight"}


def test_price_carries_its_source() -> None:
    rented = servers_in(scenarios(), "rented_eu").servers[0]
    assumed = SOURCE.model_copy(update={"kind": "assumption"})
    prices = tuple(one.changed(source=assumed) for one in some_assumptions())
    bought = servers_in(scenarios(assumptions=prices), "own_network").servers[0]

    assert rented.provenance is Provenance.QUOTED
    assert rented.citation == "h100-x1: a price list, example.org (2026-11-01)"
    assert bought.provenance is Provenance.ASSUMED


def rented(offers: tuple[GpuOffer, ...] = (), **infrastructure: object) -> Servers:
    profile = a_profile(infrastructure=infrastructure)
    catalog = a_catalog(gpu_offers=offers or (a_gpu_offer(spot_usd_per_gpu_hour=0.8),))
    found = servers_in(Scenarios(profile, catalog, rng=an_rng(), draws=400), "rented_eu")
    assert not found.because
    return found.servers[0]


def test_on_demand_is_the_default_and_says_so() -> None:
    assert rented().usd_per_gpu_hour == pytest.approx(2.0)
    assert rented().purchase == "100% on demand"
    assert rented().kept_usd_per_gpu_hour == pytest.approx(0.0)


def test_a_mix_by_hand() -> None:
    """Half reserved at 40% off 2 USD, a quarter on spot at 0.8 and 10% overhead, a quarter at 2.

    0.5 x 1.2 + 0.25 x 0.88 + 0.25 x 2 = 1.32 USD; the 0.6 of the reserved half are paid always.
    """
    mixed = rented(share_reserved=0.5, share_spot=0.25)

    assert mixed.usd_per_gpu_hour == pytest.approx(1.32)
    assert mixed.kept_usd_per_gpu_hour == pytest.approx(0.6)
    assert mixed.purchase == "50% reserved, 25% spot, 25% on demand"


def test_an_agreed_discount_replaces_the_assumed_one() -> None:
    assert rented(gpu_discount=0.2).usd_per_gpu_hour == pytest.approx(1.6)
    assert rented(gpu_discount=0.2).purchase == "100% reserved"
    half = rented(gpu_discount=0.2, share_reserved=0.5)
    assert half.usd_per_gpu_hour == pytest.approx(0.5 * 1.6 + 0.5 * 2.0)


def test_spot_is_a_range_over_the_regions_of_a_place() -> None:
    offers = tuple(
        a_gpu_offer(region=f"eu-{spot}", spot_usd_per_gpu_hour=spot) for spot in (0.5, 0.8, 1.5)
    )

    found = rented(offers, share_spot=1).usd_per_gpu_hour / 1.1

    assert found[0] == pytest.approx(0.8)
    assert 0.5 <= found.min() < 0.6
    assert 1.4 < found.max() <= 1.5


def test_spot_that_nobody_saw_is_paid_on_demand_and_said() -> None:
    found = rented((a_gpu_offer(),), share_spot=1)

    assert found.usd_per_gpu_hour == pytest.approx(2.0)
    assert "no spot price was seen here" in found.purchase


@given(st.floats(0, 1), st.floats(0, 1))
def test_no_mix_costs_more_than_on_demand_with_restarts_or_less_than_nothing(
    reserved: float, of_the_rest: float
) -> None:
    found = rented(share_reserved=reserved, share_spot=(1 - reserved) * of_the_rest)

    assert np.all(found.usd_per_gpu_hour > 0)
    assert np.all(found.usd_per_gpu_hour <= 2.0 * 1.1)
    assert np.all(found.kept_usd_per_gpu_hour <= found.usd_per_gpu_hour + 1e-9)


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        a_gpu_offer(on_demand_usd_per_gpu_hour=-2.0)
    with pytest.raises(ValidationError, match="must not be negative"):
        some_assumptions(servers__on_call_usd_per_week=-500)


def test_offers_outside_the_allowed_regions_are_no_servers_and_the_reason_is_given() -> None:
    profile = a_profile(data={"allowed_regions": ["FR"]})
    catalog = a_catalog(gpu_offers=(a_gpu_offer(country="FI"),))

    found = servers_in(Scenarios(profile, catalog, rng=an_rng(), draws=4), "rented_eu")

    assert found.servers == ()
    assert "is shown to be in data.allowed_regions (FR): they stand in FI" in found.because


def test_the_cheapest_offer_that_is_allowed_is_taken_not_the_cheapest() -> None:
    offers = (
        a_gpu_offer(country="FI", region="far", on_demand_usd_per_gpu_hour=1.0),
        a_gpu_offer(country="FR", region="near", on_demand_usd_per_gpu_hour=3.0),
    )
    profile = a_profile(data={"allowed_regions": ["FR"]})
    catalog = a_catalog(gpu_offers=offers)

    (found,) = servers_in(Scenarios(profile, catalog, rng=an_rng(), draws=4), "rented_eu").servers

    assert found.region == "near"
    assert found.list_usd_per_gpu_hour == pytest.approx(3.0)
