"""The price that a model is shown with, and what second sources say of any of its offers."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import ApiOffer, Catalog, SecondOpinion, load_catalog
from playbook.landscape import ModelInRace
from playbook.provenance import Source
from tests.landscape.builders import AS_OF, of, screened

CATALOG = load_catalog()
MODEL = "claude-haiku-5-5"
OFFERS = tuple(one for one in CATALOG.api_offers if one.model == MODEL)
OTHER = Source(title="other list", as_of=date(2026, 11, 2), kind="package")


def shown(factor: float | None) -> ModelInRace:
    """Return a model of whose offers a second source states `factor` times the price."""
    offers = tuple(opined(one, factor) if one.model == MODEL else one for one in CATALOG.api_offers)
    return of(screened(Catalog.model_validate({**dict(CATALOG), "api_offers": offers})), MODEL)


def opined(offer: ApiOffer, factor: float | None) -> ApiOffer:
    price = CATALOG.price(offer, AS_OF)
    opinion = SecondOpinion(
        input_usd_per_million_tokens=price.input_usd_per_million_tokens * (factor or 1),
        output_usd_per_million_tokens=price.output_usd_per_million_tokens,
        source=OTHER,
    )
    return offer.changed(second_opinions=(opinion,) if factor else ())


def test_where_sources_differ_both_prices_and_both_sources_are_shown() -> None:
    one = shown(2.0)

    lowest = one.lowest_input_usd_per_million_tokens
    assert lowest is not None
    second = one.second_prices[0]
    assert second.second_input_usd_per_million_tokens == pytest.approx(2 * lowest)
    assert second.second_output_usd_per_million_tokens == one.lowest_output_usd_per_million_tokens
    listed = {CATALOG.price(each, AS_OF).source for each in CATALOG.api_offers}
    assert OTHER in one.sources
    assert listed & set(one.sources)
    assert one.lowest_price_option == second.option


def test_a_contradicted_offer_that_is_not_the_cheapest_is_shown_too() -> None:
    prices = {each.provider: CATALOG.price(each, AS_OF) for each in OFFERS}
    dearest = max(OFFERS, key=lambda each: prices[each.provider].input_usd_per_million_tokens)
    offers = (
        *(one for one in CATALOG.api_offers if one.model != MODEL),
        *(opined(one, 2.0 if one == dearest else None) for one in OFFERS),
    )

    one = of(screened(Catalog.model_validate({**dict(CATALOG), "api_offers": offers})), MODEL)

    (second,) = one.second_prices
    assert one.lowest_price_option != second.option == f"{MODEL}@{dearest.provider}"
    quoted = prices[dearest.provider]
    assert second.input_usd_per_million_tokens == quoted.input_usd_per_million_tokens
    assert second.second_input_usd_per_million_tokens == pytest.approx(
        2 * quoted.input_usd_per_million_tokens
    )
    assert {quoted.source, OTHER} <= set(one.sources)


@pytest.mark.parametrize("factor", [None, 1.0, 1.009])
def test_without_a_difference_above_one_percent_no_second_price_is_shown(
    factor: float | None,
) -> None:
    one = shown(factor)

    assert one.lowest_input_usd_per_million_tokens is not None
    assert one.second_prices == ()
    assert OTHER not in one.sources
