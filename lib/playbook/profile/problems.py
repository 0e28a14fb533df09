"""Turn what pydantic found into one line per problem: field, line, value, fix."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from playbook.profile.fields import LeafField, field_at, record_at
from playbook.profile.hints import number_hint, share_hint, written
from playbook.profile.profile import SECTIONS
from playbook.profile.reading import printable
from playbook.uncertainty import Estimate
from playbook.vocabulary import AnswerWord

ValuePath = tuple[str | int, ...]
_BOUNDS = {
    "less_than_equal": ("le", "above"),
    "less_than": ("lt", "not below"),
    "greater_than_equal": ("ge", "below"),
    "greater_than": ("gt", "not above"),
}
_KEEP_SECRET = ("api_key_variable", "api_base")


def dotted(path: Sequence[str | int]) -> str:
    """Return a path as messages show it.

    Example:
        >>> dotted(("trials", "endpoints", 0, "id"))
        'trials.endpoints[0].id'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def found_by_pydantic(
    error: ValidationError, values: Mapping[str, object], places: Mapping[str, str]
) -> dict[ValuePath, str]:
    """Return one line per wrong value, by its path.

    Args:
        error: What pydantic raised for the values.
        values: The values, by section.
        places: Where each path is written, such as `line 7`, by dotted path.
    """
    lines: dict[ValuePath, str] = {}
    for detail in error.errors(include_url=False):
        path = _path(detail, values)
        if path not in lines:
            lines[path] = _line(detail, path, places)
    return lines


def place_of(path: Sequence[str | int], places: Mapping[str, str]) -> str:
    """Return where a path is written, ` (line 7)`, or the nearest parent's place, or nothing."""
    for end in range(len(path), 0, -1):
        if place := places.get(dotted(path[:end])):
            return f" ({place})"
    return ""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return `; did you mean X?` for the nearest known word, or nothing.

    Example:
        >>> did_you_mean("tokens_per_dya", ["tokens_per_day", "share_output"])
        '; did you mean tokens_per_day?'
    """
    begun = [one for one in known if len(word) > 2 and one.startswith(word.lower())]  # noqa: PLR2004  two letters begin too much
    near = begun or difflib.get_close_matches(word[:80].lower(), known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def shown(value: object) -> str:
    """Return a value from a file as messages show it: one short, printable line, no key in it."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = printable(json.dumps(value, ensure_ascii=False, default=str), 60)
    return "a value that looks like a key (not shown)" if _looks_secret(text) else text


def _looks_secret(text: str) -> bool:
    return bool(re.search(r"(?i)\b(sk|pk|hf|gh[pousr]|xox[a-z]|akia|bearer)[-_ ]?\w{12,}", text))


def _path(detail: ErrorDetails, values: Mapping[str, object]) -> ValuePath:
    at: object = values
    path: list[str | int] = []
    for part in detail["loc"]:
        inside_dict = isinstance(at, dict) and part in at
        inside_list = isinstance(at, list) and isinstance(part, int) and part < len(at)
        if not (inside_dict or inside_list):
            break
        path.append(part)
        at = at[part]  # type: ignore[index]
    if detail["type"] == "missing":
        path.append(str(detail["loc"][-1]))
    return tuple(path)


def _line(detail: ErrorDetails, path: ValuePath, places: Mapping[str, str]) -> str:
    where = printable(dotted(path), 120) + place_of(path, places)
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return f"{where} is unknown{_nearest(path)}"
    if kind == "missing":
        return f"{where} is missing; add it"
    if detail["loc"][-1] == "[key]":
        return f"{where} is not a usable key; use letters, digits and _ - @ : /"
    return f"{where} {_wrong(detail, value, _field_of(path), path)}"


def _field_of(path: ValuePath) -> LeafField | None:
    """Return the field at a path; a side of an estimate has the estimate's unit."""
    field, parent = field_at(path), field_at(path[:-1])
    if field and parent and parent.kind is Estimate and not field.unit:
        return replace(field, unit=parent.unit)
    return field


def _wrong(detail: ErrorDetails, value: object, field: LeafField | None, path: ValuePath) -> str:
    kind = detail["type"]
    if kind in _BOUNDS:
        return _out_of_bounds(detail, value, field)
    if kind == "value_error":
        reason = str(detail["msg"]).removeprefix("Value error, ")
        return f"is wrong: {reason}"
    if path[-1] in _KEEP_SECRET and isinstance(value, str):
        return f"does not fit (value not shown): {_meaning(field)}"
    if kind in ("string_pattern_mismatch", "string_too_long"):
        return f"is {shown(value)}, which does not fit: {_fitting(detail, field)}"
    return _wrong_type(value, field)


def _wrong_type(value: object, field: LeafField | None) -> str:
    if value is None:
        return f"is empty; give {_takes(field)} or delete the line"
    if field and field.choices and isinstance(value, str):
        if field.many and value in field.choices:
            return f"is {shown(value)}; it takes a list: write [{value}]"
        near = did_you_mean(value, field.choices)
        return f"is {shown(value)}; choose one of {', '.join(field.choices)}{near}"
    return f"is {shown(value)}; it takes {_takes(field)}{_hint(value, field)}"


def _out_of_bounds(detail: ErrorDetails, value: object, field: LeafField | None) -> str:
    key, words = _BOUNDS[detail["type"]]
    bound = detail.get("ctx", {})[key]
    unit = f" ({field.unit})" if field and field.unit else ""
    return f"is {shown(value)}, {words} {written(bound)}{unit}{share_hint(value, field)}"


def _hint(value: object, field: LeafField | None) -> str:
    if isinstance(value, bool) and field and AnswerWord.MET in field.choices:
        return "; write met for yes, not_met for no"
    if isinstance(value, bool) and field and field.kind is str:
        return '; put the word in quotes, such as "no"'
    if isinstance(value, str) and field and field.kind not in (str, bool):
        return number_hint(value, field)
    if not isinstance(value, list) and field and field.many:
        return f"; write [{value}]" if isinstance(value, str) and value.isidentifier() else ""
    return ""


def _takes(field: LeafField | None) -> str:
    if field is None:
        return "a mapping of fields"
    return f"{field.takes}{f' ({field.unit})' if field.unit else ''}"


def _meaning(field: LeafField | None) -> str:
    return field.meaning if field else "see params/example.yaml"


def _fitting(detail: ErrorDetails, field: LeafField | None) -> str:
    limit = detail.get("ctx", {}).get("max_length")
    return f"at most {limit} characters" if limit else _meaning(field)


def _nearest(path: ValuePath) -> str:
    """Return the fix for an unknown key: a near name, or the section where the name belongs."""
    key = str(path[-1])
    record = record_at(path[:-1])
    here = list(SECTIONS if not path[:-1] else record.model_fields if record else ())
    if near := did_you_mean(key, [one for one in here if one != "origins"]):
        return near
    if homes := list(_homes(key)):
        return f"; it belongs under {homes[0]}:"
    kind = "sections" if len(path) == 1 else "fields"
    names = ", ".join(one for one in here if one != "origins")
    return f"; the {kind} are {names}" if 0 < len(here) <= 12 else "; see params/example.yaml"  # noqa: PLR2004  more would not be read


def _homes(key: str) -> Iterator[str]:
    for section, kind in SECTIONS.items():
        if key in kind.model_fields:
            yield section
