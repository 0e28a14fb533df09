"""The team's facts and answers, as the controls address them, and whether they fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from playbook.catalog import Catalog, Control
from playbook.catalog.conditions import Comparison, comparison_problem, comparisons_in
from playbook.compliance.logic import Seen
from playbook.profile import Profile
from playbook.profile.profile import SECTIONS
from playbook.profile.sections import OTHERS
from playbook.vocabulary import AnswerWord, DataClass

_SECTIONS = ("team", "workload", "data", "infrastructure", "domain")
_TUNING = ("domain.will_fine_tune", "domain.fine_tune_data_types")
_NAME_OF = {bool: "bool", int: "number", float: "number", str: "word"}


def facts_of(profile: Profile) -> dict[str, Seen]:
    """Return the profile's plain fields by dotted path; a field left out is None (unknown).

    An empty list of fine-tuning data types is unknown too, unless the team won't fine-tune.
    """
    facts: dict[str, Seen] = {}
    for path in fact_kinds():
        section, name = path.split(".")
        value = getattr(getattr(profile, section), name)
        facts[path] = value.value if isinstance(value, DataClass) else value
    if profile.domain.will_fine_tune is not False and not profile.domain.fine_tune_data_types:
        facts["domain.fine_tune_data_types"] = None
    return facts


@cache
def fact_kinds() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Return the profile fields that a condition may address: kind and, where closed, words."""
    kinds = {}
    for section in _SECTIONS:
        for name, field in SECTIONS[section].model_fields.items():
            kind = _kind(field.annotation)
            if kind is not None:
                kinds[f"{section}.{name}"] = kind
    return kinds


def _kind(annotation: object) -> tuple[str, tuple[str, ...]] | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin in (Union, UnionType):
        rest = [one for one in arguments if one is not type(None)]
        return _kind(rest[0]) if len(rest) == 1 else None
    if origin is Literal:
        return "word", tuple(str(one) for one in arguments)
    if origin is tuple and len(arguments) == 2:  # noqa: PLR2004  tuple[word, ...]
        inner = _kind(arguments[0])
        return ("list", inner[1]) if inner and inner[0] == "word" else None
    if annotation is DataClass:
        return "word", tuple(one.value for one in DataClass)
    return (_NAME_OF[annotation], ()) if annotation in _NAME_OF else None


def facts_asked(controls: Iterable[Control]) -> tuple[str, ...]:
    """Return the profile fields on which controls hang, in the order of the profile.

    Those of fine-tuning are among them: what data an option's weights were tuned on is a fact too.
    """
    named = set(_TUNING)
    for test in (test for control in controls for test in _tests(control)):
        if test.verb == "within_fact":
            named.add(str(test.values[0]))
        elif test.of == "fact":
            named.add(test.name)
    return tuple(path for path in fact_kinds() if path in named)


def control_problems(controls: Iterable[Control]) -> list[str]:
    """Return one line for each condition that names no profile field, or no value of it."""
    return [
        f"{control.id}: {problem}"
        for control in controls
        for test in _tests(control)
        if (problem := _fact_problem(test))
    ]


def _tests(control: Control) -> Iterable[Comparison]:
    yield from comparisons_in(control.applies_when)
    for effect in control.effects:
        if effect.hits is not None:
            yield from comparisons_in(effect.hits)


def _fact_problem(test: Comparison) -> str:
    kinds = fact_kinds()
    name = str(test.values[0]) if test.verb == "within_fact" else test.name
    if test.of == "opt" and test.verb != "within_fact":
        return ""
    if name not in kinds:
        return f"fact {name!r} is no field of the profile{_advice(name, kinds)}"
    if test.of == "opt":
        return "" if kinds[name][0] == "list" else f"{name} is no list, so nothing lies within it"
    return comparison_problem(test, *kinds[name])


def answers_in_force(profile: Profile, *, as_of: date) -> dict[str, AnswerWord]:
    """Return the answer to each control by id; expired and unfounded ones are unknown.

    `not_applicable` counts only with a reason and an owner.
    """
    found = {}
    for control, answer in profile.data.answers.items():
        expired = answer.valid_until is not None and answer.valid_until < as_of
        unfounded = answer.answer is AnswerWord.NOT_APPLICABLE and not (
            answer.reason.strip() and answer.owner.strip()
        )
        found[control] = AnswerWord.UNKNOWN if expired or unfounded else answer.answer
    return found


def answer_problems(profile: Profile, catalog: Catalog) -> list[str]:
    """Return one line for each answer or contract of a profile that can't be used as given."""
    known = [control.id for control in catalog.controls]
    problems = [
        f"data.answers.{control}: no such control{_advice(control, known)}"
        for control in profile.data.answers
        if control not in known
    ]
    for control, answer in profile.data.answers.items():
        lacks = [name for name in ("reason", "owner") if not getattr(answer, name).strip()]
        if answer.answer is AnswerWord.NOT_APPLICABLE and lacks:
            problems.append(
                f"data.answers.{control}: not_applicable needs {' and '.join(lacks)}; "
                "without, it counts as unknown"
            )
    owners = [*(one.id for one in catalog.providers), *(one.id for one in catalog.places)]
    problems.extend(
        f"data.{field}.{owner}: no such provider or place{_advice(owner, owners)}"
        for field in ("contracts", "suppliers")
        for owner in getattr(profile.data, field)
        if owner not in owners and (field, owner) != ("contracts", OTHERS)
    )
    return problems


def _advice(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(names[:12])}"
