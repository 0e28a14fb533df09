"""Hosted open weights become dearer, cheaper, or go; two tables that disagree change nothing."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.landscape.hosted_prices import hosted_changes, hosted_summary
from playbook.landscape.market_records import HostedChange
from tests.catalog.builders import a_catalog
from tests.catalog.price_builders import BLEND, NEWEST, a_history, at_usd
from tests.landscape.builders import AS_OF

CATALOG = load_catalog()
OLD, LATER = date(2024, 1, 1), date(2024, 6, 1)
STAYS = at_usd(1, OLD, model="stays")


def hosting(*prices: object, **history: object) -> Catalog:
    return a_catalog(price_histories=(a_history(*prices, **history),), assumptions=(BLEND,))


def changes_of(catalog: Catalog, model: str) -> list[HostedChange]:
    return [one for one in hosted_changes(catalog, as_of=AS_OF) if one.model == model]


def test_a_higher_blended_price_later_is_a_rise() -> None:
    (found,) = changes_of(hosting(at_usd(1, OLD, LATER), at_usd(2, date(2025, 1, 1))), "first")

    assert (found.kind, found.on, found.input_before, found.input_after) == (
        "rise", date(2025, 1, 1), 1, 2,
    )  # fmt: skip


def test_a_lower_price_is_a_cut_and_an_equal_one_is_nothing() -> None:
    rows = (at_usd(2, OLD, LATER), at_usd(2, date(2024, 7, 1), date(2024, 8, 1)),
            at_usd(1, date(2024, 9, 1)))  # fmt: skip

    assert [one.kind for one in changes_of(hosting(*rows), "first")] == ["cut"]


def test_a_name_that_went_over_to_other_weights_shows_no_change_of_price() -> None:
    later = date(2025, 1, 1)
    rows = (
        at_usd(1, OLD, LATER, catalog_model="old"),
        at_usd(2, later, later, catalog_model="new"),
        at_usd(3, date(2025, 6, 1), catalog_model="new"),
    )

    (found,) = changes_of(hosting(*rows), "first")

    assert (found.input_before, found.input_after) == (2, 3)
    assert changes_of(CATALOG, "deepseek-v4-flash") == []


def test_another_mix_at_the_same_blended_price_is_no_change() -> None:
    """(3 x 0.2 + 0.6) / 4 = (3 x 0.3 + 0.3) / 4 = 0.3 USD per million tokens."""
    rows = (
        at_usd(0.2, OLD, LATER).changed(output_usd_per_million_tokens=0.6),
        at_usd(0.3, date(2025, 1, 1)),
    )

    assert changes_of(hosting(*rows), "first") == []


def test_an_offer_that_went_later_is_still_there_on_an_earlier_day() -> None:
    catalog = hosting(at_usd(1, OLD, LATER), STAYS)

    assert hosted_changes(catalog, as_of=date(2024, 3, 1)) == ()
    assert [one.kind for one in hosted_changes(catalog, as_of=AS_OF)] == ["exit"]


def test_two_tables_that_disagree_at_one_time_make_no_change() -> None:
    rows = (at_usd(1, OLD, NEWEST), at_usd(2, LATER, date(2024, 9, 1), table="models.dev"))

    assert changes_of(hosting(*rows), "first") == []


def test_an_offer_gone_from_a_newer_copy_of_its_table_is_an_exit() -> None:
    (found,) = changes_of(hosting(at_usd(1, OLD, LATER), STAYS), "first")

    assert (found.kind, found.on, found.input_after) == ("exit", LATER, None)


def test_a_table_without_a_newer_copy_shows_no_exit() -> None:
    """The table ended; the offer may live on. That another table never showed it says nothing."""
    ended = at_usd(1, OLD, LATER, table="models.dev")

    assert changes_of(hosting(ended, STAYS), "first") == []


def test_an_offer_that_another_table_still_shows_is_no_exit() -> None:
    rows = (at_usd(1, OLD, LATER), at_usd(1, OLD, NEWEST, table="models.dev"), STAYS)

    assert changes_of(hosting(*rows), "first") == []


def test_a_developers_own_api_shows_no_exit() -> None:
    assert changes_of(hosting(at_usd(1, OLD, LATER), STAYS, weights="own"), "first") == []


def test_closed_models_and_names_that_move_are_left_out() -> None:
    rows = (at_usd(1, OLD, LATER, open_weights=False),
            at_usd(2, date(2025, 1, 1), open_weights=False))  # fmt: skip

    assert hosted_changes(hosting(*rows), as_of=AS_OF) == ()


def test_the_summary_counts_each_offer_once_by_kind() -> None:
    rose = (at_usd(1, OLD, LATER, model="a"), at_usd(2, date(2024, 7, 1), date(2024, 8, 1),
            model="a"), at_usd(3, date(2025, 1, 1), model="a"))  # fmt: skip
    found = hosted_summary(hosting(*rose, at_usd(1, OLD, LATER, model="b"), STAYS), as_of=AS_OF)

    assert found is not None
    assert (found.offers, found.rose, found.cut, found.gone) == (3, 1, 0, 1)
    assert found.share_rose == pytest.approx(1 / 3)


def test_an_offer_followed_for_under_half_a_year_is_not_counted() -> None:
    young = at_usd(1, date(2025, 12, 1), model="young")

    assert hosted_summary(hosting(young), as_of=AS_OF) is None


@pytest.mark.parametrize(
    ("provider", "model", "kind", "before", "after"),
    [
        ("Together AI", "meta-llama/Llama-3.3-70B-Instruct-Turbo", "rise", (0.88, 0.88),
         (1.04, 1.04)),
        ("DeepInfra", "mistralai/Mixtral-8x7B-Instruct-v0.1", "rise", (0.08, 0.24), (0.4, 0.4)),
        ("DeepInfra", "mistralai/Mixtral-8x7B-Instruct-v0.1", "cut", (0.27, 0.27), (0.08, 0.24)),
        ("Groq", "llama-3.3-70b-versatile", "exit", (0.59, 0.79), (None, None)),
        ("Groq", "llama3-8b-8192", "exit", (0.05, 0.08), (None, None)),
        ("Groq", "openai/gpt-oss-120b", "cut", (0.15, 0.75), (0.15, 0.6)),
    ],
)  # fmt: skip
def test_changes_seen_in_the_tables_are_shown(
    provider: str, model: str, kind: str, before: tuple[float, float], after: object
) -> None:
    """Copies of litellm's map (tokencost to 2025-09-01, 1.109.1) and models.dev to 2026-07-02."""
    found = [
        ((one.input_before, one.output_before), (one.input_after, one.output_after))
        for one in changes_of(CATALOG, model)
        if (one.provider, one.kind) == (provider, kind)
    ]

    assert (before, after) in found


def test_changes_come_newest_first_each_with_its_source() -> None:
    found = hosted_changes(CATALOG, as_of=AS_OF)

    assert [one.on for one in found] == sorted((one.on for one in found), reverse=True)
    assert all(one.source.url for one in found)
    assert {one.kind for one in found} == {"rise", "cut", "exit"}
