import pytest

from playbook.catalog import Catalog, GpuOffer, Regime
from playbook.catalog.controls import Area
from playbook.costs.residency import allowed_offers
from tests.compliance.builders import a_control
from tests.costs.builders import SOURCE, a_catalog, a_gpu_offer, a_profile


def an_offer_in(country: str | None, region: str = "r1") -> GpuOffer:
    return a_gpu_offer(country=country, region=region)


def a_catalog_with(*offers: GpuOffer) -> Catalog:
    area = Area(id="EU", members=("FI", "FR"), source=SOURCE)
    regime = Regime(
        id="test", title="t", scope="s", source=SOURCE, areas=(area,), controls=(a_control(),)
    )
    return a_catalog(gpu_offers=offers, regimes=(regime,))


def kept(*offers: GpuOffer, **rules: object) -> list[str | None]:
    found = allowed_offers(a_catalog_with(*offers), a_profile(data=rules), "rented_eu")
    assert bool(found.offers) != bool(found.because)
    return [one.country for one in found.offers]


def why_none(*offers: GpuOffer, **rules: object) -> str:
    return allowed_offers(a_catalog_with(*offers), a_profile(data=rules), "rented_eu").because


def test_without_a_rule_every_region_is_allowed() -> None:
    assert kept(an_offer_in("FI"), an_offer_in(None)) == ["FI", None]


def test_a_country_lies_in_itself_and_in_its_area() -> None:
    offers = (an_offer_in("FI"), an_offer_in("FR", "r2"), an_offer_in("US", "r3"))

    assert kept(*offers, allowed_regions=["EU"]) == ["FI", "FR"]
    assert kept(*offers, allowed_regions=["FR"]) == ["FR"]
    assert kept(*offers, allowed_regions=["US", "FR"]) == ["FR", "US"]


def test_an_unknown_country_counts_by_its_place() -> None:
    """The place is in the EU: shown to be inside it, and not shown to be in France."""
    assert kept(an_offer_in(None), allowed_regions=["EU"]) == [None]
    assert kept(an_offer_in(None), allowed_regions=["FR"]) == []


def test_what_is_left_out_is_named_with_the_rule() -> None:
    said = why_none(an_offer_in("FI"), an_offer_in(None, "north"), allowed_regions=["FR"])

    assert said == (
        "no GPU offer in rented_eu is shown to be in data.allowed_regions (FR): "
        "they stand in FI, unknown (north)"
    )


def test_rented_machines_are_outside_the_own_network() -> None:
    said = why_none(an_offer_in("FI"), must_stay_in_own_network=True)

    assert "outside the own network (data.must_stay_in_own_network)" in said


@pytest.mark.parametrize("rules", [{}, {"allowed_regions": ["EU"]}])
def test_a_place_without_offers_says_so(rules: dict[str, object]) -> None:
    assert why_none(**rules) == "the catalog has no GPU offer for rented_eu"
