"""Read YAML as other tools write it: plain data only, bounded, words as YAML 1.2 reads them.

Unlike params files it may hold anchors and aliases; `yes` and `no` are texts.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from playbook.errors import PromptSetError

MOST_VALUES = 400_000
MOST_DEPTH = 40
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,30}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_QUOTED = ("'", '"', "|", ">")
_PLAIN_TAGS = "tag:yaml.org,2002:"
_REFUSED_TAGS = ("python", "binary", "set", "omap", "pairs")


def read_foreign_yaml(text: str, label: str) -> Any:  # noqa: ANN401  plain data of any shape
    """Return the plain data of a YAML text.

    Args:
        text: YAML, one document.
        label: Name of the file in messages.

    Raises:
        PromptSetError: when it is not YAML, holds tags, or is too large.
    """
    try:
        if _depth(text) > MOST_DEPTH:  # the composer recurses in C, where too deep is a crash
            raise PromptSetError(label, [f"nested more than {MOST_DEPTH} deep"])
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        said = str(getattr(error, "problem", None) or "not readable")[:100]
        raise PromptSetError(label, [f"{line}not YAML: {said}"]) from error
    except RecursionError as error:
        raise PromptSetError(label, ["nested too deep"]) from error
    return _Reader(label).plain(root, 0) if root is not None else None


def _depth(text: str) -> int:
    """Return how deep a YAML text is nested, as far as it is looked at: just beyond the most."""
    depth = deepest = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            deepest = max(deepest, depth)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if deepest > MOST_DEPTH:
            break
    return deepest


class _Reader:
    def __init__(self, label: str) -> None:
        self._label = label
        self._count = 0

    def plain(self, node: Any, depth: int) -> Any:  # noqa: ANN401  yaml's nodes
        self._count += 1
        line = node.start_mark.line + 1
        if self._count > MOST_VALUES:
            self._stop(line, f"more than {MOST_VALUES:,} values, aliases written out")
        if depth > MOST_DEPTH:
            self._stop(line, f"nested more than {MOST_DEPTH} deep")
        tag = str(node.tag)
        if not tag.startswith(_PLAIN_TAGS) or tag.removeprefix(_PLAIN_TAGS).startswith(
            _REFUSED_TAGS
        ):
            self._stop(line, "a tag (!) is not allowed; remove it")
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(one, depth + 1) for one in node.value]
        return self._mapping(node, depth)

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:  # noqa: ANN401  yaml's nodes
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            value = self.plain(value_node, depth + 1)
            if key is None:
                self._stop(key_node.start_mark.line + 1, "a key is no text")
            elif key == "<<" and key_node.style not in _QUOTED:
                for one in value if isinstance(value, list) else [value]:
                    merged |= one if isinstance(one, dict) else {}
            elif key in own:
                self._stop(key_node.start_mark.line + 1, f"{key[:40]!r} is given twice")
            else:
                own[key] = value
        return {**merged, **own}

    def _stop(self, line: int, words: str) -> None:
        raise PromptSetError(self._label, [f"line {line}: {words}"])


def _scalar(node: Any) -> str | int | float | bool | None:  # noqa: ANN401  yaml's nodes
    text = str(node.value)
    if node.style in _QUOTED:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
