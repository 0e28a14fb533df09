from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from playbook.trials.scorers.json_schema import JsonSchemaOptions, score_json_schema

ORDER = {
    "type": "object",
    "required": ["id", "boxes"],
    "properties": {
        "id": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]+$"},
        "boxes": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}


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
    assert score_json_schema(text, None, JsonSchemaOptions(against=ORDER)) == score


def test_a_list_is_looked_for_where_the_schema_asks_for_one() -> None:
    options = JsonSchemaOptions(against={"type": "array", "items": {"type": "integer"}})

    assert score_json_schema("Here {not}: [1, 2]", None, options) == 1
    assert score_json_schema('["a"]', None, options) == 0


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
    with pytest.raises(ValidationError, match=reason):
        JsonSchemaOptions(against=schema)


@pytest.mark.parametrize("schema", [doubling(40), {"$ref": "#"}])
def test_a_schema_that_never_ends_is_not_followed(schema: dict[str, Any]) -> None:
    assert score_json_schema("{}", None, JsonSchemaOptions(against=schema)) == 0


def test_a_long_text_is_not_matched_with_a_pattern() -> None:
    schema = {"properties": {"a": {"pattern": "^a"}}}

    assert score_json_schema(json.dumps({"a": "a" * 1_001}), None, against(schema)) == 0
    assert score_json_schema(json.dumps({"a": "a" * 1_000}), None, against(schema)) == 1


def test_equal_items_are_found_in_a_long_list_of_objects() -> None:
    schema = {"type": "array", "uniqueItems": True}
    rows = [{"n": number} for number in range(4_000)]

    assert score_json_schema(json.dumps(rows), None, against(schema)) == 1
    assert score_json_schema(json.dumps([*rows, {"n": 7.0}]), None, against(schema)) == 0


def against(schema: dict[str, Any]) -> JsonSchemaOptions:
    return JsonSchemaOptions(against=schema)
