"""The same weights by API and on own servers: prototype on one, deploy on the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from math import inf

from playbook.catalog import ApiOffer, Catalog, Model
from playbook.catalog.ageing import retirement
from playbook.catalog.options import Option
from playbook.catalog.weights import weights_bytes
from playbook.landscape.market_records import ParityPair
from playbook.landscape.records import ModelInRace
from playbook.units import gib_from_bytes

STATES = ("in", "in_doubt", "out")
"""Best first."""

NAMED_PRECISION = re.compile(r"(?<![a-z])(fp8|fp4|int8|int4|bf16)(?![a-z0-9])", re.IGNORECASE)

NOT_CONSIDERED = (
    "Parity: the smallest GPU is that which holds the weights with a margin, whatever the load; "
    "costs size servers for the team's own load."
)


def parity_pairs(
    catalog: Catalog, models: Sequence[ModelInRace], *, as_of: date
) -> tuple[ParityPair, ...]:
    """Return each open model that an API serves too, with what may differ between both sides.

    Models in the race come first, then those in doubt; among them those whose developer runs an API
    itself, then the smaller ones.

    Args:
        catalog: The facts.
        models: Models and how they stand.
        as_of: Day on which the APIs must still be on offer.
    """
    options: dict[str, list[Option]] = {}
    for option in catalog.options(()):
        end = retirement(catalog, option)
        if option.open_weights and (end is None or end >= as_of):
            options.setdefault(option.model, []).append(option)
    states = {one.model: STATES.index(one.state) for one in models}
    pairs = [_pair(catalog, catalog.model(one), options[one]) for one in states if one in options]
    return tuple(sorted(pairs, key=lambda one: (states[one.model], *_place(one))))


def _place(pair: ParityPair) -> tuple[bool, float, str]:
    return not pair.developer_runs_api, pair.weights_gib or inf, pair.title


def _pair(catalog: Catalog, model: Model, options: Sequence[Option]) -> ParityPair:
    ordered = sorted(options, key=lambda one: (not _own(catalog, model, one), one.provider))
    offers = [catalog.api_offer(one) for one in ordered]
    size = weights_size_gib(model)
    found = [offer.source for offer in offers] + [offer.prices[-1].source for offer in offers]
    return ParityPair(
        model=model.id,
        title=model.title,
        api_options=tuple(one.id for one in ordered),
        weights=model.weights,
        smallest_gpu=smallest_gpu(catalog, size),
        differences=tuple(_differences(model, offers)),
        source=model.source,
        litellm_ids=tuple(one.litellm_id for one in offers),
        developer_runs_api=_own(catalog, model, ordered[0]),
        weights_gib=size,
        api_sources=tuple(dict.fromkeys(one for one in found if one)),
    )


def _own(catalog: Catalog, model: Model, option: Option) -> bool:
    """Return whether a provider is the model's developer, as their names say."""
    title = catalog.provider(option.provider).title
    return title.split()[0].casefold() == model.developer.split()[0].casefold()


def weights_size_gib(model: Model) -> float | None:
    """Return the memory of a model's weights in their default precision, GiB, if it is known."""
    return gib_from_bytes(weights_bytes(model)) or None


def smallest_gpu(catalog: Catalog, weights_gib: float | None) -> str | None:
    """Return the smallest GPU on offer that holds weights of a size with a margin, if one does.

    Args:
        catalog: The facts.
        weights_gib: Memory of the weights, GiB; None where it is unknown.
    """
    if weights_gib is None or not catalog.gpus:
        return None
    needed = weights_gib * catalog.assumption("landscape.memory_per_weights").value.likely
    offered = {offer.gpu for offer in catalog.gpu_offers}
    fitting = [gpu for gpu in catalog.gpus if gpu.id in offered and gpu.memory_gib >= needed]
    smallest = min(fitting, key=lambda gpu: (gpu.memory_gb, gpu.tdp_w, gpu.id), default=None)
    return smallest.id if smallest else None


def _differences(model: Model, offers: Sequence[ApiOffer]) -> Iterator[str]:
    yield f"precision: {model.precision} by default on own servers, {_precisions(offers)}"
    if len(offers) and model.context_tokens is not None:
        yield from _contexts(model.context_tokens, offers)
    yield "chat template, tokenizer version and sampling defaults: not stated by the APIs"


def _precisions(offers: Sequence[ApiOffer]) -> str:
    stated = {
        offer.provider: match.group(1).lower()
        for offer in offers
        if (match := NAMED_PRECISION.search(offer.litellm_id))
    }
    named = ", ".join(f"{precision} by its id at {who}" for who, precision in stated.items())
    others = "not stated by the other APIs" if stated else "not stated by the APIs"
    return f"{named}, {others}" if len(stated) < len(offers) and named else named or others


def _contexts(tokens: int, offers: Sequence[ApiOffer]) -> Iterator[str]:
    shorter = [
        f"{offer.context_tokens:,} at {offer.provider}"
        for offer in offers
        if offer.context_tokens is not None and offer.context_tokens != tokens
    ]
    if shorter:
        yield f"context: {tokens:,} tokens in the weights, {', '.join(shorter)}"
    unknown = [offer.provider for offer in offers if offer.context_tokens is None]
    if unknown:
        yield f"context: {tokens:,} tokens in the weights, not stated at {', '.join(unknown)}"
