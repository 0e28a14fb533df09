"""The scorer `json_schema`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from playbook.runs import canonical_json
from playbook.trials.scorers.answer import Answer
from playbook.trials.scorers.json_field import first_value
from playbook.trials.scorers.regex import LONGEST_TEXT as LONGEST_MATCHED
from playbook.trials.scorers.regex import checked_pattern
from playbook.trials.scorers.registry import Expected, NoOptions, answer_scorer

LARGEST_SCHEMA = 50_000
MOST_STEPS = 100_000
_Rule = Callable[[Any, Any, Any, Any], Iterator[Any] | None]


def objection_to_schema(expected: Expected) -> str:
    """Return what is wrong with a JSON schema, such as a reach outside, or an empty text."""
    text = canonical_json(expected)
    if len(text) > LARGEST_SCHEMA:
        return f"a schema of {len(text):,} characters; {LARGEST_SCHEMA:,} are allowed"
    return _problem_of(text)


@answer_scorer("json_schema", expects=(dict,), objects=objection_to_schema)
def score_json_schema(answer: Answer, expected: Expected, options: NoOptions) -> float | None:
    """Return 1 if the JSON in the answer follows the schema that is expected.

    The whole answer counts if it is JSON, else the first object in it, or the first list where the
    schema asks for a list; so words or a code fence around it do no harm. It says that the form is
    right, not that the values are. Schemas are of draft 2020-12: `$ref` reaches only within them,
    patterns are kept to those of the scorer regex, and `format` is not checked.

    Example:
        >>> schema = {"type": "object", "required": ["id"]}
        >>> score_json_schema(Answer('{"id": 7}'), schema, NoOptions())
        1.0
    """
    del options
    if not isinstance(expected, dict) or objection_to_schema(expected):
        return None
    found = first_value(answer.text, "[" if expected.get("type") == "array" else "{")
    if found is None:
        return 0.0
    patterns = any(name in ("pattern", "patternProperties") for name, _ in _walk(expected))
    if patterns and any(len(one) > LONGEST_MATCHED for one in _texts(found[0])):
        return 0.0
    return float(_follows(canonical_json(expected), found[0]))


def _follows(schema: str, value: object) -> bool:
    """Return whether a value follows a schema; one that takes too many steps does not."""
    try:
        return bool(_validator(schema).is_valid(value))
    except (_TooManyStepsError, RecursionError, OverflowError):
        return False


class _TooManyStepsError(Exception):
    pass


def _validator(schema: str) -> Any:  # noqa: ANN401  jsonschema has no public type of its classes
    """Return a validator that stops after so many steps and never leaves its schema."""
    from jsonschema import Draft202012Validator, validators  # noqa: PLC0415  slow import
    from referencing import Registry  # noqa: PLC0415  likewise

    left = [MOST_STEPS]

    def counted(rule: _Rule) -> _Rule:
        def run(validator: Any, wanted: Any, value: Any, within: Any) -> Iterator[Any]:  # noqa: ANN401
            left[0] -= 1
            if left[0] < 0:
                raise _TooManyStepsError
            yield from rule(validator, wanted, value, within) or ()

        return run

    rules: dict[str, _Rule] = {**Draft202012Validator.VALIDATORS, "uniqueItems": _unique}
    own = validators.extend(  # type: ignore[no-untyped-call]  # not in the stubs
        Draft202012Validator, {name: counted(rule) for name, rule in rules.items()}
    )
    return own(json.loads(schema), registry=Registry())


def _unique(validator: Any, wanted: Any, value: Any, within: Any) -> Iterator[Any]:  # noqa: ANN401
    """Compare items by their JSON, so that a long list takes no longer than its length."""
    from jsonschema import ValidationError  # noqa: PLC0415  slow import

    del validator, within
    if wanted and isinstance(value, list):
        texts = {json.dumps(_plain_numbers(one), sort_keys=True) for one in value}
        if len(texts) < len(value):
            yield ValidationError("has equal items")


def _plain_numbers(value: object) -> object:
    """Return a value whose whole floats are integers: in JSON 1.0 is 1."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain_numbers(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain_numbers(one) for name, one in value.items()}
    return value


@lru_cache(maxsize=256)
def _problem_of(text: str) -> str:
    """Return what is wrong with a schema, or an empty text."""
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415  slow import

    schema = json.loads(text)
    for name, value in _walk(schema):
        if name in ("$ref", "$dynamicRef") and not str(value).startswith("#"):
            return (
                f"{name} {str(value)[:80]!r} reaches outside; copy it to $defs and name #/$defs/..."
            )
        if name == "$id":
            return "$id is not allowed: it changes where $ref reaches; delete it"
        try:
            _check_patterns(name, value)
        except ValueError as error:
            return str(error)
    try:
        Draft202012Validator.check_schema(schema)
        return _problem_of_refs(schema)
    except SchemaError as error:
        return f"no JSON schema: {error.message[:200]}"
    except RecursionError:
        return "nested too deep"


def _problem_of_refs(schema: dict[str, Any]) -> str:
    """Return which `$ref` names no schema, or an empty text; what it names may stand anywhere.

    Raises:
        jsonschema.SchemaError: when what one names is no sound schema.
    """
    from jsonschema import Draft202012Validator  # noqa: PLC0415  slow import
    from referencing import Registry  # noqa: PLC0415  likewise
    from referencing.exceptions import Unresolvable  # noqa: PLC0415  likewise
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415  likewise

    registry: Any = Registry().with_resource("", DRAFT202012.create_resource(schema))
    for name, value in _walk(schema):
        if name in ("$ref", "$dynamicRef"):
            try:
                named = registry.resolver().lookup(str(value)).contents
            except Unresolvable:
                return f"{name} {str(value)[:80]!r} names nothing in the schema; correct it"
            Draft202012Validator.check_schema(named)
    return ""


def _check_patterns(name: str, value: object) -> None:
    patterns: list[object] = []
    if name == "pattern":
        patterns = [value]
    elif name == "patternProperties" and isinstance(value, dict):
        patterns = list(value)
    for one in patterns:
        if isinstance(one, str):
            checked_pattern(one)


def _walk(value: object) -> Iterator[tuple[str, object]]:
    """Yield every name of every object in a value, with what it names."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, Mapping):
            yield from one.items()
            stack += one.values()
        elif isinstance(one, list):
            stack += one


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for name, inner in _walk({"": value}):
        yield name
        if isinstance(inner, str):
            yield inner
        elif isinstance(inner, list):
            yield from (one for one in inner if isinstance(one, str))
