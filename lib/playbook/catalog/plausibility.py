"""Numbers that can't be right: out of all bounds, or off by a unit from their like.

The bounds are those of a slip, not of a market: a price per thousand tokens taken for one per
million, megabytes for gigabytes. Nothing is computed from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from statistics import median

from pydantic import BaseModel

from playbook.catalog.catalog import Catalog
from playbook.catalog.opinions import NUMBERS
from playbook.catalog.prices import litellm_facts
from playbook.catalog.pricing import Price, Rates
from playbook.catalog.references import name_of
from playbook.catalog.schema import ApiOffer
from playbook.errors import CatalogError
from playbook.records import Record

SLIP_RATIO = 1_000**0.5
"""Beyond this ratio two statements of one number are nearer to 1,000 times apart than to equal."""

LARGEST_OUTPUT_TO_INPUT_RATIO = 12
TOKEN_PRICE = (0.001, 1_000.0)
CACHE_PRICE = (0.0001, 1_000.0)
IMAGE_PRICE = (0.000_001, 1.0)
CONTEXT = (500, 20_000_000)
OBSERVED = (
    "as_of", "since", "released", "first_seen", "last_seen", "fitted_on", "reviewed", "measured_on",
)  # fmt: skip
"""Fields with the day of something that has happened; ends and deadlines may lie ahead."""

BOUNDS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "models": {
        "parameters_billion": (0.01, 20_000),
        "active_parameters_billion": (0.01, 20_000),
        "context_tokens": CONTEXT,
    },
    "api_offers": {"context_tokens": CONTEXT},
    "providers": {"retention_days": (0, 3_660)},
    "gpus": {
        "memory_gb": (4, 2_000),
        "bandwidth_gb_per_s": (50, 50_000),
        "dense_bf16_tflops": (1, 20_000),
        "dense_fp8_tflops": (1, 40_000),
        "tdp_w": (20, 3_000),
    },
    "gpu_offers": {
        "on_demand_usd_per_gpu_hour": (0.05, 50),
        "spot_usd_per_gpu_hour": (0.01, 50),
    },
}
"""Least and most that a field may say, by kind of fact."""


def implausible(catalog: Catalog) -> Iterator[str]:
    """Yield a line for each number out of all bounds, and each price that contradicts itself."""
    for kind, fields in BOUNDS.items():
        for record in getattr(catalog, kind):
            yield from _out_of_bounds(kind, record, fields)
    for offer in catalog.api_offers:
        for price in (*offer.prices, *offer.announced):
            who = f"API offer {offer.litellm_id}: the price of {price.since}"
            for rates in (price, *price.tiers):
                yield from (f"{who}: {fault}" for fault in _odd_rates(rates))


def unit_slips(catalog: Catalog) -> Iterator[str]:
    """Yield a line for each price nearer to 1,000 times another statement of it than to equal.

    An API price is compared with the offer's price before it, announced ones too, and the newest
    that was seen with the second opinions, with litellm's map and with the median of the model's
    other offers; a price of a history with the one before it; a GPU's price with the median of all
    its offers.
    """
    for offer in catalog.api_offers:
        for before, after in pairwise((*offer.prices, *offer.announced)):
            yield from _slips(offer, after, before, f"its price of {before.since}")
        newest = offer.prices[-1]
        for opinion in offer.second_opinions:
            yield from _slips(offer, newest, opinion, opinion.source.title)
        yield from _slips_against_litellm(offer, newest)
        yield from _slips_against_others(catalog, offer, newest)
    yield from _history_slips(catalog)
    yield from _gpu_slips(catalog)


def dates_to_come(catalog: Catalog, *, as_of: date) -> Iterator[str]:
    """Yield a line for each observation or release dated after a day; ends may lie ahead."""
    for kind in type(catalog).model_fields:
        for record in getattr(catalog, kind):
            found = dict.fromkeys(_dates(record))
            yield from (
                f"{kind} {name_of(record)}: {field} {day} is in the future"
                for field, day in found
                if day > as_of
            )


def _dates(value: object, field: str = "") -> Iterator[tuple[str, date]]:
    if isinstance(value, date):
        if field in OBSERVED:
            yield field, value
    elif isinstance(value, tuple):
        for part in value:
            yield from _dates(part, field)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            part = getattr(value, name)
            read = name == "announced"  # only these start after the day they were read
            yield from _dates(tuple(one.source for one in part) if read else part, name)


def _out_of_bounds(
    kind: str, record: Record, fields: Mapping[str, tuple[float, float]]
) -> Iterator[str]:
    for field, (least, most) in fields.items():
        value = getattr(record, field)
        if value is not None and not least <= value <= most:
            allowed = f"not within {least:,} and {most:,}"
            yield f"{kind} {name_of(record)}: {field} {value:,} is implausible, {allowed}"


def _odd_rates(rates: Rates) -> Iterator[str]:
    low, high = rates.input_usd_per_million_tokens, rates.output_usd_per_million_tokens
    for field in NUMBERS:
        value = getattr(rates, field, None)
        least, most = _price_bounds(field)
        if value is not None and not least <= value <= most:
            yield f"{field} {value:,} is implausible, not within {least:,} and {most:,}"
    if high > low * LARGEST_OUTPUT_TO_INPUT_RATIO:
        yield f"output at {high} against input at {low} is implausible"
    for name, full in (("cached_input", low), ("batch_input", low), ("batch_output", high)):
        reduced = getattr(rates, f"{name}_usd_per_million_tokens")
        if reduced is not None and reduced > full:
            yield f"{name.replace('_', ' ')} dearer at {reduced} than {full}"


def _price_bounds(field: str) -> tuple[float, float]:
    if field.endswith("image"):
        return IMAGE_PRICE
    return CACHE_PRICE if "cache" in field else TOKEN_PRICE


def _slips(offer: ApiOffer, price: Rates, other: Rates, where: str) -> Iterator[str]:
    since = f" of {price.since}" if isinstance(price, Price) else ""
    for field in NUMBERS:
        ours, theirs = getattr(price, field, None), getattr(other, field, None)
        if slipped(ours, theirs):
            yield (
                f"API offer {offer.litellm_id}: {field}{since} is {ours:g}, but {theirs:g} by "
                f"{where}; a slip of a unit by 1,000?"
            )


def slipped(one: float | None, other: float | None) -> bool:
    """Return whether two statements of a number are nearer to 1,000 times apart than to equal.

    Example:
        >>> slipped(0.15, 150.0), slipped(0.15, 1.5), slipped(None, 1.0)
        (True, False, False)
    """
    if not one or not other:
        return False
    return max(one / other, other / one) > SLIP_RATIO


def _slips_against_litellm(offer: ApiOffer, price: Price) -> Iterator[str]:
    try:
        facts = litellm_facts(offer.litellm_id)
    except CatalogError:  # told with the disagreements
        return
    if facts is not None and facts.prices is not None:
        yield from _slips(offer, price, facts.prices, "litellm's map")


def _slips_against_others(catalog: Catalog, offer: ApiOffer, price: Price) -> Iterator[str]:
    others = [
        one.prices[-1]
        for one in catalog.api_offers
        if one.model == offer.model and one.provider != offer.provider
    ]
    for field in NUMBERS[:2] if others else ():
        ours = getattr(price, field)
        middle = median(getattr(one, field) for one in others)
        if slipped(ours, middle):
            yield (
                f"API offer {offer.litellm_id}: {field} of {price.since} is {ours:g}, but "
                f"{middle:g} in the middle of the model's other offers; a slip of a unit by 1,000?"
            )


def _history_slips(catalog: Catalog) -> Iterator[str]:
    for history in catalog.price_histories:
        rows = sorted(history.intervals, key=lambda one: (one.model, one.first_seen))
        for before, after in pairwise(rows):
            for field in NUMBERS[:2] if before.model == after.model else ():
                ours, theirs = getattr(after, field), getattr(before, field)
                if slipped(ours, theirs):
                    yield (
                        f"price history {history.id}: {field} of {after.model} is {ours:g} on "
                        f"{after.first_seen}, but {theirs:g} before; a slip of a unit by 1,000?"
                    )


def _gpu_slips(catalog: Catalog) -> Iterator[str]:
    for offer in catalog.gpu_offers:
        same = [
            one.on_demand_usd_per_gpu_hour for one in catalog.gpu_offers if one.gpu == offer.gpu
        ]
        if slipped(offer.on_demand_usd_per_gpu_hour, middle := median(same)):
            yield (
                f"GPU offer {name_of(offer)}: {offer.on_demand_usd_per_gpu_hour:g} USD an hour, "
                f"but {middle:g} in the middle of this GPU's offers; a slip of a unit?"
            )
