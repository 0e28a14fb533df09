"""Every combination of prices on worked examples.

Examples "as printed on" a page use its figures and its result. Those "worked by hand" use the
prices of the page named and a sum done here. All pages were read on 2026-11-23.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playbook.catalog import PriceList, PriceTier, Usage, highest_cost_usd, request_cost_usd

MILLION = 1_000_000


def a_list(input_usd: float, output_usd: float, **others: object) -> PriceList:
    return PriceList.model_validate(
        {
            "input_usd_per_million_tokens": input_usd,
            "output_usd_per_million_tokens": output_usd,
            **_long_names(others),
        }
    )


def a_tier(above: int, input_usd: float, output_usd: float, **others: object) -> PriceTier:
    return PriceTier.model_validate(
        {
            "above_input_tokens": above,
            "input_usd_per_million_tokens": input_usd,
            "output_usd_per_million_tokens": output_usd,
            **_long_names(others),
        }
    )


def cost(price: PriceList, input_tokens: float, output_tokens: float, **parts: object) -> float:
    counts = {"input_tokens": input_tokens, "output_tokens": output_tokens}
    return request_cost_usd(price, Usage.model_validate({**counts, **parts}))


def _long_names(prices: dict[str, object]) -> dict[str, object]:
    whole = ("tiers", "usd_per_input_image")
    return {
        name if name in whole else f"{name}_usd_per_million_tokens": value
        for name, value in prices.items()
    }


GPT_5_5 = a_list(
    5, 30, cached_input=0.5, batch_input=2.5, batch_output=15,
    tiers=(a_tier(272_000, 10, 45, cached_input=1, batch_input=5, batch_output=22.5),),
)  # fmt: skip
"""https://tokencost.app/blog/gpt-5-5-long-context-pricing-cliff, after OpenAI's pricing page."""

GEMINI_2_5_PRO = a_list(
    1.25, 10, cached_input=0.125, tiers=(a_tier(200_000, 2.5, 15, cached_input=0.25),)
)
"""https://deploybase.ai/articles/gemini-api-pricing, after Google's pricing page."""

SONNET_4 = a_list(
    3, 15, cached_input=0.3, cache_write=3.75, hour_cache_write=6,
    batch_input=1.5, batch_output=7.5, batch_cached_input=0.15, batch_cache_write=1.875,
)  # fmt: skip
"""https://platform.claude.com/docs/en/docs/about-claude/pricing."""

OPUS_5_5 = a_list(4, 20, batch_input=2, batch_output=10)
"""https://dev.to/neverpaytwice/claude-batch-api-half-price-if-you-can-wait-ecg, after Anthropic."""

DEEPSEEK_CHAT = a_list(0.27, 1.10, cached_input=0.07)
"""https://api-docs.deepseek.com/quick_start/pricing-details-usd."""

SONAR_DEEP_RESEARCH = a_list(2, 8, reasoning=3)
"""https://docs.perplexity.ai/getting-started/pricing."""


def test_input_and_output() -> None:
    """10,000 in and 2,000 out on GPT-5.5 cost 0.11 USD, on GPT-4.1 (2/8) 0.036, as printed on.

    https://plausiblereality.com/p/gpt-55-is-expensive-only-if-you-ask
    """
    assert cost(GPT_5_5, 10_000, 2_000) == pytest.approx(0.11)
    assert cost(a_list(2, 8), 10_000, 2_000) == pytest.approx(0.036)


def test_cached_input_counts_in_place_of_input() -> None:
    """423 other and 380 cached input tokens, 18 out, on Sonnet 4.5: 0.001653 USD, as printed on.

    https://docs.rs/crate/claude-cost/0.1.0, which counts cached tokens apart, unlike here.
    """
    found = cost(SONNET_4, 423 + 380, 18, cached_input_tokens=380)

    assert found == pytest.approx(0.001653)


def test_cache_hits_and_misses() -> None:
    """1M in of which 600k hit, 100k out: 0.6 x 0.07 + 0.4 x 0.27 + 0.1 x 1.10 = 0.26 by hand."""
    found = cost(DEEPSEEK_CHAT, MILLION, 100_000, cached_input_tokens=600_000)

    assert found == pytest.approx(0.26)


def test_cache_written_once_and_read_ten_times() -> None:
    """A 100k prefix written once, read ten times, 10k out: 0.375 + 0.30 + 0.15 USD, as printed on.

    https://eonsr.com/claude-prompt-caching-math (the output is in the ten reads).
    """
    written = cost(SONNET_4, 100_000, 0, cache_written_tokens=100_000)
    read = cost(SONNET_4, 100_000, 1_000, cached_input_tokens=100_000)

    assert written == pytest.approx(0.375)
    assert written + 10 * read == pytest.approx(0.825)


