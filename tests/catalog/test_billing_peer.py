"""Our sum against that of genai-prices, an independent implementation, on the same prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from genai_prices import types as peer
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.catalog import PriceList, PriceTier, Usage, request_cost_usd

THRESHOLD = 1_000
NAMES = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cached_input": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "hour_cache_write": "cache_write_1h_mtok",
    "reasoning": "output_reasoning_mtok",
}
cents = st.integers(0, 10_000)
stated = st.fixed_dictionaries({name: st.tuples(cents, cents) for name in NAMES})
silent = st.sets(
    st.sampled_from(["cached_input", "cache_write", "hour_cache_write", "reasoning"])
).map(lambda names: names | {"hour_cache_write"} if "cache_write" in names else names)
"""What a list leaves open; the peer refuses a price of the hour without one of a cache write."""
parts = st.tuples(*[st.integers(0, 600)] * 6)


def ours(prices: dict[str, tuple[int, int]], *, tiered: bool) -> PriceList:
    low, high = (
        {f"{name}_usd_per_million_tokens": pair[side] / 100 for name, pair in prices.items()}
        for side in (0, 1)
    )
    tier = PriceTier.model_validate({"above_input_tokens": THRESHOLD, **high})
    return PriceList.model_validate({**low, "tiers": (tier,) if tiered else ()})


def theirs(prices: dict[str, tuple[int, int]], *, tiered: bool) -> peer.ModelPrice:
    def price(low: int, high: int) -> Any:  # noqa: ANN401  the peer takes either kind
        if not tiered:
            return Decimal(low) / 100
        tiers = [peer.Tier(start=THRESHOLD, price=Decimal(high) / 100)]
        return peer.TieredPrices(base=Decimal(low) / 100, tiers=tiers)

    return peer.ModelPrice(**{NAMES[name]: price(*pair) for name, pair in prices.items()})


@settings(deadline=None)
@given(prices=stated, unstated=silent, counts=parts, tiered=st.booleans())
def test_both_sums_agree_for_every_combination_at_once(
    *, prices: dict[str, tuple[int, int]], unstated: set[str], counts: tuple[int, ...], tiered: bool
) -> None:
    listed = {name: pair for name, pair in prices.items() if name not in unstated}
    other, cached, written, kept, answer, reasoning = counts
    usage = Usage(
        input_tokens=other + cached + written + kept,
        cached_input_tokens=cached,
        cache_written_tokens=written,
        hour_cache_written_tokens=kept,
        output_tokens=answer + reasoning,
        reasoning_tokens=reasoning,
    )
    same = peer.Usage(
        input_tokens=other + cached + written + kept,
        cache_read_tokens=cached,
        cache_write_tokens=written + kept,
        cache_write_1h_tokens=kept,
        output_tokens=answer + reasoning,
        output_reasoning_tokens=reasoning,
    )

    mine = request_cost_usd(ours(listed, tiered=tiered), usage)

    assert mine == pytest.approx(
        float(theirs(listed, tiered=tiered).calc_price(same)["total_price"])
    )
