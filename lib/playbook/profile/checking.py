"""Check the merged values of a params file: a profile, or all of its problems."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from playbook.errors import ParamsError
from playbook.profile.problems import (
    ValuePath,
    did_you_mean,
    dotted,
    found_by_pydantic,
    place_of,
)
from playbook.profile.profile import Profile
from playbook.profile.rules import broken_endpoints, broken_rules

Values = dict[str, object]
MOST_PROBLEMS = 50
_ROUNDS = 4
_SET_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_LINE = re.compile(r"\blines? (\d+)")


def checked(
    values: Values,
    *,
    label: str,
    places: Mapping[str, str],
    prompts: Path | None = None,
    known: tuple[str, ...] = (),
) -> Profile:
    """Return the profile of some values, by section.

    Args:
        values: Plain values, merged over the organisation's.
        label: Name of the file or of the parameters in messages.
        places: Where each dotted path is written, such as `line 7`.
        prompts: Folder in which prompt sets must exist; None to leave that unchecked.
        known: Problems found before.

    Raises:
        ParamsError: with every problem, in the order of the file.
    """
    profile, problems = _validated(values, places)
    found = [*broken_endpoints(_inside(values, "trials", "endpoints"))]
    found += broken_rules(profile)
    found += _missing_prompts(_inside(values, "trials", "prompt_sets"), prompts)
    lines = [f"{dotted(path)}{place_of(path, places)} {fault}" for path, fault in found]
    everything = sorted(dict.fromkeys([*known, *problems, *lines]), key=_line_number)
    if everything:
        raise ParamsError(label, _at_most(everything))
    return profile


def _at_most(problems: list[str]) -> list[str]:
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], f"and {more} more"]


def _validated(values: Values, places: Mapping[str, str]) -> tuple[Profile, list[str]]:
    """Return the profile without its wrong leaves, so that rules are checked too, and the faults.

    A leaf that is taken out may leave a record incomplete, hence the rounds.
    """
    rest = copy.deepcopy(values)
    problems: list[str] = []
    for _ in range(_ROUNDS):
        try:
            return Profile.model_validate_json(json.dumps(rest), strict=True), problems
        except ValidationError as error:
            found = found_by_pydantic(error, rest, places)
        if not problems:
            problems = list(found.values())
        for path in found:
            _take_out(rest, path)
    return Profile(), problems


def _take_out(values: Values, path: ValuePath) -> None:
    """Remove the field that holds a wrong value: the whole leaf for list items and estimates."""
    whole = path[: _field_depth(path)]
    at: object = values
    for part in whole[:-1]:
        at = at.get(part) if isinstance(at, dict) else None
    if isinstance(at, dict):
        at.pop(whole[-1], None)


def _field_depth(path: ValuePath) -> int:
    first_index = next((at for at, part in enumerate(path) if isinstance(part, int)), len(path))
    return min(first_index, 3 if path[:2] == ("infrastructure", "lead_times") else 2, len(path))


def _inside(values: Mapping[str, object], section: str, field: str) -> object:
    part = values.get(section)
    return part.get(field) if isinstance(part, Mapping) else None


def _missing_prompts(names: object, prompts: Path | None) -> list[tuple[ValuePath, str]]:
    if prompts is None or not isinstance(names, list):
        return []
    there = sorted(one.stem for one in prompts.glob("*.jsonl")) if prompts.is_dir() else []
    found: list[tuple[ValuePath, str]] = []
    for index, name in enumerate(names):
        if isinstance(name, str) and _SET_NAME.fullmatch(name) and name not in there:
            near = did_you_mean(name, there) or f"; there are: {', '.join(there) or 'none'}"
            fault = f"is {name!r}, but there is no prompts/{name}.jsonl{near}"
            found.append((("trials", "prompt_sets", index), fault))
    return found


def _line_number(problem: str) -> int:
    match = _LINE.search(problem)
    return int(match[1]) if match else 0
