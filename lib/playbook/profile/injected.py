"""Make plain JSON values of what was passed to a notebook as its sections."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel

from playbook.profile.checking import Values
from playbook.profile.fields import field_at
from playbook.profile.problems import did_you_mean, dotted, shown
from playbook.profile.profile import SECTIONS
from playbook.profile.reading import MAX_DEPTH, printable, resolve
from playbook.uncertainty import Estimate

_DROPPED = object()  # stands for a value whose problem is already written down
Steps = tuple[str | int, ...]


def plain_sections(sections: Mapping[str, object]) -> tuple[Values, list[str]]:
    """Return the sections as plain values, and a line for each part that is none.

    Text such as `1e7`, which papermill reads from YAML as text, becomes a number where the
    schema takes one.
    """
    problems: list[str] = []
    values: Values = {}
    for name, section in sections.items():
        if name not in SECTIONS:
            near = did_you_mean(name, list(SECTIONS)) or f"; the sections are {', '.join(SECTIONS)}"
            problems.append(f"{printable(name)} is unknown{near}")
        elif not isinstance(section, Mapping | BaseModel):
            problems.append(f"{name} is {shown(section)}; it takes a mapping of fields")
        else:
            plain = _plain(section, (name,), problems)
            values[name] = plain if isinstance(plain, dict) else {}
    return values, problems


def _plain(value: object, path: Steps, problems: list[str]) -> object:
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if len(path) > MAX_DEPTH:
        problems.append(f"{printable(dotted(path))} is nested too deep; see params/example.yaml")
        return _DROPPED
    if isinstance(value, Mapping):
        return _plain_mapping(value, path, problems)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        plain = [_plain(one, (*path, at), problems) for at, one in enumerate(value)]
        return [one for one in plain if one is not _DROPPED]
    return _plain_scalar(value, path, problems)


def _plain_mapping(value: Mapping[object, object], path: Steps, problems: list[str]) -> Values:
    result: Values = {}
    for key, one in value.items():
        if isinstance(key, str) and key.isprintable():
            plain = _plain(one, (*path, key), problems)
            if plain is not _DROPPED:
                result[key] = plain
        else:
            where = printable(dotted(path))
            problems.append(
                f"{where} has the key {shown(key)}, which is not plain text; put it in quotes"
            )
    return result


def _plain_scalar(value: object, path: Steps, problems: list[str]) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        problems.append(f"{printable(dotted(path))} is not a finite number; give a number")
        return _DROPPED
    if isinstance(value, str) and any("\ud800" <= one <= "\udfff" for one in value):
        problems.append(f"{printable(dotted(path))} holds half a character; remove it")
        return _DROPPED
    if isinstance(value, str):
        return _number_meant(value, path)
    if value is None or isinstance(value, bool | int | float):
        return value
    problems.append(f"{printable(dotted(path))} is a {type(value).__name__}; give plain values")
    return _DROPPED


def _number_meant(text: str, path: Steps) -> object:
    field = field_at(path)
    resolved = resolve(text)
    is_number = isinstance(resolved, int | float) and not isinstance(resolved, bool)
    takes_number = field is not None and field.kind in (int, float, Estimate)
    return resolved if is_number and takes_number and "e" in text.lower() else text
