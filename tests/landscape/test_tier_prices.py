"""A rank's price follows the newest model of the rank, which is no price of one model."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import load_catalog
from playbook.catalog.price_history import Tier
from playbook.landscape.tier_prices import price_path, tier_prices
from tests.catalog.builders import SOURCE, a_catalog
from tests.catalog.price_builders import a_history, at_usd
from tests.landscape.builders import AS_OF

CATALOG = load_catalog()
Paid = tuple[float, float]


def paid(provider: str, tier: Tier) -> list[Paid]:
    """Return the prices of a rank, an unchanged one once."""
    prices = [
        (one.input_usd_per_million_tokens, one.output_usd_per_million_tokens)
        for one in price_path(CATALOG, provider, tier, as_of=AS_OF)
    ]
    return [
        price for number, price in enumerate(prices) if not number or price != prices[number - 1]
    ]


def test_a_newer_model_takes_the_older_ones_place_and_the_older_ones_later_price_is_unseen() -> (
    None
):
    rows = (
        at_usd(5, date(2024, 1, 1), date(2024, 5, 1), model="old", tier="small"),
        at_usd(9, date(2024, 6, 1), model="new", tier="small"),
        at_usd(1, date(2024, 7, 1), model="old", tier="small"),
        at_usd(8, date(2024, 8, 1), model="other", tier="middle"),
    )
    catalog = a_catalog(price_histories=(a_history(*rows, tier_source=SOURCE),))

    found = price_path(catalog, "host", "small", as_of=AS_OF)

    assert [(one.model, one.input_usd_per_million_tokens) for one in found] == [
        ("old", 5.0), ("new", 9.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "tier", "told"),
    [
        ("openai", "flagship", [(30, 60), (10, 30), (5, 15), (2.5, 10), (1.25, 10), (1.75, 14),
                                (2.5, 15), (5, 30), (4, 20), (2, 10)]),
        ("anthropic", "flagship", [(15, 75), (5, 25), (4, 20)]),
        ("anthropic", "middle", [(3, 15), (2, 10)]),
        ("anthropic", "small", [(0.25, 1.25), (1, 5), (0.8, 4), (1, 5), (0.1, 0.5)]),
        ("gemini", "small", [(0.35, 1.05), (0.075, 0.3), (0.1, 0.4), (0.3, 2.5), (0.5, 3),
                             (1.5, 9), (0.75, 3.75)]),
        ("mistral", "flagship", [(8, 24), (4, 12), (3, 9), (2, 6), (0.5, 1.5)]),
    ],
)  # fmt: skip
def test_ranks_moved_as_the_tables_saw_it(provider: str, tier: Tier, told: list[Paid]) -> None:
    """USD per million input and output tokens in copies of litellm's map and models.dev."""
    assert paid(provider, tier) == told


def test_every_step_has_its_source_and_the_rank_its_judge() -> None:
    found = tier_prices(CATALOG, as_of=AS_OF)

    assert {one.provider for one in found} >= {"openai", "anthropic", "gemini", "mistral"}
    assert all(one.source.url for one in found)
    assert {one.tier_source.kind for one in found} == {"assumption"}


def test_a_provider_that_nobody_ranked_has_no_path() -> None:
    assert price_path(CATALOG, "groq", "flagship", as_of=AS_OF) == ()
