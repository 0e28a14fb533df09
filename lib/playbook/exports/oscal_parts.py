"""What OSCAL documents are made of: safe text, properties, moments, identifiers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from playbook.exports.cells import one_line
from playbook.exports.madr import escaped

NAMESPACE = "urn:playbook:oscal"
FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Years that a moment of OSCAL can have."""

Part = dict[str, Any]
_ROOT = uuid5(NAMESPACE_URL, NAMESPACE)
_WEB = re.compile(
    r"https?://[a-z0-9.-]+(:\d+)?"
    r"(/([a-z0-9._~!$&'()*+,;=:/-]|%[0-9a-f]{2})*)?"
    r"(\?([a-z0-9._~!$&'()*+,;=:/?-]|%[0-9a-f]{2})*)?"
    r"(#([a-z0-9._~!$&'()*+,;=:/?-]|%[0-9a-f]{2})*)?",
    re.IGNORECASE | re.ASCII,
)


def name_of(*parts: str) -> str:
    """Return an identifier that is always the same for the same parts.

    Example:
        >>> name_of("finding", "run", "HIPAA-01") == name_of("finding", "run", "HIPAA-01")
        True
    """
    joined = "\x1f".join(part.replace("\x1f", " ") for part in parts)
    return str(uuid5(_ROOT, joined.encode("utf-8", "replace").decode("utf-8")))


def markup(text: str, *, empty: str = "not stated") -> str:
    """Return text for a field that OSCAL reads as Markdown: one line, all of it plain."""
    return escaped(text) or empty


def string(text: str, *, empty: str = "not stated") -> str:
    """Return text for a field that OSCAL takes as it is: one line without edges of space."""
    return one_line(text) or empty


def token(text: str) -> str:
    """Return an identifier that begins with a letter or `_` and holds no other sign than `.-_`.

    Example:
        >>> token("data.data_types"), token("3 parties")
        ('data.data_types', '_3-parties')
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-")
    return plain if plain[:1].isalpha() or plain[:1] == "_" else f"_{plain}"


def prop(name: str, value: object, *, remarks: str = "", group: str = "") -> Part:
    """Return a property in our own namespace."""
    made: Part = {"name": token(name), "ns": NAMESPACE, "value": string(str(value))}
    if group:
        made["group"] = token(group)
    if remarks:
        made["remarks"] = markup(remarks)
    return made


def props(values: Mapping[str, object]) -> list[Part]:
    """Return a property for each value that is stated."""
    return [prop(name, value) for name, value in values.items() if value not in (None, "")]


def moment(day: date | None, *, end: bool = False) -> str | None:
    """Return the first moment of a day (or its last), or None for a day that OSCAL can't hold."""
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return f"{day.isoformat()}T{'23:59:59' if end else '00:00:00'}Z"


def web_address(text: str) -> str | None:
    """Return the address that a text is, or None: only whole http(s) addresses become links.

    Example:
        >>> web_address("https://a.example/x?y=1"), web_address("javascript:alert(1)")
        ('https://a.example/x?y=1', None)
    """
    stripped = text.strip()
    return stripped if _WEB.fullmatch(stripped) else None


def stated(part: Mapping[str, Any]) -> Part:
    """Return a part without what is empty: OSCAL takes no empty list and no null."""
    return {name: value for name, value in part.items() if value not in (None, "", [], {})}
