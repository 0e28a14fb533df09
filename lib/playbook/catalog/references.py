"""Do the facts of a catalog refer to each other, and only once each?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import inf

from playbook.catalog.acknowledgements import Acknowledgement
from playbook.catalog.catalog import Catalog
from playbook.catalog.fine_tuning import TuningOffer
from playbook.catalog.measurements import Measurement
from playbook.catalog.price_history_checks import history_problems
from playbook.catalog.schema import ApiOffer, Fact, GpuOffer
from playbook.records import Record


def reference_problems(catalog: Catalog) -> tuple[str, ...]:
    """Return one line for each duplicate, dangling or contradictory reference."""
    return (
        *_duplicates(catalog),
        *_dangling(catalog),
        *_contradictions(catalog),
        *history_problems(catalog),
    )


def name_of(record: Record) -> str:
    """Return the name by which a fact is told from others of its kind, empty if it has none.

    Offers have no id: an API offer is named as its option is, a GPU offer by what is rented where.
    """
    if isinstance(record, Fact):
        return record.id
    if isinstance(record, ApiOffer):
        return f"{record.model}@{record.provider}"
    if isinstance(record, GpuOffer):
        return f"{record.provider}/{record.region}/{record.instance}/{record.gpu}@{record.place}"
    if isinstance(record, TuningOffer):
        return record.provider
    if isinstance(record, Measurement):
        return record.name
    return record.finding if isinstance(record, Acknowledgement) else ""


def _duplicates(catalog: Catalog) -> Iterator[str]:
    for kind in type(catalog).model_fields:
        names = Counter(name_of(record) for record in getattr(catalog, kind))
        for name, count in names.items():
            if name and count > 1:
                yield f"{kind} {name} is given {count} times; keep one"


def _dangling(catalog: Catalog) -> Iterator[str]:
    known = {
        "model": {fact.id for fact in catalog.models},
        "licence": {fact.id for fact in catalog.licences},
        "provider": {fact.id for fact in catalog.providers},
        "gpu": {fact.id for fact in catalog.gpus},
        "engine": {fact.id for fact in catalog.engines},
        "place": {fact.id for fact in catalog.places},
        "board": {fact.id for fact in catalog.boards},
        "price history": {fact.id for fact in catalog.price_histories},
    }
    for who, what, identifier in _references(catalog):
        if identifier not in known[what]:
            yield f"{who}: {what} {identifier} is not in the catalog"


def _references(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for model in catalog.models:
        yield f"model {model.id}", "licence", model.licence
        if model.successor:
            yield f"model {model.id} (its successor)", "model", model.successor
    for offer in catalog.api_offers:
        yield f"API offer {offer.litellm_id}", "model", offer.model
        yield f"API offer {offer.litellm_id}", "provider", offer.provider
    for rented in catalog.gpu_offers:
        yield f"GPU offer {rented.instance}", "gpu", rented.gpu
        yield f"GPU offer {rented.instance}", "place", rented.place
    yield from _of_terms(catalog)
    yield from _of_tuning(catalog)
    yield from _of_measurements(catalog)
    yield from _of_texts(catalog)
    yield from _of_the_past(catalog)


def _of_terms(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for provider in catalog.providers:
        named = [model for terms in provider.model_terms for model in terms.models]
        tuned = provider.fine_tuning.models if provider.fine_tuning else ()
        for model in (*named, *tuned):
            yield f"provider {provider.id} (its terms)", "model", model
    for tokenizer in catalog.tokenizers:
        yield from ((f"tokenizer {tokenizer.id}", "model", model) for model in tokenizer.models)


def _of_tuning(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for offer in catalog.tuning_offers:
        who = f"tuning offer of {offer.provider}"
        yield who, "provider", offer.provider
        yield from ((who, "model", model) for price in offer.prices for model in price.models)
        if offer.serving and offer.serving.gpu:
            yield who, "gpu", offer.serving.gpu


def _of_measurements(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for one in catalog.measurements:
        who = f"measurement at {one.endpoint}"
        yield who, "model", one.model
        named = (("provider", one.provider), ("engine", one.engine), ("gpu", one.gpu))
        yield from ((who, what, identifier) for what, identifier in named if identifier)


def _of_texts(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for one in catalog.licences:
        yield f"licence {one.id} (superseded_by)", "licence", one.superseded_by or one.id
    for claim in catalog.claims:
        compared = [one.board for one in claim.comparisons]
        named = (("board", (*claim.boards, *compared)), ("model", claim.models))
        for what, identifiers in (*named, ("price history", claim.providers)):
            yield from ((f"claim {claim.id}", what, identifier) for identifier in identifiers)


def _of_the_past(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for index in catalog.capability_indices:
        who = f"capability index {index.id}"
        yield from ((who, "board", fit.board) for fit in index.boards)
        yield from ((who, "model", one.catalog_model) for one in index.models if one.catalog_model)
    for history in catalog.price_histories:
        for interval in history.intervals:
            if interval.catalog_model:
                yield f"price history {history.id}", "model", interval.catalog_model


def _contradictions(catalog: Catalog) -> Iterator[str]:
    for model in catalog.models:
        who = f"model {model.id}"
        if model.open_weights == (model.licence == "proprietary-api"):
            yield f"{who}: open_weights and licence {model.licence} contradict each other"
        if model.released and model.retires and model.retires < model.released:
            yield f"{who}: retires {model.retires}, before its release {model.released}"
        if (model.active_parameters_billion or 0) > (model.parameters_billion or inf):
            yield f"{who}: active_parameters_billion is more than parameters_billion"
    for offer in catalog.api_offers:
        days = [price.since for price in offer.prices]
        if days != sorted(set(days)):
            yield f"API offer {offer.litellm_id}: prices must have ascending, distinct dates"
