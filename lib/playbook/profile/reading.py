"""Read the YAML of a params file into a tree that knows its lines, and refuse what is unsafe.

Only plain data is read: no anchors, aliases, tags, second documents or keys that are not text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from playbook.errors import ParamsError

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_VALUES = 20_000
MAX_DIGITS = 40
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
_FLOAT = re.compile(r"[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9_]+)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

Scalar = str | int | float | bool | None
_DROPPED = "\0dropped"  # stands for a scalar whose problem is already written down


@dataclass
class Node:
    """One value of the file with its place; `line` and `column` are those of its key."""

    content: Scalar | dict[str, Node] | list[Node]
    line: int
    column: int
    start: int
    end: int
    flow: bool = True
    key_end: int = 0

    def plain(self) -> Any:  # noqa: ANN401  plain YAML data of any shape
        """Return the value as plain dicts, lists and scalars."""
        if isinstance(self.content, dict):
            return {key: child.plain() for key, child in self.content.items()}
        if isinstance(self.content, list):
            return [child.plain() for child in self.content]
        return self.content


@dataclass
class Tree:
    """A params file as read: its root mapping and what was wrong on the way."""

    root: Node
    problems: list[str] = field(default_factory=list)

    def lines(self) -> dict[str, int]:
        """Return the line of each value by its dotted path, list items as `path[0]`."""
        return dict(_lines(self.root, ""))


def read_file(path: Path, label: str) -> str:
    """Return the text of a params file.

    Raises:
        ParamsError: when it is missing, not a file, above 1 MB, or not UTF-8.
    """
    if not path.is_file():
        fix = "check the path, or make one with `playbook new TEAM`"
        raise ParamsError(label, [f"there is no such file; {fix}"])
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ParamsError(label, [f"the file is above {MAX_BYTES:,} bytes; shorten it"])
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        how = " (in Excel: Save as, CSV UTF-8)" if path.suffix.lower() == ".csv" else ""
        raise ParamsError(
            label, [f"line {line}: not UTF-8; save the file as UTF-8{how}"]
        ) from error
    except OSError as error:
        raise ParamsError(label, [f"it cannot be read: {error.strerror}"]) from error


def read_tree(text: str, label: str, *, exact: bool = False) -> Tree:
    """Return the tree of a params file's text.

    Args:
        text: YAML.
        label: Name of the file in messages.
        exact: Use the slower parser, whose `start` and `end` are character positions.

    Raises:
        ParamsError: when the text is not YAML or holds anchors, aliases or tags.
    """
    try:
        events = yaml.parse(text, Loader=yaml.SafeLoader if exact else _LOADER)
        return _Builder(events, label).tree()
    except UnicodeEncodeError as error:
        raise ParamsError(label, ["it holds half a character (a surrogate); remove it"]) from error
    except yaml.YAMLError as error:
        raise ParamsError(label, [_syntax(error, text)]) from error


class _Builder:
    """Builds the tree from parse events; one instance per file."""

    def __init__(self, events: Iterator[Any], label: str) -> None:
        self.events = events
        self.label = label
        self.problems: list[str] = []
        self.count = 0

    def tree(self) -> Tree:
        next(self.events)  # stream start
        first = next(self.events)
        if isinstance(first, yaml.StreamEndEvent):
            return Tree(Node({}, 1, 0, 0, 0, flow=False))
        root = self.node(next(self.events), "", 0)
        next(self.events)  # document end
        if not isinstance(next(self.events), yaml.StreamEndEvent):
            raise ParamsError(self.label, ["it holds a second document (`---`); keep one"])
        if root.content is None:
            root.content = {}
        if not isinstance(root.content, dict):
            raise ParamsError(self.label, ["it must hold sections such as `team:` and `workload:`"])
        return Tree(root, self.problems)

    def node(self, event: Any, path: str, depth: int) -> Node:  # noqa: ANN401  yaml's events
        self.count += 1
        self._refuse(event, depth)
        mark = event.start_mark
        node = Node(None, mark.line + 1, mark.column, mark.index, event.end_mark.index)
        if isinstance(event, yaml.ScalarEvent):
            node.content = self._scalar(event, path, node.line)
            return node
        node.flow = bool(event.flow_style)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        last = self._mapping(node, path, depth) if is_mapping else self._list(node, path, depth)
        node.end = last.end_mark.index if node.flow else _content_end(node)
        return node

    def _refuse(self, event: Any, depth: int) -> None:  # noqa: ANN401  yaml's events
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            fix = "write the values out"
            raise ParamsError(self.label, [f"line {line}: anchors (&) and aliases (*); {fix}"])
        if getattr(event, "tag", None):
            fix = "remove it, or put the text in quotes"
            raise ParamsError(self.label, [f"line {line}: a tag (!) is not allowed; {fix}"])
        if depth > MAX_DEPTH:
            raise ParamsError(self.label, [f"line {line}: nested more than {MAX_DEPTH} deep"])
        if self.count > MAX_VALUES:
            raise ParamsError(
                self.label, [f"line {line}: more than {MAX_VALUES:,} values; shorten"]
            )

    def _mapping(self, node: Node, path: str, depth: int) -> Any:  # noqa: ANN401  yaml's events
        children: dict[str, Node] = {}
        node.content = children
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key_node = self.node(event, path, depth + 1)
            key = key_node.content
            shown = key if isinstance(key, str) else "?"
            child = self.node(next(self.events), _join(path, shown), depth + 1)
            child.key_end = event.end_mark.index
            child.line, child.column = key_node.line, key_node.column
            if not isinstance(key, str):
                self._bad_key(key_node, path)
            elif key in children:
                lines = f"lines {children[key].line} and {child.line}"
                name = printable(_join(path, key))
                self.problems.append(f"{name} is given twice ({lines}); keep one")
            elif child.content is not _DROPPED:
                children[key] = child
        return event

    def _list(self, node: Node, path: str, depth: int) -> Any:  # noqa: ANN401  yaml's events
        children: list[Node] = []
        node.content = children
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            child = self.node(event, f"{path}[{len(children)}]", depth + 1)
            if child.content is not _DROPPED:
                children.append(child)
        return event

    def _bad_key(self, key: Node, path: str) -> None:
        reads = {True: "true", False: "false", None: "null"}
        known = isinstance(key.content, bool) or key.content is None
        shown = reads[key.content] if known else "a number or a structure"  # type: ignore[index]
        where = printable(path) or "the file"
        fix = "use a field's name as key, or put it in quotes"
        self.problems.append(f"{where} (line {key.line}): a key reads as {shown}, not text; {fix}")

    def _scalar(self, event: Any, path: str, line: int) -> Scalar:  # noqa: ANN401  yaml's events
        text = str(event.value)
        where = f"{printable(path)} (line {line})"
        if any(ord(one) < ord(" ") and one not in "\n\t" for one in text) or not _encodes(text):
            self.problems.append(f"{where} holds a control character; remove it")
            return _DROPPED
        if event.style:  # quoted or a block of text
            return text
        if _NOT_FINITE.fullmatch(text):
            self.problems.append(f"{where} is {text}, not a finite number; give a number")
            return _DROPPED
        value = resolve(text)
        if isinstance(value, float) and abs(value) == float("inf"):
            self.problems.append(f"{where} is {text[:20]}, too large; give a finite number")
            return _DROPPED
        return value


def resolve(text: str) -> Scalar:
    """Return what an unquoted YAML scalar means; numerals such as `1e7` are numbers.

    Example:
        >>> resolve("10_000_000"), resolve("1e7"), resolve("0.25"), resolve("yes"), resolve("10M")
        (10000000, 10000000, 0.25, True, '10M')
    """
    if text in _NULL:
        return None
    if text.lower() in _TRUE | _FALSE and text in {text.lower(), text.upper(), text.title()}:
        return text.lower() in _TRUE
    if len(text) > MAX_DIGITS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        value = float(text.replace("_", ""))
        whole = "e" in text.lower() and value.is_integer() and abs(value) < 2**53
        return int(value) if whole else value
    return text


def printable(text: str, limit: int = 80) -> str:
    r"""Return text from outside made safe to print: no control characters, not endless.

    Example:
        >>> printable("a" + chr(27) + "[31m")
        'a\\x1b[31m'
    """
    safe = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
    return safe if len(safe) <= limit else safe[: limit - 3] + "..."


def _encodes(text: str) -> bool:
    return not any("\ud800" <= one <= "\udfff" for one in text)


def _content_end(node: Node) -> int:
    content = node.content
    children = list(content.values()) if isinstance(content, dict) else content
    if not isinstance(children, list) or not children:
        return node.end
    return max(max(child.end, child.key_end) for child in children)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _lines(node: Node, path: str) -> Iterator[tuple[str, int]]:
    if path:
        yield path, node.line
    if isinstance(node.content, dict):
        for key, child in node.content.items():
            yield from _lines(child, _join(path, key))
    elif isinstance(node.content, list):
        for index, child in enumerate(node.content):
            yield from _lines(child, f"{path}[{index}]")


def _syntax(error: yaml.YAMLError, text: str) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark else ""
    said = str(getattr(error, "problem", None) or getattr(error, "reason", "not readable"))
    lines = text.splitlines()
    if mark and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return f"{where}a tab is used for indentation; use spaces"
    return f"{where}not valid YAML: {printable(said)}; check indentation, colons and quotes"
