"""Do price histories and capability levels refer to what the catalog holds?"""

from __future__ import annotations

from collections.abc import Iterator

from playbook.catalog.catalog import Catalog
from playbook.catalog.price_history import PriceHistory, PriceInterval


def history_problems(catalog: Catalog) -> Iterator[str]:
    """Yield one line for each dangling name or day that cannot be, in price histories and levels.

    Args:
        catalog: The facts.
    """
    providers = {one.id for one in catalog.providers}
    models = {one.id for one in catalog.models}
    indexed = {one.model for index in catalog.capability_indices for one in index.models}
    for history in catalog.price_histories:
        if history.id not in providers:
            yield f"price history {history.id}: provider {history.id} is not in the catalog"
        for one in history.intervals:
            for problem in _problems(history, one, models, indexed):
                yield f"price history {history.id}, {one.model} of {one.first_seen}: {problem}"
    for level in catalog.capability_levels:
        if level.entry_model not in indexed:
            yield f"capability level {level.id}: {level.entry_model} is on no capability index"


def _problems(
    history: PriceHistory, one: PriceInterval, models: set[str], indexed: set[str]
) -> Iterator[str]:
    if one.last_seen < one.first_seen:
        yield f"last seen on {one.last_seen}, before it was first seen"
    if one.index_model and one.index_model not in indexed:
        yield f"index_model {one.index_model} is on no capability index"
    if one.catalog_model and one.catalog_model not in models:
        yield f"catalog_model {one.catalog_model} is not in the catalog"
    if one.tier and history.tier_source is None:
        yield "a tier needs a tier_source"
