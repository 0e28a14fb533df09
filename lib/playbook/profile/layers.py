"""Inheritance: the organisation's defaults, then a unit's, then the team's own values."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from playbook.errors import ParamsError
from playbook.profile.checking import Values, checked
from playbook.profile.fields import field_at, is_leaf, leaf_paths
from playbook.profile.problems import did_you_mean, shown
from playbook.profile.profile import SECTIONS, Profile
from playbook.profile.reading import printable, read_file, read_tree

LAYER_FILES = ("org.yaml", "unit.yaml")
LAYER_KEYS = ("defaults", "locked", "catalog_dirs")
LEVELS_UP = 3


@dataclass(frozen=True)
class Layer:
    """Values so far, where each leaf came from, which may no longer change, folders of facts."""

    values: Values = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    locked: dict[str, str] = field(default_factory=dict)
    root: Path | None = None
    catalog_dirs: tuple[Path, ...] = ()

    def over(self, values: Values, origins: Mapping[str, str]) -> Layer:
        """Return this layer with other values laid over it, leaf by leaf."""
        merged = _merged(self.values, values, ())
        untouched = set(_paths(merged)) - set(_paths(values))
        kept = {path: one for path, one in self.origins.items() if path in untouched}
        return replace(self, values=merged, origins={**kept, **origins})

    def broken_locks(self, values: Values, places: Mapping[str, str]) -> list[str]:
        """Return a line for each locked leaf that some values would change."""
        if not self.locked:
            return []
        held = {**leaf_paths(Profile()), **_leaves_as_read(self.values)}
        return [
            f"{path} ({places.get(path, 'here')}) is {shown(value)}, but {origin} locks it at "
            f"{shown(kept)}; delete the line, or ask the file's owner"
            for path, value in _leaves_as_read(values).items()
            for lock, origin in self.locked.items()
            if _lies_under(path, lock) and value != (kept := held.get(path, _default_at(path)))
        ]

    def only_locked(self, sections: Collection[str]) -> Layer:
        """Return this layer with nothing but what is locked in some sections."""
        values = {name: one for name, one in self.values.items() if name not in sections}
        kept = replace(self, values=values, origins={})
        for path, value in _leaves(self.values, ()):
            if path.split(".")[0] in sections and any(
                _lies_under(path, one) for one in self.locked
            ):
                kept = kept.over(_nested(path.split("."), value), {})
        there = set(_paths(kept.values))
        origins = {path: one for path, one in self.origins.items() if path in there}
        return replace(kept, origins=origins)


def find_layers(path: Path, org: Path | None = None) -> tuple[Path, ...]:
    """Return the files that a team's file inherits from, outermost first.

    Every `org.yaml` in the file's folder or at most 3 levels above, and every `unit.yaml` from the
    outermost of them down to the file's folder. An inner one may lock more, never less: a team
    can't shed its organisation by a file of that name beside its own.

    Args:
        path: The team's file.
        org: The organisation's file, in place of those found.
    """
    folders = [path.parent, *path.parent.parents][: LEVELS_UP + 1]
    candidates = [org] if org else [folder / LAYER_FILES[0] for folder in folders]
    found = [one for one in candidates if one != path and (one.is_file() or one == org)]
    if not found:
        return ()
    base = found[-1]
    below = folders[: folders.index(base.parent) + 1] if base.parent in folders else []
    inner = [folder / LAYER_FILES[1] for folder in below]
    layers = [one for folder in reversed(below) for one in (*found, *inner) if one.parent == folder]
    return (base, *(one for one in layers if one not in (base, path) and one.is_file()))


def read_layers(files: tuple[Path, ...]) -> Layer:
    """Return the layers of some files laid over each other, outermost first.

    Raises:
        ParamsError: when one of them is wrong.
    """
    layer = Layer(root=files[0].parent if files else None)
    for file in files:
        layer = _read_layer(file, layer)
    return layer


def catalog_dirs(path: Path) -> tuple[Path, ...]:
    """Return the folders of further facts that the layers above a params file name.

    Raises:
        ParamsError: when a layer is wrong, or a folder that it names is not there.
    """
    return read_layers(find_layers(path.absolute())).catalog_dirs


def label_of(path: Path, root: Path | None) -> str:
    """Return the name of a params file in messages and origins, never an absolute path.

    Example:
        >>> label_of(Path("/x/params/teams/a.yaml"), Path("/x/params"))
        'params/teams/a.yaml'
    """
    if root and path.is_relative_to(root):
        return printable(f"{root.name}/{path.relative_to(root).as_posix()}".lstrip("/"))
    return printable(f"{path.parent.name}/{path.name}".lstrip("/"))


def origins_of(values: Values, origin: Callable[[str], str]) -> dict[str, str]:
    """Return the origin of each leaf that some values set, from its dotted path."""
    return {path: origin(path) for path, _ in _leaves(values, ())}


def without_empty(values: Mapping[str, object], parts: tuple[str, ...] = ()) -> Values:
    """Return the values without containers left empty, such as a section with all lines gone."""
    return {
        key: without_empty(value, (*parts, key)) if isinstance(value, dict) else value
        for key, value in values.items()
        if value is not None or is_leaf((*parts, key))
    }


def _read_layer(file: Path, below: Layer) -> Layer:
    label = label_of(file, below.root)
    tree = read_tree(read_file(file, label), label)
    plain = tree.root.plain()
    unknown = [
        f"{printable(str(key))} is unknown{did_you_mean(str(key), LAYER_KEYS)}"
        for key in plain
        if key not in LAYER_KEYS
    ]
    defaults = plain.get("defaults") or {}
    locked = plain.get("locked") or []
    problems = [*tree.problems, *unknown, *_wrong_shape(defaults, locked)]
    folders, missing = _folders(plain.get("catalog_dirs") or [], file, tree.lines())
    problems += missing
    if problems:
        raise ParamsError(label, problems)
    lines = {path.removeprefix("defaults."): f"line {at}" for path, at in tree.lines().items()}
    values = without_empty(defaults)
    problems += below.broken_locks(values, lines)
    at = tree.lines()
    origins = origins_of(values, lambda leaf: f"{label}:{at.get(f'defaults.{leaf}', 1)}")
    merged = below.over(values, origins)
    checked(merged.values, label=label, places=lines, known=tuple(problems))
    locks = {path: f"{label}:{at[f'locked[{index}]']}" for index, path in enumerate(locked)}
    held = {**below.locked, **locks}
    return replace(merged, locked=held, catalog_dirs=(*below.catalog_dirs, *folders))


def _folders(
    named: object, file: Path, lines: Mapping[str, int]
) -> tuple[tuple[Path, ...], list[str]]:
    """Return the folders of facts that a layer names, relative to its file, and what is wrong."""
    if not isinstance(named, list):
        return (), ["catalog_dirs must be a list of folders such as `../our_facts`"]
    found, problems = [], []
    for index, name in enumerate(named):
        folder = file.parent / name if isinstance(name, str) else None
        if folder is not None and folder.is_dir():
            found.append(folder.resolve())
        else:
            at = lines.get(f"catalog_dirs[{index}]", 1)
            fix = "name one, relative to this file, or delete the line"
            problems.append(f"catalog_dirs[{index}] (line {at}) is {shown(name)}, no folder; {fix}")
    return tuple(found), problems


def _wrong_shape(defaults: object, locked: object) -> Iterator[str]:
    if not isinstance(defaults, dict):
        yield "defaults must hold sections such as `team:` and `workload:`"
    if not isinstance(locked, list):
        yield "locked must be a list of paths such as data.stance_on_chinese_origin_weights"
        return
    for path in locked:
        parts = str(path).split(".")
        if path not in SECTIONS and (parts[0] not in SECTIONS or field_at(parts) is None):
            near = did_you_mean(str(path), list(leaf_paths(Profile())))
            yield f"locked: {printable(str(path))} is no field{near}"


def _lies_under(path: str, lock: str) -> bool:
    return path == lock or path.startswith(f"{lock}.")


def _leaves_as_read(values: Values) -> dict[str, object]:
    """Return each leaf that is set, as the profile reads it: 5 and {low: 5, ...} are the same."""
    leaves = dict(_leaves(values, ()))
    try:
        profile = Profile.model_validate_json(json.dumps(values), strict=True)
    except ValidationError:
        return leaves  # what is wrong is told when the file is checked
    read = leaf_paths(profile)
    return {path: read.get(path, value) for path, value in leaves.items()}


def _default_at(path: str) -> object:
    """Return the default of a field below an open key, such as that of an answer."""
    field_there = field_at(path.split("."))
    default = field_there.default if field_there else None
    return None if default == {} else default


def _nested(parts: list[str], value: object) -> Values:
    first, *rest = parts
    return {first: _nested(rest, value) if rest else value}


def _merged(below: object, above: object, parts: tuple[str, ...]) -> Values:
    result: Values = dict(below) if isinstance(below, dict) else {}
    for key, value in (above if isinstance(above, dict) else {}).items():
        path = (*parts, key)
        both = isinstance(value, dict) and isinstance(result.get(key), dict) and not is_leaf(path)
        result[key] = _merged(result[key], value, path) if both else value
    return result


def _leaves(value: object, parts: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and not (parts and is_leaf(parts)):
        for key, child in value.items():
            yield from _leaves(child, (*parts, str(key)))
    else:
        yield ".".join(parts), value


def _paths(values: Values) -> Iterator[str]:
    return (path for path, _ in _leaves(values, ()))
