"""A request in litellm's words, and the check that all of it leaves.

litellm leaves out silently what it believes a model can't do: tools, a schema, pictures. An answer
to half a question is no answer to the prompt, so such a request is stopped before it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playbook.trials.client import CallError, Message, Request

if TYPE_CHECKING:
    import httpx

PASSED_ON = ("tools", "tool_choice", "response_format")
"""What an OpenAI-shaped server gets even where litellm believes that its model lacks it."""
_PICTURE = "data:image/"
_CHOICE, _CHOICE_NAMES = "(a choice of tools)", ("tool_choice", "toolConfig")


class LostPartError(Exception):
    """Part of a request is not in what would be sent."""


@dataclass
class Carried:
    """What the request under way must hold, by the words that find it there."""

    words: Mapping[str, tuple[str, ...]]
    """Words by the part that they belong to."""
    lost: list[str] = field(default_factory=list)
    """Parts that would not have left."""


_carried: ContextVar[Carried | None] = ContextVar("carried", default=None)


def spoken_arguments(request: Request, *, openai_shaped: bool = True) -> dict[str, Any]:
    """Return messages, sampling, tools and schema of a request as litellm takes them.

    Args:
        request: What is asked.
        openai_shaped: Whether litellm passes it on as it is; where it translates, it puts words of
            its own for the empty text of a message that only calls a tool.

    Raises:
        CallError: when a picture is no data URL: litellm would fetch it by itself.
    """
    arguments: dict[str, Any] = {
        "messages": [_message(one, openai_shaped=openai_shaped) for one in request.messages],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
    }
    if request.seed is not None:
        arguments["seed"] = request.seed
    if request.tools:
        arguments["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": one.name,
                    "description": one.description,
                    "parameters": dict(one.parameters),
                },
            }
            for one in request.tools
        ]
        arguments["tool_choice"] = request.tool_choice
    if request.response_schema is not None:
        arguments["response_format"] = response_format(request.response_schema)
    return arguments


def response_format(schema: Mapping[str, object]) -> dict[str, Any]:
    """Return the schema as an API takes it: strict where it is closed, since OpenAI refuses others.

    Source: OpenAI, Structured model outputs, Supported schemas (platform documentation).
    """
    named = schema.get("properties")
    required = schema.get("required")
    closed = (
        schema.get("additionalProperties") is False
        and isinstance(named, Mapping)
        and isinstance(required, list | tuple)
        and set(named) == set(required)
    )
    wanted = {"name": "answer", "schema": dict(schema)} | ({"strict": True} if closed else {})
    return {"type": "json_schema", "json_schema": wanted}


@contextmanager
def carrying(request: Request) -> Iterator[Carried]:
    """Have all that leaves until the block ends checked for the parts of a request."""
    carried = Carried(dict(_parts(request)))
    token = _carried.set(carried)
    try:
        yield carried
    finally:
        _carried.reset(token)


async def check_carried(sent: httpx.Request) -> None:
    """Stop a request that lacks a part of what was asked; an event hook of the HTTP client.

    Raises:
        LostPartError: before anything is sent; the part is noted.
    """
    carried = _carried.get()
    if carried is None or not carried.words or sent.method != "POST":
        return
    body = json.loads(await sent.aread())
    found = _texts(body) | {_CHOICE for name in _CHOICE_NAMES if name in body}
    carried.lost = [part for part, words in carried.words.items() if not found.issuperset(words)]
    if carried.lost:
        raise LostPartError(", ".join(carried.lost))


def lost_error(carried: Carried, model: str) -> CallError:
    """Return the error of a request whose parts litellm left out."""
    return CallError(
        "bad_request",
        f"litellm sends no {' and no '.join(carried.lost)} to {model}; nothing was sent. Leave "
        "such prompts out for this endpoint, or call a model that takes them",
        retry=False,
    )


def _message(said: Message, *, openai_shaped: bool) -> dict[str, Any]:
    content: object = said.content
    if said.tool_calls and not said.content and not openai_shaped:
        content = None
    if said.images:
        if any(not one.startswith(_PICTURE) for one in said.images):
            raise CallError("bad_request", "a picture must be a data URL", retry=False)
        pictures = [{"type": "image_url", "image_url": {"url": one}} for one in said.images]
        content = [{"type": "text", "text": said.content}, *pictures]
    message: dict[str, Any] = {"role": said.role, "content": content}
    if said.tool_calls:
        message["tool_calls"] = [
            {
                "id": one.id,
                "type": "function",
                "function": {"name": one.name, "arguments": one.arguments},
            }
            for one in said.tool_calls
        ]
    return message | ({"tool_call_id": said.tool_call_id} if said.tool_call_id else {})


def _parts(request: Request) -> Iterator[tuple[str, tuple[str, ...]]]:
    if request.tools:
        yield "tools", tuple(one.name for one in request.tools)
        if request.tool_choice != "auto":
            yield f"tool_choice {request.tool_choice}", (_CHOICE,)
    properties = (request.response_schema or {}).get("properties")
    if isinstance(properties, Mapping) and properties:
        yield "response schema", tuple(properties)
    pictures = [picture for one in request.messages for picture in one.images]
    if pictures:
        yield "pictures", tuple(one.partition(",")[2] for one in pictures)


def _texts(value: object) -> set[str]:
    """Return all keys and texts of a JSON value; of a data URL, what follows its comma too."""
    found: set[str] = set()
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            found.update(one)
            left += one.values()
        elif isinstance(one, list):
            left += one
        elif isinstance(one, str):
            found.add(one.partition(",")[2] if one.startswith(_PICTURE) else one)
    return found
