"""Fill templates of prompts with variables and documents: plain substitution, no expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

PLACEHOLDER = re.compile(r"\{\{\s{0,8}([A-Za-z_][A-Za-z0-9_]{0,60})\s{0,8}\}\}")
DOCUMENTS = "documents"
MOST_TEXT_CHARACTERS = 60_000_000
_LEFT_OPEN = re.compile(r"\{\{(.{0,24})", re.DOTALL)
_Row = dict[str, Any]


class Templates:
    """Makes messages of templates; one object for one file.

    Args:
        shared: Template of the header, for lines without template and messages of their own; a
            text is one message of the user.
    """

    def __init__(self, shared: object = None) -> None:
        self._shared = shared
        self._characters = 0

    def filled(self, row: Mapping[str, Any], where: str, problems: list[str]) -> _Row:
        """Return a prompt's line with messages in place of template and variables.

        Args:
            row: The line's JSON object.
            where: Its place in messages, such as `line 3`.
            problems: Where problems are appended; then the messages are not to be used.
        """
        values = dict(row)
        own, variables = values.pop("template", None), values.pop("variables", None)
        template = own if own is not None else self._shared
        if "messages" in row or template is None:
            problems += _left_alone(where, own, variables, has_messages="messages" in row)
            return values
        before = len(problems)
        problems += _variable_faults(where, variables)
        messages = _as_messages(template)
        if messages is None:
            problems.append(f"{where}: template must be a text or a list of messages")
        if len(problems) == before and messages is not None:
            texts = _texts_of(row.get(DOCUMENTS), variables or {})
            problems += _name_faults(where, messages, texts, row.get(DOCUMENTS))
            if not self._is_full(where, messages, texts, problems):
                values["messages"] = [_filled(one, texts) for one in messages]
        if len(problems) > before or "messages" not in values:
            values["messages"] = [{"role": "user", "content": where}]  # nothing is sent of it
        return values

    def _is_full(
        self,
        where: str,
        messages: Sequence[Mapping[str, Any]],
        texts: Mapping[str, str],
        problems: list[str],
    ) -> bool:
        """Return whether a small file would fill the memory, told once and before it does."""
        before = self._characters
        self._characters += sum(
            filled_length(part, texts) for one in messages for part in _parts(one)
        )
        if before <= MOST_TEXT_CHARACTERS < self._characters:
            most = f"{MOST_TEXT_CHARACTERS // 1_000_000} million characters"
            problems.append(
                f"{where}: the filled templates are above {most} together; split the set"
            )
        return self._characters > MOST_TEXT_CHARACTERS


def numbered(documents: Sequence[str]) -> str:
    r"""Return documents as a template shows them, each with its number.

    Example:
        >>> numbered(["Open from 9.", "Closed on Sundays."])
        '[1] Open from 9.\n\n[2] Closed on Sundays.'
    """
    return "\n\n".join(f"[{number}] {one}" for number, one in enumerate(documents, start=1))


def names_in(text: str) -> tuple[str, ...]:
    """Return the names that a template asks for, each once."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def filled_text(text: str, texts: Mapping[str, str]) -> str:
    """Return a template's text with its names filled in; what is filled in is not read again.

    Example:
        >>> filled_text("Dear {{ name }}", {"name": "{{ name }}"})
        'Dear {{ name }}'
    """
    return PLACEHOLDER.sub(lambda found: texts.get(found[1], found[0]), text)


def filled_length(text: str, texts: Mapping[str, str]) -> int:
    """Return how many characters a template's text has once it is filled in.

    Example:
        >>> filled_length("{{a}}, {{ a }}", {"a": "yes"})
        8
    """
    found = PLACEHOLDER.finditer(text)
    return len(text) + sum(len(texts.get(one[1], one[0])) - len(one[0]) for one in found)


def _left_alone(where: str, own: object, variables: object, *, has_messages: bool) -> Iterator[str]:
    if has_messages and own is not None:
        yield f"{where}: gives both messages and template; keep one"
    elif variables is not None:
        has = "messages and " if has_messages else ""
        yield f"{where}: gives {has}variables, but no template uses them; give a template"


def _variable_faults(where: str, variables: object) -> Iterator[str]:
    if variables is None:
        return
    if not isinstance(variables, Mapping):
        yield f"{where}: variables must be an object of names and values"
        return
    for name, value in variables.items():
        if not PLACEHOLDER.fullmatch("{{" + str(name)[:80] + "}}"):
            yield f"{where}: variables: {str(name)[:40]!r} is no name; use letters, digits and _"
        elif name == DOCUMENTS:
            yield f"{where}: variables.{DOCUMENTS}: give them as the prompt's own field documents"
        elif isinstance(value, bool) or not isinstance(value, str | int | float):
            yield f"{where}: variables.{name} must be a text or a number"


def _as_messages(template: object) -> list[Mapping[str, Any]] | None:
    if isinstance(template, str):
        return [{"role": "user", "content": template}]
    if isinstance(template, list | tuple) and template:
        plain = [one if isinstance(one, Mapping) else None for one in template]
        return [one for one in plain if one is not None] if None not in plain else None
    return None


def _texts_of(documents: object, variables: Mapping[str, object]) -> dict[str, str]:
    texts = {name: str(value) for name, value in variables.items()}
    if isinstance(documents, list) and documents and all(isinstance(one, str) for one in documents):
        texts[DOCUMENTS] = numbered(documents)
    return texts


def _name_faults(
    where: str, messages: Sequence[Mapping[str, Any]], texts: Mapping[str, str], documents: object
) -> Iterator[str]:
    parts = [part for one in messages for part in _parts(one)]
    named = {name for part in parts for name in names_in(part)}
    for part in parts:
        if found := _LEFT_OPEN.search(PLACEHOLDER.sub("", part)):
            yield (
                f"{where}: template: {{{{{found[1]!r} is no plain name; only {{{{ name }}}} is "
                "filled in, without filters, dots or loops"
            )
    for name in sorted(named - texts.keys()):
        lacking = "documents are given" if name == DOCUMENTS else f"variables gives {name}"
        yield f"{where}: template names {{{{ {name} }}}}, but no {lacking}"
    for name in sorted(texts.keys() - named):
        place = DOCUMENTS if name == DOCUMENTS and documents else f"variables.{name}"
        yield f"{where}: {place}: no {{{{ {name} }}}} in the template; add it or delete {name}"


def _parts(message: Mapping[str, Any]) -> list[str]:
    images = message.get("images", ())
    named = images if isinstance(images, list | tuple) else ()
    return [one for one in (message.get("content"), *named) if isinstance(one, str)]


def _filled(message: Mapping[str, Any], texts: Mapping[str, str]) -> _Row:
    row = dict(message)
    if isinstance(row.get("content"), str):
        row["content"] = filled_text(row["content"], texts)
    if isinstance(row.get("images"), list | tuple):
        row["images"] = [
            filled_text(one, texts) if isinstance(one, str) else one for one in row["images"]
        ]
    return row
