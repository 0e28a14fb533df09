"""The `Client` seam: one request in, one reply out, whatever stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from playbook.profile.endpoints import Endpoint


@dataclass(frozen=True)
class Message:
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Request:
    """One call: messages and sampling settings."""

    messages: Sequence[Message]
    max_tokens: int
    temperature: float = 0.0
    seed: int | None = None


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
    ) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.retry = retry
        self.retry_after_s = retry_after_s


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
