"""Read one YAML file of facts strictly: no key twice, no alias, no key that is not text."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

LARGEST_FILE_BYTES = 2_000_000
Node = dict[Any, Any]


def read_yaml(path: Path, name: str, problems: list[str]) -> Node:
    """Return a YAML file's top-level mapping; problems are appended and leave it empty.

    Duplicate keys, aliases (which can hide a huge document) and keys that are not text are refused.

    Args:
        path: The file.
        name: Its name in messages.
        problems: Gets a line for each problem.
    """
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            problems.append(f"{name}: larger than {LARGEST_FILE_BYTES} bytes; split it")
            return {}
        loaded = yaml.load(path.read_bytes(), Loader=_StrictLoader)  # noqa: S506  a SafeLoader
    except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:
        problems.append(f"{name}: not readable as YAML: {' '.join(str(error).split())[:200]}")
        return {}
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        problems.append(f"{name}: must be a mapping of kinds to lists")
        return {}
    return loaded


def csv_rows(value: object) -> object:
    r"""Return the rows of a CSV text with a header, empty cells as None; other values as they are.

    A large table is one block of text in its YAML file: one scalar is read much faster than many.

    Example:
        >>> csv_rows("model,score\na,1.5\nb,")
        [{'model': 'a', 'score': '1.5'}, {'model': 'b', 'score': None}]
    """
    if not isinstance(value, str):
        return value
    rows = csv.DictReader(value.strip().splitlines(), skipinitialspace=True)
    return [{key: cell or None for key, cell in row.items()} for row in rows]


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, in C where it exists, without duplicate keys and aliases."""

    def get_single_node(self) -> yaml.Node | None:
        root: yaml.Node | None = super().get_single_node()
        seen: set[int] = set()
        waiting = [root] if root else []
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                raise _refusal("an alias (*name) is used; write the value out", node)
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                _check_keys(node)
                waiting.extend(value for _, value in node.value)
            elif isinstance(node, yaml.SequenceNode):
                waiting.extend(node.value)
        return root


def _check_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.tag != "tag:yaml.org,2002:str":
            raise _refusal(f"key {str(key.value)[:40]!r} is not text; quote it", key)
        if key.value in seen:
            raise _refusal(f"key {key.value[:40]!r} is given twice", key)
        seen.add(key.value)


def _refusal(what: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=node.start_mark)
