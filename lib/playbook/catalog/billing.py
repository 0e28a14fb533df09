"""What a request costs at a price: the one sum that estimates and trials share.

How providers bill, as read on 2026-11-23:

- Cached and written input tokens are billed in place of, not on top of, other input
  (https://platform.claude.com/docs/en/docs/about-claude/pricing); written ones like other input
  where no price is listed, reasoning like output (https://docs.perplexity.ai/docs/gateway/models).
- A request whose input is longer than a tier's threshold pays the tier for all of its tokens, in
  and out: OpenAI above 272k (the page above, and
  https://tokencost.app/blog/gpt-5-5-long-context-pricing-cliff), Google above 200k
  (https://docs.rs/gemini-cost); so do genai-prices' `types.TieredPrices`.
- Batch and cache discounts add up at some (Anthropic halves cache reads and writes in a batch,
  https://dev.to/neverpaytwice/claude-batch-api-half-price-if-you-can-wait-ecg), not at others
  (litellm's price file has Gemini 2.5 read its cache in a batch at the full cache price): each
  price list says, by its prices of cached input in a batch.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple, Self

from annotated_types import Unit
from pydantic import Field, model_validator

from playbook.catalog.pricing import PriceList, Rates
from playbook.records import Record
from playbook.units import token_cost_usd

ROUNDING_SHARE = 1e-9
RequestTokens = Annotated[float, Field(ge=0, le=1e13), Unit("tokens")]
Images = Annotated[float, Field(ge=0, le=10_000), Unit("images")]


class Usage(Record):
    """What one request uses, or the mean request of a workload; parts are counted in the whole."""

    input_tokens: RequestTokens
    """All input tokens, cached and written ones among them."""
    output_tokens: RequestTokens
    """All output tokens, reasoning among them."""
    cached_input_tokens: RequestTokens = 0
    """Input tokens read from the provider's prompt cache."""
    cache_written_tokens: RequestTokens = 0
    """Input tokens written to that cache for the shortest time sold."""
    hour_cache_written_tokens: RequestTokens = 0
    """Input tokens written to be kept for an hour, on top of those."""
    reasoning_tokens: RequestTokens = 0
    """Output tokens spent on reasoning."""
    input_images: Images = 0
    """Images read; they cost apart only where the provider charges by the image."""
    batch: bool = False
    """Whether the request may wait for the provider's batch service."""

    @property
    def cache_tokens(self) -> float:
        """Return input tokens that the cache touches: read from it or written to it."""
        return self.cached_input_tokens + self.cache_written_tokens + self.hour_cache_written_tokens

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.cache_tokens > self.input_tokens * (1 + ROUNDING_SHARE):
            msg = f"{self.cache_tokens:g} tokens in cache exceed {self.input_tokens:g} of input"
            raise ValueError(msg)
        if self.reasoning_tokens > self.output_tokens * (1 + ROUNDING_SHARE):
            msg = f"{self.reasoning_tokens:g} reasoning tokens exceed {self.output_tokens:g} output"
            raise ValueError(msg)
        return self


def request_cost_usd(price: PriceList, usage: Usage) -> float:
    """Return what a request costs, USD.

    A request that may wait is billed by the batch prices that are stated, and where there are none
    like any other. Whether waiting is the cheaper way is for the caller to compare.

    Example:
        >>> price = PriceList(
        ...     input_usd_per_million_tokens=2.0, output_usd_per_million_tokens=8.0,
        ...     cached_input_usd_per_million_tokens=0.5,
        ... )
        >>> used = Usage(input_tokens=1_000_000, cached_input_tokens=400_000, output_tokens=0)
        >>> request_cost_usd(price, used)
        1.4
    """
    rates = rates_at(price, usage.input_tokens)
    billed = _in_batch(rates) if usage.batch else _at_once(rates)
    counts = (
        max(usage.input_tokens - usage.cache_tokens, 0.0),
        usage.cached_input_tokens,
        usage.cache_written_tokens,
        usage.hour_cache_written_tokens,
        max(usage.output_tokens - usage.reasoning_tokens, 0.0),
        usage.reasoning_tokens,
    )
    tokens = sum(token_cost_usd(n, usd) for n, usd in zip(counts, billed, strict=True))
    return tokens + usage.input_images * (price.usd_per_input_image or 0.0)


def highest_cost_usd(price: PriceList, usage: Usage) -> float:
    """Return a ceiling for what a request costs at once if its input may turn out shorter.

    Each token is billed at the dearest price that it can meet: every tier up to its length, input
    written to a cache that nobody asked for, output spent on reasoning.

    Args:
        price: The price list.
        usage: The longest input and output; how they divide is not read.
    """
    tiers = [tier for tier in price.tiers if tier.above_input_tokens < usage.input_tokens]
    billed = [_at_once(rates) for rates in (price, *tiers)]
    sent = max(max(each[:4]) for each in billed)
    written = max(max(each[4:]) for each in billed)
    images = usage.input_images * (price.usd_per_input_image or 0.0)
    tokens = token_cost_usd(usage.input_tokens, sent)
    return tokens + token_cost_usd(usage.output_tokens, written) + images


def rates_at(price: PriceList, input_tokens: float) -> Rates:
    """Return the prices of a request of a length: the list's own, or of the tier it falls in.

    Args:
        price: The price list.
        input_tokens: All input tokens of the request, cached ones counted.
    """
    reached = [tier for tier in price.tiers if tier.above_input_tokens < input_tokens]
    return reached[-1] if reached else price


class _Billed(NamedTuple):
    """USD per million tokens of each kind, gaps filled as the price list's fields say."""

    input: float
    cached: float
    written: float
    hour_written: float
    output: float
    reasoning: float


def _at_once(rates: Rates) -> _Billed:
    read, answer = rates.input_usd_per_million_tokens, rates.output_usd_per_million_tokens
    written = _stated(rates.cache_write_usd_per_million_tokens, otherwise=read)
    return _Billed(
        input=read,
        cached=_stated(rates.cached_input_usd_per_million_tokens, otherwise=read),
        written=written,
        hour_written=_stated(rates.hour_cache_write_usd_per_million_tokens, otherwise=written),
        output=answer,
        reasoning=_stated(rates.reasoning_usd_per_million_tokens, otherwise=answer),
    )


def _in_batch(rates: Rates) -> _Billed:
    at_once = _at_once(rates)
    read, cached = at_once.input, at_once.cached
    if rates.batch_input_usd_per_million_tokens is not None:
        read = cached = rates.batch_input_usd_per_million_tokens
    written = _stated(rates.cache_write_usd_per_million_tokens, otherwise=read)
    answer = rates.batch_output_usd_per_million_tokens
    return _Billed(
        input=read,
        cached=_stated(rates.batch_cached_input_usd_per_million_tokens, otherwise=cached),
        written=_stated(rates.batch_cache_write_usd_per_million_tokens, otherwise=written),
        hour_written=_stated(rates.hour_cache_write_usd_per_million_tokens, otherwise=written),
        output=_stated(answer, otherwise=at_once.output),
        reasoning=_stated(answer, otherwise=at_once.reasoning),
    )


def _stated(usd: float | None, *, otherwise: float) -> float:
    return otherwise if usd is None else usd
