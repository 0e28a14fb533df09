"""Look-ups name the nearest id; options are stable, complete and honest about what is unknown."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import Catalog
from playbook.errors import CatalogError
from playbook.vocabulary import Lane
from tests.catalog.builders import (
    a_catalog,
    a_measurement,
    a_model,
    a_place,
    a_price,
    a_provider,
    an_offer,
)


def closed() -> Catalog:
    return a_catalog(models=(a_model(open_weights=False, licence="open-1"),))


def test_an_unknown_id_is_met_with_the_nearest_one() -> None:
    with pytest.raises(CatalogError, match="model 'smal' is unknown; did you mean small"):
        a_catalog().model("smal")


def test_an_id_near_to_nothing_is_met_with_the_known_ones() -> None:
    with pytest.raises(CatalogError, match="place 'moon' is unknown; known are cellar"):
        a_catalog().options(["moon"])


def test_open_weights_are_an_option_at_each_provider_and_in_each_place() -> None:
    catalog = a_catalog(places=(a_place(), a_place(id="attic")))

    options = catalog.options(["cellar", "attic"])

    assert [one.id for one in options] == ["small@host", "small@self:cellar", "small@self:attic"]
    assert [one.lane for one in options] == [
        Lane.HOSTED_OPEN_WEIGHTS, Lane.SELF_HOSTED, Lane.SELF_HOSTED
    ]  # fmt: skip


def test_a_closed_model_is_an_option_at_its_provider_only() -> None:
    (only,) = closed().options(["cellar"])

    assert (only.id, only.lane) == ("small@host", Lane.FRONTIER_API)


def test_what_a_provider_does_not_state_stays_unknown() -> None:
    (api, _) = a_catalog().options(["cellar"])

    assert api.processing_regions is None
    assert api.retention_days is None
    assert api.trains_on_inputs is None
    assert api.certifications is None


def test_rented_machines_are_run_by_the_team_under_their_owners_law() -> None:
    rented = a_place(
        id="rented", operator_jurisdiction=("US",), perimeter="private_cloud", owned=False
    )
    own = a_catalog(places=(rented,)).options(["rented"])[1]

    assert (own.operator, own.operator_jurisdiction) == ("self", ("US",))
    assert (own.retention_days, own.trains_on_inputs) == (0, False)


def test_an_option_leads_back_to_its_offer_and_price() -> None:
    catalog = a_catalog(api_offers=(an_offer(prices=(a_price(), a_price(date(2026, 6, 1)))),))
    option = catalog.options([])[0]

    offer = catalog.api_offer(option)

    assert catalog.price(offer, date(2026, 3, 1)).since == date(2026, 1, 1)
    assert catalog.price(offer, date(2026, 7, 1)).since == date(2026, 6, 1)


def test_own_servers_have_no_offer() -> None:
    catalog = a_catalog()

    with pytest.raises(CatalogError, match="small@self:cellar has no API offer"):
        catalog.api_offer(catalog.options(["cellar"])[1])


def test_the_hash_changes_with_any_fact_and_only_then() -> None:
    first, second = a_catalog(), a_catalog()

    assert first.content_hash == second.content_hash
    assert first.content_hash != a_catalog(providers=(a_provider(retention_days=30),)).content_hash
    assert first.content_hash != first.with_measurements([a_measurement()]).content_hash


def test_measurements_leave_the_first_catalog_as_it_was() -> None:
    catalog = a_catalog()

    measured = catalog.with_measurements([a_measurement()])

    assert catalog.measurements == ()
    assert measured.measurements[0].output_tokens_per_second == pytest.approx(300)
