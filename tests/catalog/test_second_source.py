"""The second opinion: only sure matches, the price of the day, tiers, and no network."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from playbook.catalog import load_catalog
from playbook.catalog import second_source as module
from playbook.catalog.second_source import (
    SECOND_SOURCES,
    announced_prices,
    matched_model,
    second_opinions,
    second_source,
)
from playbook.errors import CatalogError
from tests.catalog.builders import AS_OF


def test_a_price_cut_holds_from_the_day_that_the_package_dates_it() -> None:
    """genai-prices dates a cut of o3 on 2025-06-10: input from USD 10 to USD 2 per million."""
    (before,) = second_opinions("openai", "o3", as_of=date(2025, 6, 9))
    (after,) = second_opinions("openai", "o3", as_of=date(2025, 6, 10))

    assert (before.input_usd_per_million_tokens, before.output_usd_per_million_tokens) == (10, 40)
    assert (after.input_usd_per_million_tokens, after.output_usd_per_million_tokens) == (2, 8)


def test_a_price_to_come_is_announced_before_its_day_and_in_force_from_it() -> None:
    """genai-prices dates the end of an introductory price on 2027-01-01."""
    offer = ("gemini", "gemini/gemini-3.8-flash")
    ((day, price),) = announced_prices(*offer, as_of=AS_OF)

    (on_the_day,) = second_opinions(*offer, as_of=day)

    assert day == date(2027, 1, 1)
    assert on_the_day.input_usd_per_million_tokens == price.input_usd_per_million_tokens
    assert announced_prices(*offer, as_of=day) == ()


def test_prices_by_the_hour_are_all_given_cheapest_first() -> None:
    off_peak, peak = second_opinions("deepseek", "deepseek/deepseek-v4-pro", as_of=AS_OF)

    assert off_peak.input_usd_per_million_tokens < peak.input_usd_per_million_tokens
    assert off_peak.source == peak.source


def test_a_tier_is_a_whole_list_with_its_threshold() -> None:
    """genai-prices: Claude Haiku 5.5 costs five times as much above 100,000 tokens of input."""
    (found,) = second_opinions("anthropic", "claude-haiku-5-5", as_of=AS_OF)

    (tier,) = found.tiers
    assert tier.above_input_tokens == 100_000
    for field in type(tier).model_fields:
        if field != "above_input_tokens" and getattr(tier, field) is not None:
            assert getattr(tier, field) == pytest.approx(5 * getattr(found, field))


def test_a_batch_price_is_given_where_the_package_states_one() -> None:
    """genai-prices: batch halves GPT-4o's input and output but not its cached input."""
    (found,) = second_opinions("openai", "gpt-4o-2024-08-06", as_of=AS_OF)

    assert found.batch_input_usd_per_million_tokens == found.input_usd_per_million_tokens / 2
    assert found.batch_output_usd_per_million_tokens == found.output_usd_per_million_tokens / 2
    assert (
        found.batch_cached_input_usd_per_million_tokens == found.cached_input_usd_per_million_tokens
    )


@pytest.mark.parametrize(
    ("provider", "litellm_id"),
    [
        ("openai", "gpt-4o-2024-08-06-something-else"),
        ("openai", "no-such-model"),
        ("bedrock-eu", "bedrock/eu-west-1/meta.llama3-8b-instruct-v1:0"),  # priced for elsewhere
        ("azure-eu", "azure/eu/gpt-6-sol"),  # no price by region
        ("an organisation's own", "gpt-6-sol"),
        ("anthropic", ""),
    ],
)
def test_no_sure_match_is_no_opinion(provider: str, litellm_id: str) -> None:
    assert second_opinions(provider, litellm_id, as_of=AS_OF) == ()


@pytest.mark.parametrize(
    ("provider", "litellm_id", "theirs"),
    [
        ("mistral", "mistral/mistral-medium-2604", "mistral-medium-3-5"),
        ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("bedrock-us", "meta.llama3-3-70b-instruct-v1:0", "meta.llama3-3-70b-instruct-v1:0"),
        ("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("groq", "groq/openai/gpt-oss-120b", "openai/gpt-oss-120b"),
    ],
)
def test_a_dated_or_versioned_id_finds_its_model(
    provider: str, litellm_id: str, theirs: str
) -> None:
    found = matched_model(provider, litellm_id)

    assert found is not None
    assert found.id == theirs


def test_every_mapped_provider_is_one_of_ours_and_one_of_theirs() -> None:
    from genai_prices.data import providers  # noqa: PLC0415  slow import

    ours = {provider.id for provider in load_catalog().providers}
    assert set(SECOND_SOURCES) <= ours
    assert {theirs for theirs, _ in SECOND_SOURCES.values()} <= {one.id for one in providers}


def test_the_shipped_opinions_are_those_of_the_installed_package() -> None:
    for offer in load_catalog().api_offers:
        read_on = offer.second_opinions[0].source.as_of if offer.second_opinions else AS_OF
        stated = second_opinions(offer.provider, offer.litellm_id, as_of=read_on)
        assert offer.second_opinions == stated, offer.litellm_id


def test_a_senseless_price_of_the_package_is_said_by_model(monkeypatch: pytest.MonkeyPatch) -> None:
    from genai_prices import types  # noqa: PLC0415  slow import

    slip = types.ModelPrice(input_mtok=Decimal(10) ** 7, output_mtok=Decimal(1))
    model = types.ModelInfo("slip-1", types.ClauseEquals("slip-1"), prices=slip)
    monkeypatch.setattr(module, "_models", lambda _: [model])

    with pytest.raises(CatalogError, match=r"slip-1: .*less than or equal to 10000"):
        second_opinions("openai", "slip-1", as_of=AS_OF)


def test_two_models_that_claim_an_id_are_no_match(monkeypatch: pytest.MonkeyPatch) -> None:
    from genai_prices import types  # noqa: PLC0415  slow import

    prices = types.ModelPrice(input_mtok=Decimal(1), output_mtok=Decimal(1))
    models = [
        types.ModelInfo(name, types.ClauseStartsWith("twin"), prices=prices)
        for name in ("twin", "twin-mini")
    ]

    for claimed, found in ((models[:1], models[0]), (models, None)):
        monkeypatch.setattr(module, "_models", lambda _, claimed=claimed: claimed)
        assert matched_model("openai", "twin") is found


def test_the_source_names_package_and_version() -> None:
    assert second_source(AS_OF).title.startswith("genai-prices 0.")


def test_opinions_need_no_network_and_loading_facts_no_package() -> None:
    script = (
        "import socket, sys; from datetime import date\n"
        "def refuse(*a, **k): sys.exit(4)\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from playbook.catalog import load_catalog; load_catalog()\n"
        "import playbook.catalog.refresh\n"
        "'genai_prices' in sys.modules and sys.exit(3)\n"
        "from playbook.catalog.second_source import second_opinions\n"
        "second_opinions('openai', 'gpt-6-sol', as_of=date(2026, 11, 23)) or sys.exit(5)\n"
        "import genai_prices.update_prices as u, threading\n"
        "sys.exit(threading.active_count() - 1)"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
