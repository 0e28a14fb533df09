"""A sealed price cannot be changed, removed or moved without it being said."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import Price, load_catalog
from playbook.catalog.seals import seal_of, seal_problems, sealed, unsealed
from tests.catalog.builders import SOURCE, a_catalog, a_price, an_offer

KEY = "small@host"
DAYS = (date(2026, 1, 1), date(2026, 6, 1), date(2026, 9, 1))


def three_sealed() -> tuple[Price, ...]:
    return sealed(KEY, [a_price(day) for day in DAYS])


def problems_of(*prices: Price) -> tuple[str, ...]:
    return seal_problems(a_catalog(api_offers=(an_offer(prices=prices),)))


def test_what_was_sealed_and_left_alone_has_no_problem() -> None:
    assert problems_of(*three_sealed()) == ()


def test_an_overwritten_price_is_said_with_its_day_and_what_to_do() -> None:
    first, second, third = three_sealed()

    (line,) = problems_of(first, second.changed(input_usd_per_million_tokens=0.9), third)

    assert "host/small: price overwritten: the one of 2026-06-01" in line
    assert "append a new dated price instead" in line


def test_a_price_removed_from_under_a_seal_is_caught() -> None:
    first, _, third = three_sealed()

    assert "the one of 2026-09-01" in problems_of(first, third)[0]


def test_prices_in_another_order_are_caught() -> None:
    first, second, third = three_sealed()

    assert problems_of(second, first, third) != ()


def test_a_source_or_day_that_changed_is_caught() -> None:
    first, second, third = three_sealed()
    moved = second.changed(since=date(2026, 6, 2))
    resourced = second.changed(source=SOURCE.model_copy(update={"title": "another page"}))

    assert problems_of(first, moved, third) != ()
    assert problems_of(first, resourced, third) != ()


def test_a_seal_taken_off_under_another_one_is_caught() -> None:
    first, second, third = three_sealed()

    assert "2026-06-01 has no seal under" in problems_of(first, second.changed(seal=None), third)[0]


def test_the_seals_of_one_offer_do_not_fit_another() -> None:
    prices = sealed("small@other", [a_price(day) for day in DAYS])

    assert problems_of(*prices) != ()


def test_a_new_price_without_a_seal_is_a_finding_and_no_error() -> None:
    prices = (*three_sealed(), a_price(date(2026, 10, 1)))
    catalog = a_catalog(api_offers=(an_offer(prices=prices),))

    assert seal_problems(catalog) == ()
    assert "1 price not sealed yet" in unsealed(catalog)[0]
    assert "playbook facts refresh --seal" in unsealed(catalog)[0]


def test_sealing_again_changes_nothing() -> None:
    assert sealed(KEY, three_sealed()) == three_sealed()


@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_seal_stands_for_one_value(one: float, other: float) -> None:
    seals = {
        seal_of(KEY, "", a_price(input_usd_per_million_tokens=value)) for value in (one, other)
    }

    assert (len(seals) == 1) == (repr(one) == repr(other))


def test_a_kind_of_price_that_is_not_stated_does_not_touch_the_seal() -> None:
    plain, spelt = a_price(), a_price(batch_input_usd_per_million_tokens=None, tiers=())

    assert seal_of(KEY, "", plain) == seal_of(KEY, "", spelt)


def test_every_shipped_price_is_sealed_and_untouched() -> None:
    catalog = load_catalog()

    assert seal_problems(catalog) == ()
    assert unsealed(catalog) == ()
