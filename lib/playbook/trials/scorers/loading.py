"""Find all scorers: those of this package, then those that installed packages add."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from playbook.trials.scorers.registry import REGISTRY, Scorer

ENTRY_POINTS = "playbook.scorers"
"""Group of entry points. Each names a module that registers scorers by `@scorer`:

    [project.entry-points."playbook.scorers"]
    house_style = "our_package.house_style"
"""

_LONGEST_REASON = 200


@dataclass(frozen=True)
class FoundScorers:
    """All scorers that can be used, and why others can't."""

    scorers: Mapping[str, Scorer]
    problems: tuple[str, ...]


def all_scorers() -> Mapping[str, Scorer]:
    """Return every scorer by name, in the order of the names."""
    return find_scorers().scorers


def scorer_problems() -> tuple[str, ...]:
    """Return why scorers of installed packages could not be had; the others can be used."""
    return find_scorers().problems


@cache
def find_scorers() -> FoundScorers:
    """Import all modules of this package, then the entry points of others; once in a process."""
    package = importlib.import_module(__package__ or "")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    problems = tuple(_added(dict(REGISTRY)))
    return FoundScorers({name: REGISTRY[name] for name in sorted(REGISTRY)}, problems)


def _added(built_in: Mapping[str, Scorer]) -> Iterator[str]:
    """Register what installed packages add; yield why some could not be."""
    for one in sorted(entry_points(group=ENTRY_POINTS), key=lambda each: (each.name, each.value)):
        before = dict(REGISTRY)
        problem = _problem_of_loading(one, built_in, before)
        if problem:
            REGISTRY.clear()
            REGISTRY.update(before)
            package = one.dist.name if one.dist is not None else "an installed package"
            yield f"scorer {one.name} of {package} can't be used: {problem}"


def _problem_of_loading(
    one: EntryPoint, built_in: Mapping[str, Scorer], before: Mapping[str, Scorer]
) -> str:
    """Import one entry point; return what is wrong with it, or an empty text."""
    try:
        one.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  a foreign module may raise anything
        words = " ".join(f"{type(error).__name__}: {error}".split())
        return f"{words[:_LONGEST_REASON]}; mend or uninstall it"
    if taken := [name for name, known in before.items() if REGISTRY.get(name) is not known]:
        whose = "the playbook has" if taken[0] in built_in else "another package adds"
        return f"{whose} a scorer {taken[0]}; give it another name"
    added = REGISTRY.keys() - before.keys()
    if not added:
        return f"{one.value} registers none; decorate a function with @scorer"
    package = one.dist.name if one.dist is not None else one.value
    REGISTRY.update({name: replace(REGISTRY[name], added_by=package) for name in added})
    return ""
