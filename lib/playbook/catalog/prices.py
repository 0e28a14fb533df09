"""The price on a day, and the price file that comes with litellm, read without importing it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from playbook.catalog.pricing import Price, PriceList, Rates
from playbook.errors import CatalogError
from playbook.provenance import Source
from playbook.records import Record
from playbook.units import Positive, Ratio

PRICE_FILE = "model_prices_and_context_window_backup.json"
PRICE_FIELDS = {
    "input_usd_per_million_tokens": "input_cost_per_token",
    "output_usd_per_million_tokens": "output_cost_per_token",
    "cached_input_usd_per_million_tokens": "cache_read_input_token_cost",
    "cache_write_usd_per_million_tokens": "cache_creation_input_token_cost",
    "hour_cache_write_usd_per_million_tokens": "cache_creation_input_token_cost_above_1hr",
    "reasoning_usd_per_million_tokens": "output_cost_per_reasoning_token",
    "batch_input_usd_per_million_tokens": "input_cost_per_token_batches",
    "batch_output_usd_per_million_tokens": "output_cost_per_token_batches",
    "batch_cached_input_usd_per_million_tokens": "cache_read_input_token_cost_batches",
    "batch_cache_write_usd_per_million_tokens": "cache_creation_input_token_cost_batches",
}
"""Field of `Rates` to the key of the price file, which holds USD per token."""

IMAGE_KEY = "input_cost_per_image"
UPLIFT_KEY = "regional_endpoint_uplift_multiplier"
_BATCHES = "_batches"
_TIER = re.compile(r"_above_(\d{1,6})k_tokens")
_INPUT, _OUTPUT = "input_usd_per_million_tokens", "output_usd_per_million_tokens"


class MapEntry(Record):
    """What litellm's bundled file states of a model id, in our words and units."""

    prices: PriceList | None = None
    """Its prices; missing where it states none, or zero, which means that none is known."""
    context_tokens: Positive | None = None
    """Longest input."""
    retires: date | None = None
    """Announced last day."""
    regional_uplift: Ratio = 1.0
    """What the prices are multiplied by at an endpoint of one region."""

    def of_region(self) -> MapEntry:
        """Return the same with the prices of an endpoint of one region."""
        if self.prices is None or self.regional_uplift == 1:
            return self
        return self.changed(prices=_scaled(self.prices, self.regional_uplift), regional_uplift=1.0)


def price_on(prices: Sequence[Price], as_of: date) -> Price:
    """Return the price in force on a day: the newest that was seen by then.

    For a day before the first observation it is the oldest price; its own `since` shows that.

    Args:
        prices: At least one, in any order.
        as_of: The day.
    """
    ordered = sorted(prices, key=lambda price: price.since)
    seen = [price for price in ordered if price.since <= as_of]
    return seen[-1] if seen else ordered[0]


def litellm_version() -> str | None:
    """Return the version of the installed litellm, or None when it is not installed."""
    try:
        return version("litellm")
    except PackageNotFoundError:
        return None


def litellm_entry(litellm_id: str) -> Mapping[str, Any] | None:
    """Return the entry of a model id in litellm's bundled price file, or None if it has none.

    Raises:
        CatalogError: when litellm or its file is missing, or is no JSON.
    """
    path = _price_file()
    if path is None:
        raise CatalogError("litellm's price file", [f"{PRICE_FILE} not found; install litellm"])
    found = _read(path).get(litellm_id)
    return found if isinstance(found, dict) else None


def litellm_ids() -> Mapping[str, Any]:
    """Return litellm's bundled price file by model id; empty where litellm is not installed."""
    path = _price_file()
    return _read(path) if path else {}


def litellm_facts(litellm_id: str, *, regional: bool = False) -> MapEntry | None:
    """Return what litellm's bundled file states of a model id, or None if it does not know it.

    Args:
        litellm_id: Id such as `mistral/mistral-small-2603`.
        regional: Whether it is called at an endpoint of one region, which can cost more.

    Raises:
        CatalogError: when litellm or its file is missing, or the entry makes no sense.
    """
    entry = litellm_entry(litellm_id)
    if entry is None:
        return None
    facts = entry_facts(entry, litellm_id)
    return facts.of_region() if regional else facts


