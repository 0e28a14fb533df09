"""The price on a day, and the price file that comes with litellm, read without importing it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from playbook.catalog.pricing import Price
from playbook.errors import CatalogError
from playbook.provenance import Source

PRICE_FILE = "model_prices_and_context_window_backup.json"
PRICE_FIELDS = {
    "input_usd_per_million_tokens": "input_cost_per_token",
    "output_usd_per_million_tokens": "output_cost_per_token",
    "cached_input_usd_per_million_tokens": "cache_read_input_token_cost",
    "batch_input_usd_per_million_tokens": "input_cost_per_token_batches",
    "batch_output_usd_per_million_tokens": "output_cost_per_token_batches",
}
"""Field of `Price` to the key of the price file, which holds USD per token."""


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
        CatalogError: when litellm or its file is missing.
    """
    path = _price_file()
    if path is None:
        raise CatalogError("litellm's price file", [f"{PRICE_FILE} not found; install litellm"])
    return _read(path).get(litellm_id)


def price_from_litellm(litellm_id: str, *, as_of: date) -> Price | None:
    """Return the price of a model id in litellm's bundled file, or None if it states none.

    A price of zero in that file means that no price is known, so it is None here.

    Args:
        litellm_id: Id such as `mistral/mistral-small-2603`.
        as_of: Day of the observation.

    Raises:
        CatalogError: when litellm or its file is missing.
    """
    entry = litellm_entry(litellm_id)
    if entry is None or not entry.get("input_cost_per_token"):
        return None
    values = {
        field: round(float(entry[key]) * 1e6, 6)
        for field, key in PRICE_FIELDS.items()
        if isinstance(entry.get(key), int | float)
    }
    title = f"litellm {litellm_version()} bundled price map"
    source = Source(title=title, url=f"pypi:litellm/{PRICE_FILE}", as_of=as_of, kind="package")
    return Price.model_validate({"since": as_of, "source": source, **values})


def _price_file() -> Path | None:
    spec = find_spec("litellm")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / PRICE_FILE
    return path if path.is_file() else None


@cache
def _read(path: Path) -> dict[str, dict[str, Any]]:
    return cast("dict[str, dict[str, Any]]", json.loads(path.read_text(encoding="utf-8")))
