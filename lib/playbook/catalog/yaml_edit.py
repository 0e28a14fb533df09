"""Change single values in the text of a YAML file of facts; everything else stays, comments too.

Edits are computed from the positions of the parsed nodes, so they hold for flow style (`{a: 1}`)
and block style alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import yaml

from playbook.errors import CatalogError

WIDE = 1_000_000


class Edit(NamedTuple):
    """Text that replaces what stands between two positions."""

    start: int
    end: int
    text: str


def parsed(text: str, name: str) -> yaml.MappingNode:
    """Return the top-level mapping of a YAML text, as nodes that know their positions.

    Args:
        text: The file's content.
        name: Its name, for messages.

    Raises:
        CatalogError: when the text is no mapping.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise CatalogError(
            name, [f"not readable as YAML: {' '.join(str(error).split())}"]
        ) from error
    if not isinstance(node, yaml.MappingNode):
        raise CatalogError(name, ["must be a mapping of kinds to lists"])
    return node


def member(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return the value of a key of a mapping node, or None."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """Return the items of a sequence node; none for anything else."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def set_member(text: str, node: yaml.Node, key: str, value: object) -> Edit:
    """Return the edit that gives a key of a mapping a value, in place or after its last key.

    Args:
        text: The file's content.
        node: The mapping.
        key: The key.
        value: What `flow` can write.
    """
    old = member(node, key)
    if old is not None:
        return Edit(old.start_mark.index, _end(old), f"{_gap(text, old)}{flow(value)}")
    return _appended(text, node, f"{key}: {flow(value)}", separator="")


def set_list(text: str, node: yaml.Node, key: str, values: Sequence[object]) -> Edit:
    """Return the edit that gives a key of a mapping a list of values, each on its own line.

    Args:
        text: The file's content.
        node: The mapping.
        key: The key.
        values: What `flow` can write; none makes the list empty.
    """
    old = member(node, key)
    if not values or (isinstance(node, yaml.MappingNode) and node.flow_style):
        return set_member(text, node, key, list(values))
    if old is None:
        indent = " " * node.value[0][0].start_mark.column
        lines = "".join(f"\n{indent}  - {flow(value)}" for value in values)
        return _appended(text, node, f"{key}:{lines}", separator="")
    if isinstance(old, yaml.SequenceNode) and not old.flow_style:
        between = "\n" + " " * old.start_mark.column
        lines = between.join(f"- {flow(value)}" for value in values)
        return Edit(old.start_mark.index, _end(old), lines)
    return set_member(text, node, key, list(values))


def append_item(text: str, node: yaml.Node, value: object) -> Edit:
    """Return the edit that appends a value to a sequence.

    Args:
        text: The file's content.
        node: The sequence, with at least one item.
        value: What `flow` can write.
    """
    return _appended(text, node, flow(value), separator="- ")


def with_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with edits applied once each; those at one position in the order given."""
    numbered = sorted(enumerate(dict.fromkeys(edits)), key=lambda pair: (pair[1].start, pair[0]))
    for _, edit in reversed(numbered):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def flow(value: object) -> str:
    """Return a value as YAML on one line.

    Example:
        >>> flow({"seal": "12345678", "input": 2.0, "tiers": [{"above": 5}]})
        "{seal: '12345678', input: 2, tiers: [{above: 5}]}"
    """
    text = yaml.dump(
        _plain(value),
        Dumper=_OneLineDumper,
        default_flow_style=True,
        sort_keys=False,
        width=WIDE,
        allow_unicode=True,
    )
    return str(text).removesuffix("...\n").strip("\n")


class _OneLineDumper(yaml.SafeDumper):
    """The safe dumper, with escapes for what would break a line or vanish."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        style = None if data.isprintable() else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_OneLineDumper.add_representer(str, _OneLineDumper.represent_str)


def _plain(value: object) -> object:
    """Return a value with whole numbers written as such."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _appended(text: str, node: yaml.Node, written: str, *, separator: str) -> Edit:
    if not isinstance(node, yaml.CollectionNode) or not node.value:
        raise CatalogError("YAML", [f"nothing to append to at line {node.start_mark.line + 1}"])
    if node.flow_style:
        at = node.end_mark.index - 1
        at = len(text[:at].rstrip())
        comma = "" if text[at - 1] == "," else ","
        return Edit(at, at, f"{comma} {written}")
    first = node.value[0]
    dash_or_key = first[0] if isinstance(first, tuple) else node
    indent = " " * dash_or_key.start_mark.column
    at = text.find("\n", _end(node))
    if at < 0:
        return Edit(len(text), len(text), f"\n{indent}{separator}{written}")
    return Edit(at, at, f"\n{indent}{separator}{written}")


def _gap(text: str, node: yaml.Node) -> str:
    """Return the blank that a value needs after its colon."""
    return "" if text[node.start_mark.index - 1 : node.start_mark.index] in {" ", "\n"} else " "


def _end(node: yaml.Node) -> int:
    """Return where a node's own text ends: a block's end mark lies behind comments and blanks."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)