def test_the_same_in_a_batch_costs_half_where_discounts_add_up() -> None:
    """The same in a batch: "about 0.41" as printed there; exactly 0.4125."""
    written = cost(SONNET_4, 100_000, 0, cache_written_tokens=100_000, batch=True)
    read = cost(SONNET_4, 100_000, 1_000, cached_input_tokens=100_000, batch=True)

    assert written + 10 * read == pytest.approx(0.4125)


def test_cache_kept_for_an_hour() -> None:
    """20k written for an hour, 30k for minutes, 50k others: .12 + .1125 + .15 USD by hand."""
    found = cost(
        SONNET_4, 100_000, 0, hour_cache_written_tokens=20_000, cache_written_tokens=30_000
    )

    assert found == pytest.approx(0.3825)


def test_batch() -> None:
    """5,000 in and 800 out on Opus 5.5: 0.036 USD at once, 0.018 in a batch, as printed on.

    https://dev.to/neverpaytwice/claude-batch-api-half-price-if-you-can-wait-ecg
    """
    assert cost(OPUS_5_5, 5_000, 800) == pytest.approx(0.036)
    assert cost(OPUS_5_5, 5_000, 800, batch=True) == pytest.approx(0.018)


def test_a_longer_prompt_pays_the_tier_for_all_its_tokens() -> None:
    """300k in cost six times 100k in: 0.75 against 0.125 USD ("~6x at 3x tokens"), as printed on.

    https://docs.rs/crate/gemini-cost/0.1.0
    """
    assert cost(GEMINI_2_5_PRO, 100_000, 0) == pytest.approx(0.125)
    assert cost(GEMINI_2_5_PRO, 300_000, 0) == pytest.approx(0.75)


def test_the_tier_begins_above_its_threshold_and_prices_the_output_too() -> None:
    """By hand: 200k x 1.25 + 1k x 10 = 0.26; one token more: 200,001 x 2.5 + 1k x 15 = 0.515."""
    assert cost(GEMINI_2_5_PRO, 200_000, 1_000) == pytest.approx(0.26)
    assert cost(GEMINI_2_5_PRO, 200_001, 1_000) == pytest.approx(0.5150025)


def test_cached_tokens_count_for_the_threshold_and_pay_the_tiers_cache_price() -> None:
    """By hand: 250k of 300k cached at 0.25, 50k at 2.5: 0.0625 + 0.125 = 0.1875 USD."""
    found = cost(GEMINI_2_5_PRO, 300_000, 0, cached_input_tokens=250_000)

    assert found == pytest.approx(0.1875)


def test_batch_above_the_threshold() -> None:
    """By hand on GPT-5.5's doubled prices, halved: 300k x 5 + 10k x 22.5 = 1.725 USD."""
    assert cost(GPT_5_5, 300_000, 10_000, batch=True) == pytest.approx(1.725)


def test_the_highest_tier_reached_counts() -> None:
    """By hand: 250k at the second tier's 3: 0.75 USD."""
    price = a_list(1, 1, tiers=(a_tier(100_000, 2, 2), a_tier(200_000, 3, 3)))

    assert cost(price, 250_000, 0) == pytest.approx(0.75)


def test_reasoning_at_its_own_price() -> None:
    """By hand: 1k in, 10k out of which 8k reasoning: .002 + 2k x 8 + 8k x 3 = 0.042 USD."""
    found = cost(SONAR_DEEP_RESEARCH, 1_000, 10_000, reasoning_tokens=8_000)

    assert found == pytest.approx(0.042)


def test_reasoning_without_a_price_is_output() -> None:
    """OpenAI bills reasoning as output: by hand 2k x 30 = 0.06 USD, however it divides."""
    assert cost(GPT_5_5, 0, 2_000, reasoning_tokens=1_500) == pytest.approx(0.06)


def test_images_by_the_image() -> None:
    """By hand: 3 images at 0.0025 beside 1,000 tokens at 1 USD: 0.0085 USD."""
    price = a_list(1, 1, usd_per_input_image=0.0025)

    assert cost(price, 1_000, 0, input_images=3) == pytest.approx(0.0085)


def test_images_without_a_price_are_among_the_tokens() -> None:
    assert cost(a_list(1, 1), 1_000, 0, input_images=3) == cost(a_list(1, 1), 1_000, 0)


