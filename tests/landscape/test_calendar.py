"""Ends of offers and models come with their source and what is named in their place."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import load_catalog
from playbook.landscape.calendar import MONTHS_AHEAD, retirement_calendar
from tests.catalog.builders import SOURCE, a_catalog, a_model, an_offer
from tests.landscape.builders import AS_OF

CATALOG = load_catalog()
CALENDAR = retirement_calendar(CATALOG, as_of=AS_OF)
ELSEWHERE = SOURCE.model_copy(update={"title": "the offer's page"})


def test_an_offers_end_is_read_from_the_offer_and_names_the_models_successor() -> None:
    models = (a_model(successor="big"), a_model(id="big"))
    offer = an_offer(retires=date(2027, 1, 23), source=ELSEWHERE)

    (found,) = retirement_calendar(a_catalog(models=models, api_offers=(offer,)), as_of=AS_OF)

    assert (found.option, found.successor, found.source) == ("small@host", "big", ELSEWHERE)
    assert found.months_left == pytest.approx(2.0, abs=0.05)


def test_the_end_of_a_models_own_api_is_listed_where_no_offer_ends_with_it() -> None:
    model = a_model(retires=date(2026, 6, 1))

    alone = retirement_calendar(a_catalog(models=(model,)), as_of=AS_OF)
    with_it = retirement_calendar(
        a_catalog(
            models=(model,), api_offers=(an_offer(retires=date(2026, 6, 1), source=ELSEWHERE),)
        ),
        as_of=AS_OF,
    )

    assert [one.option for one in alone] == ["small"]
    assert [one.option for one in with_it] == ["small@host"]


def test_an_end_more_than_two_years_away_is_left_out() -> None:
    offer = an_offer(retires=date(2029, 1, 1), source=ELSEWHERE)

    assert retirement_calendar(a_catalog(api_offers=(offer,)), as_of=AS_OF) == ()


def test_ends_to_come_stand_first_and_soonest_first_then_those_past_latest_first() -> None:
    left = [one.months_left for one in CALENDAR]
    ahead, past = [one for one in left if one >= 0], [one for one in left if one < 0]

    assert left == sorted(ahead) + sorted(past, reverse=True)
    assert max(left) <= MONTHS_AHEAD


def test_own_servers_never_retire() -> None:
    assert not [one for one in CALENDAR if "@self:" in one.option]


@pytest.mark.parametrize(
    ("option", "on"),
    [
        ("gpt-4-0613@openai", date(2026, 10, 23)),
        ("gpt-4o-2024-08-06@openai", date(2027, 1, 14)),
        ("mixtral-8x7b-instruct-v0.1", date(2025, 3, 30)),
    ],
)
def test_baselines_of_2024_are_off_the_air_or_soon_will_be(option: str, on: date) -> None:
    """OpenAI's deprecations page and Mistral's model pages, as read on 2026-11-22."""
    (found,) = [one for one in CALENDAR if one.option == option]

    assert found.on == on
    assert found.source.url


def test_a_named_successor_is_in_the_catalog() -> None:
    for one in CALENDAR:
        assert one.successor is None or CATALOG.model(one.successor)
