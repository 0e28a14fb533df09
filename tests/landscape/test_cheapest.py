"""The price that a model is shown with, and its second source."""

from __future__ import annotations

from playbook.catalog import ApiOffer, Catalog, disagreement, load_catalog
from tests.landscape.builders import AS_OF, of, screened

CATALOG = load_catalog()


def cheapest_offer(catalog: Catalog, model: str, options: tuple[str, ...]) -> ApiOffer:
    offers = [one for one in catalog.api_offers if f"{model}@{one.provider}" in options]
    return min(
        (one for one in offers if one.model == model),
        key=lambda one: catalog.price(one, AS_OF).input_usd_per_million_tokens,
    )


def test_both_prices_and_both_sources_are_shown_where_they_differ_and_only_there() -> None:
    landscape = screened(CATALOG)
    quoted = [one for one in landscape.models if one.lowest_input_usd_per_million_tokens]

    contradicted = [one for one in quoted if one.second_input_usd_per_million_tokens]

    assert 0 < len(contradicted) < len(quoted)
    for one in contradicted:
        offer = cheapest_offer(CATALOG, one.model, one.options)
        found = disagreement(offer, CATALOG.price(offer, AS_OF))
        assert found is not None
        assert one.second_input_usd_per_million_tokens in {
            opinion.input_usd_per_million_tokens for opinion in found.opinions
        }
        assert {found.quoted.source, found.farthest.source} <= set(one.sources)


def test_without_second_opinions_there_is_no_second_price() -> None:
    offers = tuple(one.changed(second_opinions=()) for one in CATALOG.api_offers)

    landscape = screened(CATALOG.changed(api_offers=offers))

    assert {one.second_input_usd_per_million_tokens for one in landscape.models} == {None}


def test_a_price_names_its_source() -> None:
    one = of(screened(CATALOG), "claude-haiku-5-5")

    assert one.lowest_input_usd_per_million_tokens is not None
    assert len(one.sources) >= 2
