"""Whether an answer has the form that a JSON schema asks for; schemas are hostile too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playbook.trials.scorers import Answer, NoOptions, all_scorers
from playbook.trials.scorers.json_schema import objection_to_schema, score_json_schema

ORDER = {
    "type": "object",
    "required": ["id", "boxes"],
    "properties": {
        "id": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]+$"},
        "boxes": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}


def follows(text: str, schema: dict[str, Any]) -> float | None:
    return score_json_schema(Answer(text), schema, NoOptions())


def doubling(levels: int) -> dict[str, Any]:
    """A small schema that takes 2 ** levels steps."""
    inner = {
        f"d{level}": {"allOf": [{"$ref": f"#/$defs/d{level + 1}"}] * 2} for level in range(levels)
    }
    return {"$defs": {**inner, f"d{levels}": {"type": "object"}}, "$ref": "#/$defs/d0"}


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ('{"id": "AB-1", "boxes": 2}', 1),
        ('Here it is:\n```json\n{"id": "AB-1", "boxes": 2}\n```', 1),
        ('{"id": "AB-1"}', 0),
        ('{"id": "AB-1", "boxes": "2"}', 0),
        ('{"id": "ab", "boxes": 2}', 0),
        ('{"id": "AB-1", "boxes": 2, "more": 1}', 0),
        ("no JSON", 0),
        ('"text"', 0),
    ],
)
def test_the_object_in_an_answer_must_follow_the_schema(text: str, score: float) -> None:
    assert follows(text, ORDER) == score


def test_a_list_is_looked_for_where_the_schema_asks_for_one() -> None:
    schema = {"type": "array", "items": {"type": "integer"}}

    assert follows("Here {not}: [1, 2]", schema) == 1
    assert follows('["a"]', schema) == 0


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "https://example.com/schema"}, "reaches outside; copy it to"),
        ({"properties": {"a": {"$ref": "file:///etc/passwd"}}}, "reaches outside"),
        ({"$id": "https://example.com/"}, "is not allowed"),
        ({"type": "objekt"}, "no JSON schema"),
        ({"pattern": "(a+)+b"}, "could run too long"),
        ({"patternProperties": {"(a|a)*b": {}}}, "could run too long"),
        ({"description": "x" * 60_000}, "50,000 are allowed"),
    ],
)
def test_a_hostile_or_broken_schema_is_refused_with_its_reason(
    schema: dict[str, Any], reason: str
) -> None:
    assert reason in all_scorers()["json_schema"].objection(schema)
    assert follows("{}", schema) is None


@pytest.mark.parametrize("schema", [doubling(40), {"$ref": "#"}])
def test_a_schema_that_never_ends_is_not_followed(schema: dict[str, Any]) -> None:
    assert follows("{}", schema) == 0


def test_a_long_text_is_not_matched_with_a_pattern() -> None:
    schema = {"properties": {"a": {"pattern": "^a"}}}

    assert follows(json.dumps({"a": "a" * 1_001}), schema) == 0
    assert follows(json.dumps({"a": "a" * 1_000}), schema) == 1


def test_equal_items_are_found_in_a_long_list_of_objects() -> None:
    schema = {"type": "array", "uniqueItems": True}
    rows = [{"n": number} for number in range(4_000)]

    assert follows(json.dumps(rows), schema) == 1
    assert follows(json.dumps([*rows, {"n": 7.0}]), schema) == 0


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"$ref": "#/nope"}, "$ref '#/nope' names nothing in the schema; correct it"),
        ({"$dynamicRef": "#x"}, "$dynamicRef '#x' names nothing in the schema; correct it"),
        ({"$ref": "#/x", "x": [1]}, "no JSON schema: [1] is not of type 'object', 'boolean'"),
        ({"$ref": "#/x", "x": {"type": 5}}, "no JSON schema: 5 is not valid under any of"),
    ],
)
def test_a_reference_to_no_sound_schema_is_told_before_anything_is_paid(
    schema: dict[str, Any], told: str
) -> None:
    assert objection_to_schema(schema).startswith(told)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#a", "$defs": {"q": {"$anchor": "a", "type": "object"}}},
        {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "object"}}},
        {"additionalProperties": {"$ref": "#"}},
    ],
)
def test_a_reference_within_the_schema_is_followed(schema: dict[str, Any]) -> None:
    assert objection_to_schema(schema) == ""
