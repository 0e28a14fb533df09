"""Names that move: which dated id an alias such as `mistral/mistral-small-latest` stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playbook.catalog.catalog import Catalog
from playbook.catalog.schema import ApiOffer

_MOVING = re.compile(r"(?:^|[-/:.])latest$", re.IGNORECASE)


def is_moving_alias(litellm_id: str) -> bool:
    """Return whether a model id says by its own name that its provider moves it.

    Example:
        >>> is_moving_alias("mistral/mistral-small-latest"), is_moving_alias("gpt-6-luna")
        (True, False)
    """
    return bool(_MOVING.search(litellm_id.strip()))


def aliased_offer(catalog: Catalog, litellm_id: str) -> ApiOffer | None:
    """Return the offer that an alias points to by its source, or None for an unknown alias.

    litellm takes the names of some providers with and without their prefix, so both are found.
    """
    for offer in catalog.api_offers:
        if {litellm_id, litellm_id.removeprefix(f"{offer.provider}/")} & {*offer.aliases}:
            return offer
    return None


def resolve_alias(catalog: Catalog, litellm_id: str) -> str | None:
    """Return the dated id that an alias points to, or None where no source says so.

    An id that an offer is filed under is no alias. Where the target was read, and when, is the
    offer's `aliases_source`.

    Args:
        catalog: Holds the offers with their aliases.
        litellm_id: The name as litellm takes it.
    """
    offer = aliased_offer(catalog, litellm_id)
    return offer.litellm_id if offer else None


def alias_problems(catalog: Catalog) -> tuple[str, ...]:
    """Return a line for each offer under a name that moves, and each alias that points two ways.

    So for an alias without a source, and one that is the id of an offer.
    """
    return tuple(_problems(catalog))


def _problems(catalog: Catalog) -> Iterator[str]:
    ids = {offer.litellm_id for offer in catalog.api_offers}
    first: dict[str, str] = {}
    for offer in catalog.api_offers:
        who = f"API offer {offer.litellm_id}"
        if is_moving_alias(offer.litellm_id):
            yield f"{who}: an alias that moves; use a dated id"
        if offer.aliases and offer.aliases_source is None:
            yield f"{who}: its aliases need an aliases_source"
        for alias in offer.aliases:
            if alias in ids:
                yield f"{who}: {alias} is the id of an offer and an alias that moves; remove one"
            if first.setdefault(alias, offer.litellm_id) != offer.litellm_id:
                yield f"{who}: alias {alias} also points to {first[alias]}; keep one"
