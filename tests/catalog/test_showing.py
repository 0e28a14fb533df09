"""A fact can be looked up by the name that people have for it, and shows all that is known."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest

from playbook.catalog import load_catalog
from playbook.catalog import prices as price_file
from playbook.catalog.pricing import SecondOpinion
from playbook.catalog.showing import describe_fact, fact_lines, facts_of_kind, find_fact, kinds_of
from playbook.errors import CatalogError
from tests.catalog.builders import AS_OF, SOURCE, a_catalog, a_model, a_price, an_offer

OLD = SOURCE.model_copy(update={"title": "an old page", "as_of": date(2026, 8, 24)})
TIER: dict[str, Any] = {
    "above_input_tokens": 200_000,
    "input_usd_per_million_tokens": 2.0,
    "output_usd_per_million_tokens": 8.0,
}
OPINION = SecondOpinion(
    input_usd_per_million_tokens=1.5,
    output_usd_per_million_tokens=4.0,
    source=SOURCE.model_copy(update={"title": "another list"}),
)
OFFER = an_offer(
    aliases=("host/small-newest",),
    aliases_source=SOURCE,
    prices=(a_price(date(2025, 1, 1), source=OLD), a_price(tiers=(TIER,))),
    second_opinions=(OPINION,),
)
CATALOG = a_catalog(api_offers=(OFFER,))


@pytest.fixture(autouse=True)
def no_litellm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_file, "_read", lambda _: {})


@pytest.mark.parametrize("name", ["small@host", "host/small", "host/small-newest"])
def test_an_offer_is_found_by_option_id_litellm_id_and_alias(name: str) -> None:
    assert find_fact(CATALOG, "api_offers", name) is OFFER


def test_an_alias_hides_no_offer_of_that_very_name() -> None:
    other = an_offer(provider="there", litellm_id="host/small-newest")
    catalog = a_catalog(api_offers=(OFFER, other))

    for offers in (catalog, a_catalog(api_offers=(other, OFFER))):
        assert find_fact(offers, "api_offers", "host/small-newest") is other


def test_an_offer_shows_its_price_tiers_second_opinion_and_every_age() -> None:
    shown = describe_fact(CATALOG, "api_offers", "small@host", as_of=AS_OF)
    text = "\n".join(fact_lines(shown))

    assert shown.price_in_force == OFFER.prices[1]
    assert [one.stated for one in shown.disagreements] == ["1.5"]
    assert [(one.source.title, one.days_old, one.stale) for one in shown.sources] == [
        ("an old page", 91, True), ("a page", 22, False), ("another list", 22, False),
    ]  # fmt: skip
    for part in (
        "price in force on 2026-11-23, seen since 2026-01-01",
        "above_input_tokens 200000",
        "DIFFERS input_usd_per_million_tokens: 1 here, 1.5 by another list",
        "an old page, example.org (2026-08-24): vendor, 91 days old, over 90",
        "aliases: host/small-newest",
    ):
        assert part in text


def test_what_is_unknown_is_left_out_of_the_lines_and_kept_in_the_record() -> None:
    shown = describe_fact(CATALOG, "models", "small", as_of=AS_OF)

    assert "retires" not in "\n".join(fact_lines(shown))
    assert shown.record["retires"] is None


def test_a_list_has_a_row_for_each_fact_with_its_age() -> None:
    rows = facts_of_kind(CATALOG, "models", as_of=AS_OF)

    assert [one.words() for one in rows] == [
        "small: Small | a page, example.org (2026-11-01), 22 days old"
    ]


def test_a_condition_that_is_denied_shows_its_not() -> None:
    shown = describe_fact(load_catalog(), "controls", "HOUSE-01", as_of=AS_OF)

    (effect,) = cast("list[dict[str, Any]]", shown.record["effects"])

    assert list(effect["exclude"]["condition"]) == ["not"]
    assert "for" in effect


def test_every_kind_is_offered_but_what_a_team_measured_itself() -> None:
    assert {"models", "boards", "claims", "regimes", "controls"} <= set(kinds_of(CATALOG))
    assert "measurements" not in kinds_of(CATALOG)


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        ("models", "smal", "'smal' is unknown; did you mean small?"),
        ("models", "zzz", "leave the name out to list all"),
        ("modles", "small", "kind 'modles' is unknown; did you mean models?; kinds are models"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(kind: str, name: str, told: str) -> None:
    with pytest.raises(CatalogError) as caught:
        describe_fact(a_catalog(models=(a_model(),)), kind, name, as_of=AS_OF)

    assert told in str(caught.value)
