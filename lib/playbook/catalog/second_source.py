"""The second opinion on prices: genai-prices, read from its bundled data and never the network.

Its import costs most of a second of CPU, so it happens inside functions, and only a refresh or a
check of the facts calls them. Its updater, which would fetch newer data, is never started.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from playbook.catalog.pricing import PriceList, SecondOpinion
from playbook.errors import CatalogError
from playbook.provenance import Source

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice

PACKAGE = "genai-prices"
SECOND_SOURCES = {
    "anthropic": ("anthropic", ""),
    "bedrock-eu": ("aws", ""),
    "bedrock-us": ("aws", "bedrock/us-east-1/"),
    "deepseek": ("deepseek", "deepseek/"),
    "fireworks": ("fireworks", "fireworks_ai/"),
    "gemini": ("google", "gemini/"),
    "groq": ("groq", "groq/"),
    "mistral": ("mistral", "mistral/"),
    "moonshot": ("moonshotai", "moonshot/"),
    "openai": ("openai", ""),
    "ovhcloud": ("ovhcloud", "ovhcloud/"),
    "together": ("together", "together_ai/"),
}
"""Our provider to theirs, and the prefix of the litellm id that they leave out.

Azure and Vertex AI in a region are not here: the package states no price by region for them, and
a price of elsewhere is no second opinion. Others that are missing it does not know.
"""

_FIELDS = {
    "input_usd_per_million_tokens": "input_mtok",
    "output_usd_per_million_tokens": "output_mtok",
    "cached_input_usd_per_million_tokens": "cache_read_mtok",
    "cache_write_usd_per_million_tokens": "cache_write_mtok",
    "hour_cache_write_usd_per_million_tokens": "cache_write_1h_mtok",
}
_BATCH_FIELDS = {
    "batch_input_usd_per_million_tokens": "input_mtok",
    "batch_output_usd_per_million_tokens": "output_mtok",
    "batch_cached_input_usd_per_million_tokens": "cache_read_mtok",
    "batch_cache_write_usd_per_million_tokens": "cache_write_mtok",
}
_BATCH = {"processing": "batch"}
_VERSION = re.compile(r"(?:[-@:]?(?:\d{8}|\d{4}-\d{2}-\d{2})|-?v\d+(?::\d+)?|:\d+)$")


def second_source_version() -> str | None:
    """Return the version of the installed genai-prices, or None when it is not installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None


def second_source(as_of: date) -> Source:
    """Return the citation of the installed genai-prices, read on a day."""
    title = f"{PACKAGE} {second_source_version()}"
    return Source(title=title, url=f"pypi:{PACKAGE}", as_of=as_of, kind="package")


def second_opinions(provider: str, litellm_id: str, *, as_of: date) -> tuple[SecondOpinion, ...]:
    """Return what genai-prices says of an offer on a day, cheapest first; empty without a match.

    Where a price depends on the hour of the day there is one opinion for each, so that they span
    the range. No match is better than a guess: see `matched_model`.

    Args:
        provider: Our provider's id.
        litellm_id: The offer's id.
        as_of: Day on which the price holds.

    Raises:
        CatalogError: when genai-prices is missing, or states a senseless price.
    """
    model = matched_model(provider, litellm_id)
    if model is None:
        return ()
    found = dict.fromkeys(_price_lists(model, as_of))
    ordered = sorted(found, key=lambda one: one.input_usd_per_million_tokens)
    source = second_source(as_of)
    return tuple(
        SecondOpinion.model_validate({**dict(one), "source": source}) for one in ordered
    )  # fmt: skip


def announced_prices(
    provider: str, litellm_id: str, *, as_of: date
) -> tuple[tuple[date, PriceList], ...]:
    """Return the prices that genai-prices states for days still to come, soonest first.

    Args:
        provider: Our provider's id.
        litellm_id: The offer's id.
        as_of: The day after which they start.

    Raises:
        CatalogError: when genai-prices is missing, or states a senseless price.
    """
    model = matched_model(provider, litellm_id)
    if model is None or not isinstance(model.prices, list):
        return ()
    starts = (getattr(one.constraint, "start_date", None) for one in model.prices)
    days = sorted({start for start in starts if start is not None and start > as_of})
    return tuple((day, one) for day in days for one in _price_lists(model, day))


