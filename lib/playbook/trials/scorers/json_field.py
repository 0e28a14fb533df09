"""The scorer `json_field`."""

from __future__ import annotations

import json
import math
from typing import Any, Literal

from playbook.records import Record
from playbook.trials.scorers.registry import Expected, scorer

LONGEST_TEXT = 100_000
MOST_STARTS = 50


class JsonFieldOptions(Record):
    """What counts besides the expected fields."""

    extra_fields_count: bool = False
    """Whether each field that was not asked for counts as a wrong one."""


@scorer("json_field", expects=(dict,), options=JsonFieldOptions)
def score_json_field(text: str, expected: Expected, options: JsonFieldOptions) -> float:
    """Return the share of expected fields that the JSON object in the answer has right.

    The first JSON object in the answer counts, so text or a code fence around it does no harm.
    Texts are compared without spaces around them, numbers by value; `1` is not `true` or `"1"`.

    Example:
        >>> score_json_field('{"a": 1, "b": 2}', {"a": 1.0, "b": 3}, JsonFieldOptions())
        0.5
    """
    answer = first_object(text)
    if answer is None or not isinstance(expected, dict):
        return 0.0
    right = sum(name in answer and same(answer[name], value) for name, value in expected.items())
    extra = len(answer.keys() - expected.keys()) if options.extra_fields_count else 0
    return right / (len(expected) + extra)


def first_object(text: str) -> dict[str, Any] | None:
    """Return the first JSON object in a text, or None; hostile nesting counts as none."""
    found = _first_after(text[:LONGEST_TEXT], "{")
    return found[0] if found is not None and isinstance(found[0], dict) else None


def first_value(text: str, opening: Literal["{", "["]) -> tuple[Any] | None:
    """Return a text read as JSON, else the first object or list in it; in a tuple of one, or None.

    Args:
        text: May be hostile.
        opening: `{` to look for an object, `[` for a list.

    Example:
        >>> first_value("Here: [1, 2]", "["), first_value("null", "{"), first_value("{", "{")
        (([1, 2],), (None,), None)
    """
    try:
        return (json.loads(text[:LONGEST_TEXT]),)
    except (ValueError, RecursionError):
        return _first_after(text[:LONGEST_TEXT], opening)


def _first_after(text: str, opening: str) -> tuple[Any] | None:
    start = -1
    decoder = json.JSONDecoder()
    for _ in range(MOST_STARTS):
        start = text.find(opening, start + 1)
        if start < 0:
            return None
        try:
            return (decoder.raw_decode(text, start)[0],)
        except (ValueError, RecursionError):
            continue
    return None


def same(answer: object, expected: object) -> bool:
    """Return whether two JSON values are equal, numbers by value and texts without outer spaces."""
    if isinstance(answer, str) and isinstance(expected, str):
        return answer.strip() == expected.strip()
    if isinstance(answer, list) and isinstance(expected, list):
        return len(answer) == len(expected) and all(map(same, answer, expected))
    if isinstance(answer, dict) and isinstance(expected, dict):
        keys = answer.keys() == expected.keys()
        return keys and all(same(answer[name], expected[name]) for name in expected)
    if _is_number(answer) and _is_number(expected):
        return math.isclose(float(str(answer)), float(str(expected)), rel_tol=1e-9)
    return type(answer) is type(expected) and answer == expected


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
