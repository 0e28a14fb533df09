from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import ApiOffer, Price, SecondOpinion, as_stated_by, disagreement
from playbook.provenance import Source

LIST = Source(title="list", as_of=date(2026, 11, 1), kind="package")
OTHER = Source(title="other list", as_of=date(2026, 11, 2), kind="package")


def a_price(input_usd: float = 2.0, output_usd: float = 8.0, **fields: object) -> Price:
    values = {"since": date(2026, 11, 1), "source": LIST}
    return Price.model_validate({**values, **_rates(input_usd, output_usd), **fields})


def an_opinion(input_usd: float = 2.0, output_usd: float = 8.0, **fields: object) -> SecondOpinion:
    values = {"source": OTHER, **_rates(input_usd, output_usd), **fields}
    return SecondOpinion.model_validate(values)


def an_offer(price: Price, *opinions: SecondOpinion) -> ApiOffer:
    return ApiOffer(
        model="m", provider="p", litellm_id="p/m", prices=(price,), second_opinions=opinions
    )


def _rates(input_usd: float, output_usd: float) -> dict[str, float]:
    return {
        "input_usd_per_million_tokens": input_usd,
        "output_usd_per_million_tokens": output_usd,
    }


def a_tier(input_usd: float, above: int = 200_000) -> dict[str, float]:
    return {"above_input_tokens": above, **_rates(input_usd, 16.0)}


def test_a_difference_above_one_percent_is_a_disagreement_and_one_below_is_not() -> None:
    price = a_price()

    assert disagreement(an_offer(price, an_opinion(2.019)), price) is None
    assert disagreement(an_offer(price, an_opinion(2.03)), price) is not None


def test_both_values_and_both_sources_are_told() -> None:
    price = a_price()

    found = disagreement(an_offer(price, an_opinion(4.0, 8.0)), price)

    assert found is not None
    assert found.words() == (
        "other list (2026-11-02) states, in USD per million tokens, input 4 instead of 2 "
        "of list (2026-11-01)"
    )
    assert found.second_price() == found.farthest
    assert [(one.field, one.quoted, one.stated) for one in found.differences] == [
        ("input_usd_per_million_tokens", 2.0, 4.0)
    ]


def test_the_farthest_opinion_comes_first_and_those_that_agree_are_left_out() -> None:
    price = a_price()
    near, far, same = an_opinion(2.2), an_opinion(1.0), an_opinion()

    found = disagreement(an_offer(price, near, same, far), price)

    assert found is not None
    assert found.opinions == (far, near)
    assert found.farthest == far


def test_silence_is_no_contradiction() -> None:
    price = a_price(cached_input_usd_per_million_tokens=0.5)
    opinion = an_opinion(batch_input_usd_per_million_tokens=1.0, tiers=(a_tier(4.0),))

    assert disagreement(an_offer(price, opinion), price) is None
    assert as_stated_by(opinion, price) == price


def test_tiers_of_the_same_threshold_are_compared() -> None:
    price = a_price(tiers=(a_tier(4.0), a_tier(6.0, above=300_000)))
    opinion = an_opinion(tiers=(a_tier(5.0),))

    found = disagreement(an_offer(price, opinion), price)

    assert found is not None
    assert found.differences[0].field == "above 200000 tokens: input_usd_per_million_tokens"
    stated = as_stated_by(opinion, price).tiers
    assert [tier.input_usd_per_million_tokens for tier in stated] == [5.0, 6.0]


def test_prices_by_the_image_are_compared() -> None:
    price, opinion = a_price(usd_per_input_image=0.01), an_opinion(usd_per_input_image=0.02)

    found = disagreement(an_offer(price, opinion), price)

    assert found is not None
    assert found.differences[0].share == pytest.approx(0.5)
    assert as_stated_by(opinion, price).usd_per_input_image == pytest.approx(0.02)


def test_a_price_that_was_replaced_is_not_compared_with_opinions_of_today() -> None:
    old = a_price(3.0, since=date(2026, 1, 1))
    offer = an_offer(a_price(), an_opinion()).changed(prices=(old, a_price()))

    assert disagreement(offer, old) is None


def test_a_source_that_differs_in_cached_input_alone_is_no_second_price_of_input() -> None:
    price = a_price(cached_input_usd_per_million_tokens=0.5)
    cached = an_opinion(cached_input_usd_per_million_tokens=0.05)
    found = disagreement(an_offer(price, cached), price)
    both = disagreement(an_offer(price, cached, an_opinion(2.2)), price)

    assert found is not None
    assert both is not None
    assert found.words() == (
        "other list (2026-11-02) states, in USD per million tokens, cached input 0.05 instead of "
        "0.5 of list (2026-11-01)"
    )
    assert found.second_price() is None
    assert both.farthest == cached
    assert both.second_price() == an_opinion(2.2)
