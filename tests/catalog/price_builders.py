"""Small price histories, indices and levels with round numbers."""

from __future__ import annotations

from datetime import date

from playbook.catalog import Assumption
from playbook.catalog.boards import CapabilityIndex
from playbook.catalog.price_history import CapabilityLevel, PriceHistory, PriceInterval
from tests.catalog.builders import SOURCE

NEWEST = date(2026, 1, 1)
BLEND = Assumption.model_validate(
    {
        "id": "landscape.input_tokens_per_output_token",
        "value": 3,
        "unit": "input tokens per output token",
        "meaning": "Mix of a blended price.",
        "source": SOURCE.model_copy(update={"kind": "assumption"}),
    }
)


def an_interval(
    first_seen: date = date(2024, 1, 1), last_seen: date = NEWEST, **changes: object
) -> PriceInterval:
    values = {
        "first_seen": first_seen,
        "last_seen": last_seen,
        "model": "first",
        "open_weights": True,
        "input_usd_per_million_tokens": 1.0,
        "output_usd_per_million_tokens": 1.0,
        "table": "litellm",
        "source": SOURCE,
    }
    return PriceInterval.model_validate(values | changes)


def at_usd(
    price: float, first_seen: date, last_seen: date = NEWEST, **more: object
) -> PriceInterval:
    """Return an interval whose input and output, so also its blend, cost the same."""
    paid = {"input_usd_per_million_tokens": price, "output_usd_per_million_tokens": price}
    return an_interval(first_seen, last_seen, **paid, **more)


def a_history(*intervals: PriceInterval, **changes: object) -> PriceHistory:
    values = {
        "id": "host",
        "title": "Host",
        "weights": "others",
        "intervals": intervals,
        "source": SOURCE,
    }
    return PriceHistory.model_validate(values | changes)


def an_index(**models: float) -> CapabilityIndex:
    return CapabilityIndex.model_validate(
        {
            "id": "index",
            "title": "an index",
            "fitted_on": date(2026, 1, 1),
            "source": SOURCE,
            "models": [
                {"model": name, "released": "2024-01-01", "open_weights": False, "index": index}
                for name, index in models.items()
            ],
        }
    )


def a_level(**changes: object) -> CapabilityLevel:
    values = {"id": "level", "title": "Level", "entry_model": "first", "source": SOURCE}
    return CapabilityLevel.model_validate(values | changes)
