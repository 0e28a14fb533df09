"""Read one YAML file of facts strictly: no key twice, no alias, no key that is not text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import yaml

LARGEST_FILE_BYTES = 2_000_000
TEXT = "tag:yaml.org,2002:str"
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
        said = " ".join(str(error).replace('in "<byte string>", ', "at ").split())
        problems.append(f"{name}: not readable as YAML: {said[:200]}")
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


_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[misc, valid-type]
    """The safe loader, in C where it exists, without duplicate keys and aliases.

    It builds values from the parser's events: half the time of building nodes first. Of a scalar
    only its text and style decide the value, so each is resolved once.
    """

    def get_single_data(self) -> object:
        self._values: dict[tuple[str, bool], tuple[str, object]] = {}
        self.get_event()  # the start of the stream
        if self.check_event(yaml.StreamEndEvent):
            return None
        self.get_event()  # the start of the document
        value = self._value(self.get_event())
        self.get_event()  # its end
        if not self.check_event(yaml.StreamEndEvent):
            raise _refusal("a second document follows; keep one a file", self.peek_event())
        return value

    def _value(self, event: yaml.Event) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)[1]
        if isinstance(event, yaml.AliasEvent):
            raise _refusal("an alias (*name) is used; write the value out", event)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _refusal(f"the tag {tag[:40]} is not taken", event)
        if isinstance(event, yaml.MappingStartEvent):
            return dict(self._pairs())
        return list(self._items())

    def _pairs(self) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        while not isinstance(key := self.get_event(), yaml.MappingEndEvent):
            tag, name = self._scalar(key) if isinstance(key, yaml.ScalarEvent) else ("", "")
            if tag != TEXT or not isinstance(name, str):
                shown = getattr(key, "value", "a list or mapping")
                raise _refusal(f"key {str(shown)[:40]!r} is not text; quote it", key)
            if name in seen:
                raise _refusal(f"key {name[:40]!r} is given twice", key)
            seen.add(name)
            yield name, self._value(self.get_event())

    def _items(self) -> Iterator[object]:
        while not isinstance(item := self.get_event(), yaml.SequenceEndEvent):
            yield self._value(item)

    def _scalar(self, event: yaml.ScalarEvent) -> tuple[str, object]:
        """Return the tag and the value of a scalar."""
        place = (event.value, event.implicit[0])
        if event.tag is None and place in self._values:
            return self._values[place]
        tag = event.tag or self.resolve(yaml.ScalarNode, event.value, event.implicit)
        found = tag, self.construct_object(yaml.ScalarNode(tag, event.value))
        if event.tag is None:
            self._values[place] = found
        return found


def _refusal(what: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    mark = cast("yaml.Mark | None", event.start_mark)  # the C parser's own kind reads the same
    return yaml.MarkedYAMLError(problem=what, problem_mark=mark)
