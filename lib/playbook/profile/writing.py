"""Write plain values as YAML that reads back equal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel

from playbook.profile.reading import resolve

_PLAIN = re.compile(r"[A-Za-z0-9][\w .@/()-]*(?<! )")


def flow(value: object) -> str:
    """Return a value as YAML on one line.

    Example:
        >>> flow({"low": 5e5, "regions": ["EU", "no"]})
        '{low: 500_000, regions: [EU, "no"]}'
    """
    if isinstance(value, BaseModel):
        return flow(value.model_dump(mode="json"))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    if isinstance(value, str):
        return _text(value)
    return _scalar(value)


def block(path: Sequence[str], value: object, indent: int) -> str:
    """Return the lines of a value below the keys of a path, each ended by a line break.

    Example:
        >>> print(block(["HIPAA-01", "answer"], "met", 4), end="")
            HIPAA-01:
              answer: met
    """
    *parents, last = path
    lines = [f"{' ' * (indent + 2 * at)}{flow(key)}:" for at, key in enumerate(parents)]
    lines.append(f"{' ' * (indent + 2 * len(parents))}{flow(last)}: {flow(value)}")
    return "\n".join(lines) + "\n"


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return f"{value:_}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:  # exact as an int
        return f"{int(value):_}"
    return repr(value)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.isascii() and resolve(text) == text:
        return text
    return '"' + "".join(_escaped(one) for one in text) + '"'


def _escaped(one: str) -> str:
    if one.isprintable():
        return json.dumps(one, ensure_ascii=False)[1:-1]
    return f"\\U{ord(one):08x}"
