"""An announced price is told beforehand and counts from its day, until one was seen since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from playbook.catalog import Catalog, Price, load_catalog
from playbook.catalog import prices as price_file
from playbook.catalog.ageing import stale_sources
from playbook.catalog.announcements import announced_words, prices_to_come
from playbook.catalog.disagreements import disagreements
from playbook.catalog.integrity import broken_facts, check_facts
from playbook.catalog.pricing import SecondOpinion
from playbook.catalog.seals import sealed
from playbook.catalog.showing import describe_fact, fact_lines
from tests.catalog.builders import AS_OF, SOURCE, a_catalog, a_price, an_offer

NEW_YEAR = date(2027, 1, 1)
SEEN = sealed("small@host", (a_price(),))
TOLD = a_price(NEW_YEAR, input_usd_per_million_tokens=2.0, output_usd_per_million_tokens=8.0)


@pytest.fixture(autouse=True)
def litellm_map(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}
    monkeypatch.setattr(price_file, "_read", lambda _: {"host/small": entry})


def telling(*announced: Price, seen: tuple[Price, ...] = SEEN, **more: object) -> Catalog:
    return a_catalog(api_offers=(an_offer(prices=seen, announced=announced, **more),))


def paid(catalog: Catalog, day: date) -> float:
    return catalog.price(catalog.api_offers[0], day).input_usd_per_million_tokens


def test_an_announced_price_counts_from_its_day_on_and_not_before() -> None:
    catalog = telling(TOLD)

    assert paid(catalog, NEW_YEAR - timedelta(1)) == SEEN[0].input_usd_per_million_tokens
    assert paid(catalog, NEW_YEAR) == TOLD.input_usd_per_million_tokens


@pytest.mark.parametrize(
    ("seen_on", "usd"), [(date(2026, 12, 31), 2.0), (NEW_YEAR, 1.25), (date(2027, 1, 5), 1.25)]
)
def test_what_was_seen_on_the_day_or_later_wins_over_what_was_announced(
    seen_on: date, usd: float
) -> None:
    seen = a_price(seen_on, input_usd_per_million_tokens=1.25)

    catalog = telling(TOLD, seen=(a_price(), seen))

    assert paid(catalog, date(2027, 2, 1)) == usd


def test_facts_with_an_announced_price_are_whole_and_tell_it_without_a_finding() -> None:
    report = check_facts(telling(TOLD), as_of=AS_OF)

    assert (report.errors, report.findings) == ((), ())
    (line,) = report.information
    assert line == (
        "small@host announced: 2 USD in, 8 USD out per million tokens from 2027-01-01"
        " (a page, example.org (2026-11-01)), 1 and 4 now"
    )


def test_only_an_announced_price_may_start_after_the_day_of_the_check() -> None:
    (line,) = broken_facts(telling(seen=(*SEEN, TOLD)), as_of=AS_OF)

    assert line == "api_offers small@host: since 2027-01-01 is in the future"


def test_an_announced_price_read_in_the_future_is_an_error() -> None:
    read = SOURCE.model_copy(update={"as_of": AS_OF + timedelta(1)})

    (line,) = broken_facts(telling(TOLD.changed(source=read)), as_of=AS_OF)

    assert line == "api_offers small@host: as_of 2026-11-24 is in the future"


def test_a_price_that_had_begun_when_it_was_read_is_not_announced() -> None:
    (line,) = broken_facts(telling(a_price(SOURCE.as_of)), as_of=AS_OF)

    assert "the price announced for 2026-11-01 was read on 2026-11-01" in line
    assert line.endswith("move it to prices")


def test_announced_prices_stand_in_order() -> None:
    later = TOLD.changed(since=NEW_YEAR + timedelta(30))

    (line,) = broken_facts(telling(later, TOLD), as_of=AS_OF)

    assert line == "API offer host/small: announced prices must have ascending, distinct dates"


@pytest.mark.parametrize(
    ("field", "usd", "told"),
    [
        ("input_usd_per_million_tokens", 0.001, "a slip of a unit by 1,000?"),
        ("output_usd_per_million_tokens", 2_000.0, "is implausible"),
    ],
)
def test_an_announced_price_with_a_slip_is_an_error(field: str, usd: float, told: str) -> None:
    lines = broken_facts(telling(TOLD.changed(**{field: usd})), as_of=AS_OF)

    assert any(told in line and "2027-01-01" in line for line in lines)


def test_an_announced_price_in_force_says_that_nobody_saw_it() -> None:
    offer = telling(TOLD).api_offers[0]

    assert announced_words(offer, as_of=NEW_YEAR) == (
        "the price since 2027-01-01 was announced and not seen yet",
    )
    assert prices_to_come(offer, as_of=NEW_YEAR) == ()


def test_once_in_force_it_is_held_against_litellm_and_no_opinion_of_before() -> None:
    opinion = SecondOpinion.model_validate(
        a_price(input_usd_per_million_tokens=1.5).model_dump(exclude={"since", "seal"})
    )

    told = disagreements(telling(TOLD, second_opinions=(opinion,)), as_of=NEW_YEAR)

    assert {one.by.split()[0] for one in told} == {"litellm"}
    assert [(one.catalogued, one.stated) for one in told] == [("2", "1"), ("8", "4")]


def test_an_announcement_ages_like_any_price_and_counts_once() -> None:
    day = NEW_YEAR + timedelta(90)
    read = SOURCE.model_copy(update={"title": "the announcement"})
    catalog = telling(TOLD.changed(source=read))

    before = [one for one in stale_sources(catalog, as_of=NEW_YEAR) if one.source == read]
    (after,) = (one for one in stale_sources(catalog, as_of=day) if one.source == read)

    assert before == []
    assert after.facts == 1


def test_a_fact_shows_what_is_announced() -> None:
    shown = describe_fact(telling(TOLD), "api_offers", "small@host", as_of=AS_OF)

    assert shown.announced == announced_words(telling(TOLD).api_offers[0], as_of=AS_OF)
    assert shown.announced[0] in list(fact_lines(shown))


def test_the_shipped_announcements_come_from_the_second_source() -> None:
    """Google's introductory price of Gemini 3.8 Flash ends with the year, by genai-prices."""
    catalog = load_catalog()
    (offer,) = (one for one in catalog.api_offers if one.litellm_id == "gemini/gemini-3.8-flash")

    now, later = catalog.price(offer, AS_OF), catalog.price(offer, NEW_YEAR)

    assert [one.source.title.split()[0] for one in offer.announced] == ["genai-prices"]
    assert later.input_usd_per_million_tokens == 2 * now.input_usd_per_million_tokens
    assert later.output_usd_per_million_tokens == 2 * now.output_usd_per_million_tokens
