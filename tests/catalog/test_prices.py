"""The price in force on a day, and litellm's file read without importing litellm."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import price_from_litellm, price_on
from playbook.catalog import prices as module
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
