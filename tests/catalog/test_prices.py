"""The price in force on a day, and litellm's file read without importing litellm."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import price_from_litellm, price_on
from playbook.catalog import prices as module
from playbook.catalog.prices import entry_facts, litellm_entry
from playbook.errors import CatalogError
from tests.catalog.builders import AS_OF, a_price

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@given(st.lists(DAYS, min_size=1, max_size=6, unique=True), DAYS)
def test_the_price_in_force_is_the_newest_seen_by_then(days: list[date], as_of: date) -> None:
    found = price_on([a_price(day) for day in days], as_of)

    seen = [day for day in days if day <= as_of]
    assert found.since == (max(seen) if seen else min(days))


def test_a_price_holds_from_its_first_day_on() -> None:
    prices = [a_price(date(2026, 1, 1)), a_price(date(2026, 6, 1))]

    assert price_on(prices, date(2026, 6, 1)).since == date(2026, 6, 1)
    assert price_on(prices, date(2026, 6, 1) - timedelta(days=1)).since == date(2026, 1, 1)


def test_a_price_is_read_per_million_with_cache_and_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """USD 2.5e-6 a token is USD 2.50 per million; half of it in batch (worked by hand)."""
    entry = {
        "input_cost_per_token": 2.5e-6,
        "output_cost_per_token": 1e-5,
        "cache_read_input_token_cost": 1.25e-6,
        "input_cost_per_token_batches": 1.25e-6,
        "output_cost_per_token_batches": 5e-6,
    }
    monkeypatch.setattr(module, "litellm_entry", lambda _: entry)

    price = price_from_litellm("any", as_of=AS_OF)

    assert price is not None
    assert (price.input_usd_per_million_tokens, price.output_usd_per_million_tokens) == (2.5, 10.0)
    assert price.cached_input_usd_per_million_tokens == pytest.approx(1.25)
    assert price.batch_input_usd_per_million_tokens == pytest.approx(1.25)
    assert price.batch_output_usd_per_million_tokens == pytest.approx(5.0)
    assert (price.since, price.source.kind) == (AS_OF, "package")


def test_a_tier_is_a_whole_list_and_takes_from_below_what_it_leaves_out() -> None:
    """Above 200,000 tokens input doubles; its output is that from below (worked by hand)."""
    entry = {
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 4e-6,
        "cache_creation_input_token_cost_above_1hr": 2e-6,
        "input_cost_per_token_above_200k_tokens": 2e-6,
        "input_cost_per_token_above_200k_tokens_batches": 1e-6,
        "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 4e-6,
        "input_cost_per_token_above_200k_tokens_priority": 9e-6,
        "input_cost_per_token_above_128k_tokens": 1.5e-6,
        "output_cost_per_token_above_128k_tokens": 5e-6,
        "cache_read_input_token_cost_above_64k_tokens": 1e-7,
    }

    prices = entry_facts(entry, "host/small").prices

    assert prices is not None
    low, high = prices.tiers
    assert (low.above_input_tokens, high.above_input_tokens) == (128_000, 200_000)
    assert (low.input_usd_per_million_tokens, low.output_usd_per_million_tokens) == (1.5, 5)
    assert (high.input_usd_per_million_tokens, high.output_usd_per_million_tokens) == (2, 4)
    assert high.batch_input_usd_per_million_tokens == 1
    assert high.hour_cache_write_usd_per_million_tokens == 4
    assert prices.hour_cache_write_usd_per_million_tokens == 2


def test_cache_writes_reasoning_and_images_are_read() -> None:
    """USD 3.75e-6 a token is USD 3.75 per million; an image is priced each (worked by hand)."""
    entry = {
        "input_cost_per_token": 3e-6,
        "output_cost_per_token": 15e-6,
        "cache_creation_input_token_cost": 3.75e-6,
        "cache_creation_input_token_cost_batches": 1.875e-6,
        "cache_read_input_token_cost_batches": 0.15e-6,
        "output_cost_per_reasoning_token": 12e-6,
        "input_cost_per_image": 0.0048,
    }

    prices = entry_facts(entry, "host/small").prices

    assert prices is not None
    assert prices.cache_write_usd_per_million_tokens == 3.75
    assert prices.batch_cache_write_usd_per_million_tokens == 1.875
    assert prices.batch_cached_input_usd_per_million_tokens == 0.15
    assert prices.reasoning_usd_per_million_tokens == 12
    assert prices.usd_per_input_image == 0.0048


def test_a_price_of_zero_within_an_entry_is_unknown_and_never_free() -> None:
    entry = {
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 4e-6,
        "cache_creation_input_token_cost": 0.0,
        "output_cost_per_reasoning_token": 0,
        "input_cost_per_image": 0.0,
    }

    prices = entry_facts(entry, "host/small").prices

    assert prices is not None
    assert prices.cache_write_usd_per_million_tokens is None
    assert prices.reasoning_usd_per_million_tokens is None
    assert prices.usd_per_input_image is None


def test_context_and_end_come_with_the_prices() -> None:
    entry = {"max_input_tokens": 128_000, "deprecation_date": "2027-01-14"}

    facts = entry_facts(entry, "host/small")

    assert (facts.prices, facts.context_tokens, facts.retires) == (None, 128_000, date(2027, 1, 14))


def test_an_endpoint_of_one_region_costs_the_uplift_more() -> None:
    """USD 1.50 and 9 per million at 1.1 are USD 1.65 and 9.90 (worked by hand)."""
    entry = {
        "input_cost_per_token": 1.5e-6,
        "output_cost_per_token": 9e-6,
        "input_cost_per_token_above_200k_tokens": 3e-6,
        "regional_endpoint_uplift_multiplier": 1.1,
    }

    facts = entry_facts(entry, "host/small")
    there, regional = facts.prices, facts.of_region().prices

    assert there is not None
    assert regional is not None
    assert there.input_usd_per_million_tokens == 1.5
    assert regional.input_usd_per_million_tokens == 1.65
    assert regional.output_usd_per_million_tokens == 9.9
    assert regional.tiers[0].input_usd_per_million_tokens == 3.3


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("deprecation_date", "soon", "retires"),
        ("max_input_tokens", -1, "context_tokens"),
        ("max_input_tokens", "many", "context_tokens"),
        ("input_cost_per_token", 1.0, "input_usd_per_million_tokens"),
        ("input_cost_per_token", -1e-6, "input_usd_per_million_tokens"),
    ],
)
def test_a_senseless_entry_is_said_with_id_and_field(key: str, value: object, field: str) -> None:
    entry = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6, key: value}

    with pytest.raises(CatalogError, match=rf"host/small: .*{field}"):
        entry_facts(entry, "host/small")


@pytest.mark.parametrize(("text", "words"), [("{", "is no JSON"), ("[]", "is no mapping of ids")])
def test_a_broken_price_file_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "prices.json"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "_price_file", lambda: path)

    with pytest.raises(CatalogError, match=words):
        litellm_entry("any")


def test_an_entry_that_is_no_mapping_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "prices.json"
    path.write_text('{"any": 3}', encoding="utf-8")
    monkeypatch.setattr(module, "_price_file", lambda: path)

    assert litellm_entry("any") is None


@pytest.mark.parametrize("entry", [None, {}, {"input_cost_per_token": 0.0}])
def test_no_price_is_none_and_never_free(
    monkeypatch: pytest.MonkeyPatch, entry: dict[str, float] | None
) -> None:
    monkeypatch.setattr(module, "litellm_entry", lambda _: entry)

    assert price_from_litellm("any", as_of=AS_OF) is None


def test_a_missing_litellm_is_said_with_the_file_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: None)

    with pytest.raises(CatalogError, match=r"_backup\.json not found"):
        price_from_litellm("any", as_of=AS_OF)


def test_reading_prices_imports_no_litellm() -> None:
    script = (
        "import sys; from datetime import date; from playbook.catalog import price_from_litellm;"
        "price_from_litellm('gpt-6-luna', as_of=date(2026, 11, 23)) or sys.exit(3);"
        "sys.exit('litellm' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
