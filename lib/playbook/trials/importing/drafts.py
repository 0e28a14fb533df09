"""What an import makes of a foreign file: drafts of prompts, and a tally of what came over."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playbook.trials.prompt_lines import is_too_deep

PLACES_SHOWN = 3
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9._:-]+")
_NOT_IN_SLUG = re.compile(r"[^a-z0-9_-]+")


class LeftBehindError(ValueError):
    """Why something can't come over."""


@dataclass
class Draft:
    """A prompt on its way over."""

    where: str
    """Its place in the foreign file, such as `tests[3]`."""
    row: dict[str, Any]
    """The line that it becomes; id and task are made fit later."""
    came: list[str] = field(default_factory=list)
    """Its asserts that became scorers, as `equals -> exact`."""


@dataclass(frozen=True)
class Kept:
    """What stayed behind for one reason."""

    kind: str
    """`prompt`, `assert`, or the name of a foreign field."""
    reason: str
    """Why."""


@dataclass
class Tally:
    """Counts of what came over and what did not; nothing is dropped without a line here."""

    asserts: Counter[str] = field(default_factory=Counter)
    """Asserts that came over, as `equals -> exact`."""
    left: Counter[Kept] = field(default_factory=Counter)
    """What stayed behind, by kind and reason."""
    changed: Counter[str] = field(default_factory=Counter)
    """What came over in another form, in words."""
    _places: dict[Kept, list[str]] = field(default_factory=dict)

    def leave(self, kind: str, reason: str, where: str = "") -> None:
        """Note that something stays behind."""
        kept = Kept(kind, reason)
        self.left[kept] += 1
        if where:
            self._places.setdefault(kept, []).append(where)

    def lines(self) -> list[str]:
        """Return what stayed behind and what was changed, a line each, the most frequent first."""
        lines = []
        for kept, count in self.left.most_common():
            places = list(dict.fromkeys(self._places.get(kept, [])))
            named = ", ".join(places[:PLACES_SHOWN]) + (
                ", ..." if len(places) > PLACES_SHOWN else ""
            )
            at = f" ({named})" if named else ""
            lines.append(f"not imported: {count} {kept.kind}: {kept.reason}{at}")
        lines += [f"changed: {count} {words}" for words, count in self.changed.most_common()]
        return lines


@dataclass(frozen=True)
class Imported:
    """The outcome of an import."""

    path: Path
    """The prompt set that was written."""
    format: str
    """What the foreign file was read as."""
    prompts: int
    """Prompts that came over."""
    unscored: int
    """Of them, without any scorer."""
    tally: Tally
    """All else."""


class Names:
    """Makes ids and tasks fit, and keeps ids apart."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def id_of(self, wanted: object, fallback: str) -> str:
        """Return an id that is free: the wanted one, made fit where it has to be."""
        text = str(wanted).strip() if wanted not in (None, "") else ""
        fit = _NOT_IN_ID.sub("-", _plain(text)).strip("-._:")[:70]
        if text and fit != text:
            self._tally.changed["ids: made of letters, digits and . _ : -"] += 1
        base = name = fit or fallback
        while name in self._taken:
            number = self._next.get(base, 2)
            name, self._next[base] = f"{base}-{number}", number + 1
        if name != base:
            self._tally.changed["ids: were there twice and got a number"] += 1
        self._taken.add(name)
        return name


def slug(text: object, fallback: str) -> str:
    """Return a text as a task's name.

    Example:
        >>> slug("Refunds & Returns", "task")
        'refunds-returns'
    """
    return _NOT_IN_SLUG.sub("-", _plain(str(text)).lower()).strip("-_")[:41] or fallback


def as_messages(value: Sequence[Any]) -> list[dict[str, Any]]:
    """Return chat messages of the shape that OpenAI's API takes as those of a prompt set.

    Raises:
        LeftBehindError: naming what can't be taken over.
    """
    return [_as_message(one) for one in value]


def _as_message(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not isinstance(value.get("role"), str):
        raise LeftBehindError("a message is no object with role and content")
    role = {"developer": "system", "model": "assistant"}.get(value["role"], value["role"])
    message: dict[str, Any] = {"role": role, **_content(value.get("content"))}
    if calls := value.get("tool_calls"):
        if not isinstance(calls, list):
            raise LeftBehindError("the tool calls of a message are no list")
        message["tool_calls"] = [_as_call(one) for one in calls]
    if value.get("tool_call_id"):
        message["tool_call_id"] = value["tool_call_id"]
    return message


def _content(content: object) -> dict[str, Any]:
    if content is None or isinstance(content, str):
        return {"content": content or ""}
    if not isinstance(content, list):
        raise LeftBehindError("the content of a message is neither a text nor a list of parts")
    texts, images = [], []
    for part in content:
        kind = part.get("type") if isinstance(part, Mapping) else None
        if kind in ("text", "input_text"):
            texts.append(str(part.get("text", "")))
        elif kind in ("image_url", "image"):
            shown = part.get("image_url", part.get("image"))
            images.append(shown.get("url") if isinstance(shown, Mapping) else shown)
        else:
            raise LeftBehindError(
                f"a part of a message is of the kind {str(kind)[:30]!r}, not text or image"
            )
    return {"content": "\n".join(texts), **({"images": images} if images else {})}


def _as_call(value: object) -> dict[str, Any]:
    inner = value.get("function", value) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(inner, Mapping):
        raise LeftBehindError("a tool call is no object")
    arguments = inner.get("arguments") or {}
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError) as error:
            raise LeftBehindError("the arguments of a tool call are not JSON") from error
        if is_too_deep(arguments):
            raise LeftBehindError("the arguments of a tool call are nested too deep")
    return {"name": inner.get("name", ""), "arguments": arguments, "id": str(value.get("id", ""))}


def as_tools(value: object) -> list[dict[str, Any]]:
    """Return tools in OpenAI's shape, or flat, as those of a prompt set.

    Raises:
        LeftBehindError: when a tool has no name.
    """
    tools = []
    for one in value if isinstance(value, list) else [value]:
        inner = one.get("function", one) if isinstance(one, Mapping) else None
        if not isinstance(inner, Mapping) or not inner.get("name"):
            raise LeftBehindError("a tool has no name")
        schema = inner.get("parameters") or inner.get("input_schema") or {}
        words = str(inner.get("description", ""))
        tools.append({"name": inner["name"], "description": words, "parameters": schema})
    return tools


def _plain(text: str) -> str:
    """Return a text with accents taken off."""
    split = unicodedata.normalize("NFKD", text)
    return "".join(one for one in split if not unicodedata.combining(one))