def test_all_at_once() -> None:
    """By hand, above 100k, in a batch, at 1M in (500k cached, 200k written, 300k others), 1M out.

    0.5 x 0.4 + 0.2 x 1.5 + 0.3 x 2 + 1 x 10 (reasoning too) + 2 images x 0.01 = 11.12 USD.
    """
    tier = a_tier(
        100_000, 4, 20, cached_input=0.8, cache_write=3, reasoning=7,
        batch_input=2, batch_output=10, batch_cached_input=0.4, batch_cache_write=1.5,
    )  # fmt: skip
    price = a_list(1, 5, usd_per_input_image=0.01, tiers=(tier,))

    found = cost(
        price, MILLION, MILLION, cached_input_tokens=500_000, cache_written_tokens=200_000,
        reasoning_tokens=600_000, input_images=2, batch=True,
    )  # fmt: skip

    assert found == pytest.approx(11.12)


@pytest.mark.parametrize("batch", [False, True])
def test_what_is_not_stated_is_billed_in_full(*, batch: bool) -> None:
    plain = cost(a_list(2, 8), MILLION, MILLION)

    found = cost(
        a_list(2, 8), MILLION, MILLION, cached_input_tokens=300_000,
        cache_written_tokens=200_000, hour_cache_written_tokens=100_000,
        reasoning_tokens=400_000, batch=batch,
    )  # fmt: skip

    assert found == pytest.approx(plain)


def test_without_a_price_for_both_the_cache_discount_is_lost_in_a_batch() -> None:
    """By hand: 1M cached at the batch price of 1, not at the cache price of 0.2."""
    price = a_list(2, 8, cached_input=0.2, batch_input=1)

    assert cost(price, MILLION, 0, cached_input_tokens=MILLION, batch=True) == pytest.approx(1)


def test_a_tier_does_not_inherit_discounts() -> None:
    """By hand: 1M cached in a tier at 4 without a cache price: 4 USD, not 0.2."""
    price = a_list(2, 8, cached_input=0.2, tiers=(a_tier(100_000, 4, 16),))

    assert cost(price, MILLION, 0, cached_input_tokens=MILLION) == pytest.approx(4)


def test_parts_larger_than_the_whole_are_refused() -> None:
    with pytest.raises(ValidationError, match="120 tokens in cache exceed 100 of input"):
        Usage(input_tokens=100, output_tokens=0, cached_input_tokens=60, cache_written_tokens=60)
    with pytest.raises(ValidationError, match="11 reasoning tokens exceed 10 output"):
        Usage(input_tokens=0, output_tokens=10, reasoning_tokens=11)


usd = st.floats(0, 100)
maybe_usd = st.none() | usd
rates = {
    f"{name}_usd_per_million_tokens": maybe_usd
    for name in (
        "cached_input", "cache_write", "hour_cache_write", "reasoning", "batch_input",
        "batch_output", "batch_cached_input", "batch_cache_write",
    )
} | {"input_usd_per_million_tokens": usd, "output_usd_per_million_tokens": usd}  # fmt: skip
tiers = st.builds(PriceTier, above_input_tokens=st.integers(1, 1_000), **rates)
lists = st.builds(PriceList, tiers=st.tuples() | st.tuples(tiers), **rates)
share = st.floats(0, 1)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    read, written = draw(st.integers(0, 2_000)), draw(st.integers(0, 2_000))
    first, second, third = sorted(draw(st.tuples(share, share, share)))
    return Usage(
        input_tokens=read,
        output_tokens=written,
        cached_input_tokens=read * first,
        cache_written_tokens=read * (second - first),
        hour_cache_written_tokens=read * (third - second),
        reasoning_tokens=written * draw(share),
    )


@given(lists, usages())
def test_no_request_costs_more_than_the_ceiling_of_its_length(
    price: PriceList, usage: Usage
) -> None:
    longest = Usage(input_tokens=usage.input_tokens + 50, output_tokens=usage.output_tokens + 50)

    assert request_cost_usd(price, usage) <= highest_cost_usd(price, longest) + 1e-12


@given(lists, usages(), usd)
def test_a_cost_never_falls_when_a_price_rises(price: PriceList, usage: Usage, more: float) -> None:
    dearer = price.changed(output_usd_per_million_tokens=price.output_usd_per_million_tokens + more)

    assert 0 <= request_cost_usd(price, usage) <= request_cost_usd(dearer, usage) + 1e-12
