"""NIST's schemas as validators; `schemas/README.md` says what is adapted and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jsonschema

MARKUP = (
    "title",
    "description",
    "remarks",
    "prose",
    "text",
    "statement",
    "label",
    "usage",
    "choice",
)
SCHEMAS = Path(__file__).parent / "schemas"


@cache
def validator(model: str) -> jsonschema.Draft7Validator:
    """Return the validator of a model: `catalog` or `assessment-results`."""
    text = (SCHEMAS / f"oscal_{model}_schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft7Validator(portable(json.loads(text)))


def portable(schema: object) -> object:
    """Return a schema whose patterns mean in Python what they mean in JavaScript."""
    if isinstance(schema, list):
        return [portable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _pattern(part) if key == "pattern" and isinstance(part, str) else portable(part)
        for key, part in schema.items()
    }


def _pattern(pattern: str) -> str:
    known = pattern.replace(r"\p{L}", r"[^\W\d_]").replace(r"\p{N}", r"\d")
    return f"{known[:-1]}\\Z" if known.endswith("$") else known


def faults(model: str, text: str) -> list[str]:
    """Return what is wrong with a document, one line each with its place."""
    found = validator(model).iter_errors(json.loads(text))
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in found]


def markup_in(value: object, key: str = "") -> Iterator[str]:
    """Yield every text of a document that OSCAL reads as Markdown."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from markup_in(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from markup_in(part, key)
    elif isinstance(value, str) and key in MARKUP:
        yield value
