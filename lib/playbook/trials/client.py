"""The `Client` seam: one request in, one reply out, whatever stands behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from playbook.profile.endpoints import Endpoint

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True)
class ToolCall:
    """A model's wish to call a tool."""

    name: str
    """Name of the tool."""
    arguments: str
    """Its arguments as the model wrote them: JSON, if all went well."""
    id: str = ""
    """The endpoint's own; a tool's answer refers to it."""


@dataclass(frozen=True)
class Tool:
    """A tool that a model may call."""

    name: str
    """Name."""
    description: str
    """What it does."""
    parameters: Mapping[str, object]
    """JSON schema of its arguments."""


@dataclass(frozen=True)
class Message:
    """One chat message."""

    role: Role
    content: str
    images: Sequence[str] = ()
    """Data URLs, shown after the text."""
    tool_calls: Sequence[ToolCall] = ()
    """Of an assistant: what it called."""
    tool_call_id: str = ""
    """Of a tool: which call this answers."""


@dataclass(frozen=True)
class Request:
    """One call: messages, tools and sampling settings."""

    messages: Sequence[Message]
    max_tokens: int
    temperature: float = 0.0
    seed: int | None = None
    tools: Sequence[Tool] = ()
    tool_choice: Literal["auto", "required", "none"] = "auto"
    """Whether a tool may, must or must not be called; of no meaning without tools."""
    response_schema: Mapping[str, object] | None = None
    """JSON schema that the answer is made to follow, where the endpoint can."""

    @property
    def content(self) -> dict[str, object]:
        """Return what the model reads, as plain values; parts that a request lacks are left out."""
        parts: dict[str, object] = {
            "images": [list(one.images) for one in self.messages],
            "calls": [
                [[call.name, call.arguments] for call in one.tool_calls] for one in self.messages
            ],
            "tools": [[one.name, one.description, one.parameters] for one in self.tools],
            "tool_choice": self.tool_choice if self.tools else "",
            "response_schema": self.response_schema,
        }
        lacking: tuple[object, ...] = ("", None, [], [[]] * len(self.messages))
        kept = {name: value for name, value in parts.items() if value not in lacking}
        return {"messages": [[one.role, one.content] for one in self.messages], **kept}

    @property
    def spoken(self) -> tuple[Message, ...]:
        """Return all text that leaves with it, tools and schemas as messages of their own.

        What a tool is called with or a schema says is as much of a prompt as its messages are.
        Images are not text: nothing here reads them.
        """
        calls = [
            Message(one.role, call.arguments) for one in self.messages for call in one.tool_calls
        ]
        tools = [_as_text(one.name, one.description, one.parameters) for one in self.tools]
        schema = [_as_text(self.response_schema)] if self.response_schema is not None else []
        return (*self.messages, *calls, *(Message("tool", one) for one in (*tools, *schema)))


def _as_text(*parts: object) -> str:
    texts = (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in parts)
    return "\n".join(texts)


ClientName = Literal["litellm", "lean", "replay"]


@dataclass(frozen=True)
class Reply:
    """What came back; counts are the endpoint's own, None when it gave none.

    Times are seconds from sending: to the first token and to the last byte.
    """

    text: str
    model_answered: str
    finish_reason: str
    input_tokens: int | None
    output_tokens: int | None
    first_token_s: float | None
    total_s: float
    request_id: str = ""
    cached_input_tokens: int | None = None
    """Of the input, read from the provider's cache."""
    cache_written_tokens: int | None = None
    """Of the input, written to it."""
    reasoning_tokens: int | None = None
    """Of the output."""
    tool_calls: Sequence[ToolCall] = ()
    """What the model wants to call."""
    refusal: str = ""
    """The provider's own refusal, where it has a field for one."""
    client: ClientName | None = None
    """What sent it."""
    token_gap_s: float | None = None
    """Median time between two pieces of the answer."""
    client_lag_s: float | None = None
    """Longest time that the client's event loop kept a timer waiting during the call."""
    client_busy: float | None = None
    """CPU that the client's process used during the call, over its time: near 1, the client, not
    the endpoint, may have been the bottleneck."""


class CallError(Exception):
    """A failed call: its kind, whether it may be retried, and a message without secrets."""

    def __init__(
        self,
        kind: Literal[
            "timeout", "rate_limit", "server", "connection", "auth", "bad_request", "other"
        ],
        message: str,
        *,
        retry: bool,
        retry_after_s: float | None = None,
        billed: bool | None = None,
    ) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.retry = retry
        self.retry_after_s = retry_after_s
        self.billed = billed
        """Whether the work may have been done and billed; None where only its kind tells."""


class Client(Protocol):
    """Sends requests to endpoints. It never retries and never goes elsewhere."""

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        """Return the reply within `deadline_s` in total.

        Raises:
            CallError: for every failure, with its kind.
        """
        ...

    async def close(self) -> None:
        """Free connections."""
        ...
