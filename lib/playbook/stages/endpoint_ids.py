"""What litellm's bundled price file tells of an endpoint's id that the catalogue lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from playbook.catalog import Catalog
from playbook.catalog.prices import litellm_ids, litellm_version

DATED = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$")
LATEST = re.compile(r"[-/:.]latest$", re.IGNORECASE)
NAMED_BY_USERS = ("azure", "azure_ai")
"""Prefixes before which a user's own deployment is named."""


def dated_ids(litellm_id: str) -> tuple[str, ...]:
    """Return the dated ids that litellm's file lists beside an id without a date."""
    if DATED.search(litellm_id):
        return ()
    known = litellm_ids()
    prefix, bare = _prefix(litellm_id), LATEST.sub("", litellm_id)
    own = bare.removeprefix(f"{prefix}/")
    found = []
    for one in known:
        name = one.removeprefix(f"{prefix}/") if prefix else one
        same = one.startswith(f"{prefix}/") or _provider(known, one) == prefix or not prefix
        if same and DATED.search(name) and DATED.sub("", name) == own:
            found.append(f"{prefix}/{name}" if prefix else name)
    return tuple(sorted(dict.fromkeys(found)))


def ended_on(litellm_id: str) -> date | None:
    """Return the last day of an id by litellm's file; None where it states none."""
    entry = litellm_ids().get(litellm_id) or litellm_ids().get(litellm_id.partition("/")[2])
    try:
        return date.fromisoformat(str((entry or {}).get("deprecation_date")))
    except ValueError:
        return None


def unknown_words(litellm_id: str, catalog: Catalog) -> str:
    """Return that litellm's file lacks an id of a public provider; empty where nothing is odd."""
    prefix, known = _prefix(litellm_id), litellm_ids()
    public = {_prefix(offer.litellm_id) or offer.provider for offer in catalog.api_offers}
    bare = litellm_id.removeprefix(f"{prefix}/")
    if prefix not in public or prefix in NAMED_BY_USERS or litellm_id in known:
        return ""
    if _provider(known, bare) == prefix:
        return ""
    of_prefix = [
        one if one.startswith(f"{prefix}/") else f"{prefix}/{one}"
        for one in known
        if one.startswith(f"{prefix}/") or ("/" not in one and _provider(known, one) == prefix)
    ]
    near = get_close_matches(litellm_id, of_prefix, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{litellm_id!r} is not known to litellm {litellm_version()}{hint}"


def _prefix(litellm_id: str) -> str:
    return litellm_id.partition("/")[0] if "/" in litellm_id else ""


def _provider(known: Mapping[str, Any], name: str) -> str:
    return str((known.get(name) or {}).get("litellm_provider", ""))
