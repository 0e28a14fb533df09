"""Read `data/regimes/*.yaml` into regimes; every problem at once, with its file and control."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from playbook.catalog.controls import Control, Regime
from playbook.catalog.reading import Node, read_yaml
from playbook.errors import CatalogError
from playbook.records import AnyRecord

SHARED = "shared.yaml"
"""File of option sets and sources that all regimes of a folder may name."""

_WORDS = {"option_sets": "option set", "sources": "source"}
_COMMON = ("as_of", "review_by")


def load_regimes(*folders: Path) -> tuple[Regime, ...]:
    """Return the regimes of some folders, by id, their option sets and sources filled in.

    A further folder only adds: what another file gives already, be it a regime, a control, an
    area, an option set or a shared source, is a problem that names both files. So no folder can
    loosen the controls of another.

    Args:
        folders: Folders with `*.yaml`, one regime each, and perhaps a `shared.yaml`.

    Raises:
        CatalogError: with every problem, each naming file and control.
    """
    problems: list[str] = []
    files = [
        (f"{folder.parent.name}/{folder.name}/{path.name}", path)
        for folder in folders
        for path in sorted(folder.glob("*.yaml"))
    ]
    contents = [(label, path, read_yaml(path, label, problems)) for label, path in files]
    shared = _shared(
        [(one, given) for one, path, given in contents if path.name == SHARED], problems
    )
    found = [
        (label, regime)
        for label, path, content in contents
        if path.name != SHARED
        and content
        and (regime := _regime(label, content, shared, problems)) is not None
    ]
    problems.extend(_given_before(found))
    if problems:
        raise CatalogError("regimes", problems)
    return tuple(sorted((regime for _, regime in found), key=lambda regime: regime.id))


def _shared(contents: list[tuple[str, Node]], problems: list[str]) -> Node:
    merged: Node = {"option_sets": {}, "sources": {}}
    places: dict[str, str] = {}
    for label, content in contents:
        problems.extend(
            f"{label}: {key} is unknown; known are {', '.join(merged)}"
            for key in content
            if key not in merged
        )
        for key, known in merged.items():
            for name, one in _named(content, key, label, problems).items():
                what = f"{_WORDS[key]} {name}"
                if what in places:
                    there = places[what]
                    problems.append(
                        f"{label}: {what} is given in {there} already; choose another name"
                    )
                else:
                    places[what], known[name] = label, one
    for name, one in merged["option_sets"].items():
        if not {"words", "is"} <= set(one):
            label = places[f"option set {name}"]
            problems.append(f"{label}: option set {name} needs `words` and `is`")
            one.update(words="", **{"is": {"always": True}})
    return merged


def _named(content: Node, key: str, where: str, problems: list[str]) -> Node:
    """Return a mapping of names to mappings, empty with a problem if it is something else."""
    given = content.get(key, {})
    if isinstance(given, dict) and all(isinstance(one, dict) for one in given.values()):
        return given
    problems.append(f"{where}: {key} must map names to mappings")
    return {}


def _regime(name: str, content: Node, shared: Node, problems: list[str]) -> Regime | None:
    before = len(problems)
    sources = {**shared["sources"], **_named(content, "sources", name, problems)}
    common = {"regime": content.get("id")} | {
        key: content[key] for key in _COMMON if key in content
    }
    controls = [
        _control({**common, **entry}, sources, shared["option_sets"], name, problems)
        for entry in _mappings(content.get("controls"), f"{name}: controls", problems)
    ]
    kept = {key: part for key, part in content.items() if key not in ("sources", *_COMMON)}
    kept["source"] = _source(content.get("source"), sources, name, problems)
    kept["areas"] = tuple(
        {**entry, "source": _source(entry.get("source"), sources, name, problems)}
        for entry in _mappings(content.get("areas", []), f"{name}: areas", problems)
    )
    kept["controls"] = tuple(control for control in controls if control is not None)
    return _validated(Regime, kept, name, problems) if len(problems) == before else None


def _mappings(given: object, where: str, problems: list[str]) -> list[Node]:
    if isinstance(given, list) and all(isinstance(one, dict) for one in given):
        return given
    problems.append(f"{where} must be a list of mappings")
    return []


def _control(
    entry: Node, sources: Node, sets: Node, name: str, problems: list[str]
) -> Control | None:
    where = f"{name}: {entry.get('id', 'a control without id')}"
    filled = {key: _filled(part, sets, f"{where}: {key}", problems) for key, part in entry.items()}
    filled["sources"] = [_source(one, sources, where, problems) for one in entry.get("sources", [])]
    return _validated(Control, filled, where, problems)


def _validated(
    kind: type[AnyRecord], content: Node, where: str, problems: list[str]
) -> AnyRecord | None:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            field = ".".join(str(part) for part in item["loc"]) or "entry"
            problems.append(f"{where}: {field}: {item['msg']} (got {repr(item['input'])[:80]})")
        return None


def _source(given: object, sources: Mapping[str, Any], where: str, problems: list[str]) -> object:
    if not isinstance(given, str):
        return given
    if given not in sources:
        problems.append(f"{where}: source {given!r} is unknown{_advice(given, sources)}")
    return sources.get(given, given)


def _filled(part: Any, sets: Mapping[str, Any], where: str, problems: list[str]) -> Any:  # noqa: ANN401  raw YAML
    """Return raw YAML with each `{set: name}` holding what the name stands for."""
    if isinstance(part, list):
        return [_filled(one, sets, where, problems) for one in part]
    if not isinstance(part, dict):
        return part
    if "set" not in part or not isinstance(part["set"], str):
        return {key: _filled(one, sets, where, problems) for key, one in part.items()}
    name = part["set"]
    if name not in sets:
        problems.append(f"{where}: option set {name!r} is unknown{_advice(name, sets)}")
        return part
    rest = {key: one for key, one in sets.items() if key != name}  # a set can't name itself
    inner = _filled(sets[name]["is"], rest, f"{where}: set {name}", problems)
    return {**part, "condition": inner, "words": sets[name]["words"]}


def _advice(name: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"


def _given_before(found: Iterable[tuple[str, Regime]]) -> Iterator[str]:
    """Yield a line for each regime, control or area that was given before, with both files."""
    places: dict[str, str] = {}
    for label, regime in found:
        names = [f"regime {regime.id}", *(f"area {area.id}" for area in regime.areas)]
        for what in (*names, *(f"control {control.id}" for control in regime.controls)):
            if what in places:
                yield f"{label}: {what} is given in {places[what]} already; keep one"
            places.setdefault(what, label)