def matched_model(provider: str, litellm_id: str) -> ModelInfo | None:
    """Return the one model of genai-prices that an offer's id surely names, or None.

    Their own matching must find exactly one model of the mapped provider, and the id, without its
    date or version, must be spelt out in that model's matching rules: they also match by parts of
    a name, which alone would take a model of another size or region for this one.

    Args:
        provider: Our provider's id.
        litellm_id: The offer's id.

    Raises:
        CatalogError: when genai-prices is missing.
    """
    if provider not in SECOND_SOURCES:
        return None
    theirs, prefix = SECOND_SOURCES[provider]
    name = litellm_id.removeprefix(prefix).lower()
    found = [model for model in _models(theirs) if model.is_match(name)]
    if len(found) != 1:
        return None
    spelt = {_stem(text) for text in (found[0].id, *_literals(found[0].match))}
    return found[0] if _stem(name) in spelt else None


def _models(provider: str) -> list[ModelInfo]:
    try:
        from genai_prices.data import providers  # noqa: PLC0415  slow import, only where needed
    except ImportError as error:
        raise CatalogError(PACKAGE, ["is not installed; run `uv sync`"]) from error
    return next((list(one.models) for one in providers if one.id == provider), [])


def _literals(rule: Any) -> Iterator[str]:  # noqa: ANN401  a union of eight of their classes
    """Yield the names that a matching rule spells out, those of its parts included."""
    for value in vars(rule).values():
        if isinstance(value, str):
            yield value
        else:
            for part in value:
                yield from _literals(part)


def _stem(name: str) -> str:
    """Return a name without its dates and versions.

    Example:
        >>> _stem("anthropic.claude-haiku-4-5-20251001-v1:0"), _stem("gpt-4o-2024-08-06")
        ('anthropic.claude-haiku-4-5', 'gpt-4o')
    """
    name = name.lower()
    while (shorter := _VERSION.sub("", name)) != name:
        name = shorter
    return name


def _price_lists(model: ModelInfo, day: date) -> Iterator[PriceList]:
    for hour in _hours(model):
        moment = datetime.combine(day, hour, tzinfo=UTC)
        standard = model.get_prices(moment)
        batch = model.get_prices(moment, _BATCH) if _has_batch(model, moment) else None
        prices = _price_list(model.id, standard, batch)
        if prices is not None:
            yield prices


def _hours(model: ModelInfo) -> list[time]:
    """Return midnight and each time of day at which a price changes."""
    hours = {time(0)}
    for one in model.prices if isinstance(model.prices, list) else ():
        for edge in ("start_time", "end_time"):
            at = getattr(one.constraint, edge, None)
            if at is not None:
                hours.add(at.replace(tzinfo=None))
    return sorted(hours)


def _has_batch(model: ModelInfo, moment: datetime) -> bool:
    return any(
        variant.when == _BATCH and (not variant.constraint or variant.constraint.active(moment))
        for variant in model.price_variants or ()
    )


def _price_list(model: str, standard: ModelPrice, batch: ModelPrice | None) -> PriceList | None:
    thresholds = {
        tier.start
        for prices in (standard, batch)
        for value in (vars(prices).values() if prices else ())
        for tier in getattr(value, "tiers", ())
    }
    base = _rates(standard, batch, 0)
    if not base.get("input_usd_per_million_tokens") or "output_usd_per_million_tokens" not in base:
        return None
    tiers = [
        {"above_input_tokens": start, **_rates(standard, batch, start + 1)}
        for start in sorted(thresholds)
    ]
    try:
        return PriceList.model_validate({**base, "tiers": tiers})
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        problem = f"{model}: {wrong['msg']} (got {repr(wrong['input'])[:60]})"
        raise CatalogError(PACKAGE, [problem]) from error


def _rates(standard: ModelPrice, batch: ModelPrice | None, input_tokens: int) -> dict[str, float]:
    pairs: list[tuple[Mapping[str, str], ModelPrice | None]] = [
        (_FIELDS, standard),
        (_BATCH_FIELDS, batch),
    ]
    values = {
        field: _usd(vars(prices).get(key), input_tokens)
        for fields, prices in pairs if prices is not None
        for field, key in fields.items()
    }  # fmt: skip
    return {field: value for field, value in values.items() if value is not None}


def _usd(price: object, input_tokens: int) -> float | None:
    """Return a price for requests of so many input tokens; a tier holds above its start."""
    for tier in reversed(getattr(price, "tiers", ())):
        if input_tokens > tier.start:
            return float(tier.price)
    value = getattr(price, "base", price)
    return float(value) if isinstance(value, Decimal) else None
