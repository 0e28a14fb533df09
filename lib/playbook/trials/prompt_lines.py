"""One line of a prompt set file to a record, with its problems in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from playbook.catalog import house_classes, least_class, underlabelled
from playbook.clearance import NOTHING_REGULATED, Label, regulated
from playbook.records import AnyRecord, Record
from playbook.trials.prompt_records import ScorerUse
from playbook.trials.scorers import Expected, all_scorers, scorer_problems
from playbook.vocabulary import DataClass, highest

PROBLEMS_SHOWN = 50
MOST_DEPTH = 100
_VALUE_SHOWN = 60
_OF_THE_USE = ("expected", "unwanted", "at_least")
"""Fields beside a scorer's name that are not options of its own."""
_OF_A_TEMPLATE = ("template", "variables")
"""Fields of a line that become messages."""
_QUOTED_ANYWHERE = ("role", "name")
"""Fields within those below that hold no text of a prompt."""
_NOT_QUOTED = ("messages", "template", "documents", "tools", "response_schema")


def is_too_deep(value: object) -> bool:
    """Return whether plain data is nested so deep that code which recurses could break on it.

    Example:
        >>> is_too_deep([{"a": [1]}])
        False
    """
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return any(isinstance(one, dict | list) for one in level)


def header_of(
    rows: Sequence[tuple[int, Mapping[str, Any]]], kind: type[AnyRecord], problems: list[str]
) -> AnyRecord | None:
    """Return the header of the first line, or None with its problems appended."""
    first = next((row for number, row in rows if number == 1), None)
    if first is None or set(first) != {"prompt_set"} or not isinstance(first["prompt_set"], dict):
        problems.append(
            "line 1: the header is missing; begin with "
            '{"prompt_set": {"id": ..., "data_class": ...}}'
        )
        return None
    return _validated(kind, first["prompt_set"], "line 1: prompt_set", problems)


def prompt_of(
    number: int,
    row: Mapping[str, Any],
    kind: type[AnyRecord],
    *,
    label: Label,
    problems: list[str],
) -> AnyRecord | None:
    """Return the prompt of one line, or None with its problems appended.

    Args:
        number: Line in the file.
        row: The line's JSON object.
        kind: Record of a prompt.
        label: The set's label; a prompt may raise its class and add types, and never less.
        problems: Where problems are appended.
    """
    where, before = f"line {number}", len(problems)
    uses = _scorer_uses(row.get("scorers", []), row.get("expected"), where, problems)
    values = dict(row) | {"scorers": uses, "data_class": _class(row, label, where, problems)}
    values |= {"data_types": _types(row.get("data_types", []), label)}
    prompt = _validated(kind, values, where, problems)
    if prompt is not None and row.get("data_types"):
        in_force = {name: getattr(prompt, name) for name in Label.model_fields}
        problems += [f"{where}: {fault}" for fault in label_faults(Label.model_validate(in_force))]
    return prompt if len(problems) == before else None


def label_faults(label: Label) -> list[str]:
    """Return what contradicts itself in a label, with the fix."""
    types = regulated(label.data_types)
    if types and label.data_class is DataClass.PUBLIC:
        fault = f"data_types names {', '.join(types)}, but public data is of no regulated type"
        return [f"{fault}; raise data_class, or delete the type"]
    if types and NOTHING_REGULATED in label.data_types:
        return [f"data_types has {NOTHING_REGULATED} beside other types; delete one of them"]
    if why := underlabelled(label.data_class, types, house_classes()):
        least = least_class(types, house_classes())
        fault = f"data_class {label.data_class} is too low: {why}"
        return [f"{fault}; raise data_class to {least}, or delete a type that no prompt holds"]
    return []


def _types(own: object, label: Label) -> object:
    """Return a prompt's own types and its set's; what is no list is told of by its field."""
    if not isinstance(own, list):
        return own
    both = [*own, *label.data_types]
    return [one for one in both if one != NOTHING_REGULATED] or both


def _class(row: Mapping[str, Any], label: Label, where: str, problems: list[str]) -> DataClass:
    own = row.get("data_class", label.data_class)
    try:
        return highest(label.data_class, DataClass(own))
    except ValueError:
        known = ", ".join(DataClass)
        problems.append(f"{where}: data_class {_shown(own)} is unknown; use one of {known}")
        return DataClass.RESTRICTED


def _scorer_uses(
    named: object,
    expected: Expected,
    where: str,
    problems: list[str],
) -> list[dict[str, Any]]:
    if not isinstance(named, list):
        problems.append(f"{where}: scorers must be a list of names or objects with `name`")
        return []
    uses = [_scorer_use(one, expected, where, problems) for one in named]
    return [use for use in uses if use is not None]


def _scorer_use(
    named: object,
    expected: Expected,
    where: str,
    problems: list[str],
) -> dict[str, Any] | None:
    options = dict(named) if isinstance(named, dict) else {"name": named}
    name = options.pop("name", None)
    own: dict[str, Any] = {field: options.pop(field) for field in _OF_THE_USE if field in options}
    scorer = all_scorers().get(name) if isinstance(name, str) else None
    if scorer is None:
        problems.append(
            f"{where}: scorer {_shown(name)} is unknown; {_nearest(name, all_scorers())}"
        )
        problems += [one for one in scorer_problems() if one not in problems]
        return None
    objection = scorer.objection(own.get("expected", expected))
    if objection:
        problems.append(f"{where}: {objection}")
    use: dict[str, Any] = {"name": name, "options": options}
    chosen = _validated(ScorerUse, use | own, f"{where}: scorer {name}", problems)
    _validated(scorer.options, options, f"{where}: scorer {name}", problems)
    return use | own if chosen is not None else use


def _validated(
    kind: type[AnyRecord], values: Mapping[str, Any], where: str, problems: list[str]
) -> AnyRecord | None:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        places = [tuple(one["loc"]) for one in faults]
        lines = {
            _line(one, kind, where): None
            for one, place in zip(faults, places, strict=True)
            if not any(other[: len(place)] == place and other != place for other in places)
        }
        problems += lines
        return None


def _line(error: Mapping[str, Any], kind: type[Record], where: str) -> str:
    place = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden" and len(place) == 1:
        known = (*kind.model_fields, *(_OF_A_TEMPLATE if "messages" in kind.model_fields else ()))
        return f"{where}: {place[0][:40]} is unknown; {_nearest(place[0], known)}"
    if place[:1] == ["expected"]:
        return f"{where}: expected must be a text, number, object or list of texts"
    if place == ["messages"] and error["type"] in {"missing", "too_short"}:
        return f"{where}: messages is missing or empty; give messages, or a template"
    if error["type"] == "missing":
        return f"{where}: {'.'.join(place)} is missing"
    message = str(error["msg"]).removeprefix("Value error, ")
    kept = place[:1] and place[0] in _NOT_QUOTED and place[-1] not in _QUOTED_ANYWHERE
    got = "" if kept else f", got {_shown(error.get('input'))}"
    return f"{where}: {'.'.join(place)}: {message}{got}"


def _nearest(name: object, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(str(name), names, n=1)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _VALUE_SHOWN else text[: _VALUE_SHOWN - 3] + "..."