def price_from_litellm(litellm_id: str, *, as_of: date, regional: bool = False) -> Price | None:
    """Return the price of a model id in litellm's bundled file, or None if it states none.

    A price of zero in that file means that no price is known, so it is None here.

    Args:
        litellm_id: Id such as `mistral/mistral-small-2603`.
        as_of: Day of the observation.
        regional: Whether it is called at an endpoint of one region, which can cost more.

    Raises:
        CatalogError: when litellm or its file is missing, or the entry makes no sense.
    """
    facts = litellm_facts(litellm_id, regional=regional)
    if facts is None or facts.prices is None:
        return None
    source = litellm_source(as_of)
    return Price.model_validate({"since": as_of, "source": source, **dict(facts.prices)})


def litellm_source(as_of: date) -> Source:
    """Return the citation of the installed litellm's price file, read on a day."""
    title = f"litellm {litellm_version()} bundled price map"
    return Source(title=title, url=f"pypi:litellm/{PRICE_FILE}", as_of=as_of, kind="package")


def entry_facts(entry: Mapping[str, Any], litellm_id: str) -> MapEntry:
    """Return an entry of the price file in our words: USD per million tokens, tiers as lists.

    A tier that states only one of input and output keeps the other from below the threshold, as
    litellm bills it. Priority, flexible and audio prices are left out: no record has a place.

    Args:
        entry: The mapping of keys to values.
        litellm_id: Its id, for messages.

    Raises:
        CatalogError: when a value is of the wrong kind or out of its bounds.
    """
    try:
        return MapEntry.model_validate({
            "prices": _price_list(entry),
            "context_tokens": entry.get("max_input_tokens") or None,
            "retires": entry.get("deprecation_date") or None,
            "regional_uplift": entry.get(UPLIFT_KEY) or 1.0,
        })  # fmt: skip
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        problem = f"{litellm_id}: {field}: {first['msg']} (got {repr(first['input'])[:60]})"
        raise CatalogError("litellm's price file", [problem]) from error


def _price_list(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    prices = _rates(entry, "")
    if not {_INPUT, _OUTPUT} <= prices.keys():
        return None
    image = _number(entry.get(IMAGE_KEY))
    names = {found.group() for key in entry for found in _TIER.finditer(key)}
    tiers: list[dict[str, Any]] = []
    for name in sorted(names, key=_threshold):
        stated = _rates(entry, name)
        if {_INPUT, _OUTPUT} & stated.keys():
            base = {key: prices[key] for key in (_INPUT, _OUTPUT)}
            tiers.append({"above_input_tokens": _threshold(name), **base, **stated})
    return {
        **prices,
        **({"usd_per_input_image": image} if image else {}),
        "tiers": tiers,
    }


def _rates(entry: Mapping[str, Any], tier: str) -> dict[str, float]:
    """Return the prices of a tier such as `_above_200k_tokens`, or of none."""
    values = {field: _number(entry.get(_tiered(key, tier))) for field, key in PRICE_FIELDS.items()}
    return {field: round(value * 1e6, 6) for field, value in values.items() if value}


def _scaled(prices: PriceList, factor: float) -> PriceList:
    def scaled(values: Rates, fields: Iterable[str]) -> dict[str, float]:
        stated = {field: getattr(values, field) for field in fields}
        return {key: round(one * factor, 6) for key, one in stated.items() if one is not None}

    tiers = tuple(tier.changed(**scaled(tier, PRICE_FIELDS)) for tier in prices.tiers)
    own = scaled(prices, (*PRICE_FIELDS, "usd_per_input_image"))
    return prices.changed(**own, tiers=tiers)


def _tiered(key: str, tier: str) -> str:
    stem = key.removesuffix(_BATCHES)
    return f"{stem}{tier}{key[len(stem) :]}"


def _number(value: object) -> float | None:
    """Return a number other than zero; zero means unknown in that file, and so does any text."""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(cast("float", value)) if known and value else None


def _threshold(tier: str) -> int:
    found = _TIER.search(tier)
    return int(found.group(1)) * 1000 if found else 0


def _price_file() -> Path | None:
    spec = find_spec("litellm")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / PRICE_FILE
    return path if path.is_file() else None


@cache
def _read(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CatalogError(str(path), ["is no JSON; install litellm again"]) from error
    if not isinstance(loaded, dict):
        raise CatalogError(str(path), ["is no mapping of ids; install litellm again"])
    return loaded
