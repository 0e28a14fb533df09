"""Recorded replies: written by wrapping a client, played back without any engine or network."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from playbook.errors import ArtefactError
from playbook.profile.endpoints import Endpoint
from playbook.records import Record
from playbook.trials.client import CallError, Client, Reply, Request, ToolCall


class RecordedReply(Record):
    """The reply of one recorded call."""

    text: str
    """The answer."""
    model_answered: str
    """Model id that the endpoint reported."""
    finish_reason: str
    """Why it ended."""
    input_tokens: int | None = None
    """As the endpoint counted them."""
    output_tokens: int | None = None
    """As the endpoint counted them."""
    first_token_s: float | None = None
    """Time to the first token."""
    total_s: float
    """Time to the last byte."""
    request_id: str = ""
    """The endpoint's own."""
    cached_input_tokens: int | None = None
    """Of the input, read from the provider's cache."""
    cache_written_tokens: int | None = None
    """Of the input, written to it."""
    reasoning_tokens: int | None = None
    """Of the output."""
    tool_calls: tuple[ToolCall, ...] = ()
    """What the model wanted to call."""
    refusal: str = ""
    """The provider's own refusal."""
    token_gap_s: float | None = None
    """Median time between two pieces of the answer."""


class RecordedError(Record):
    """The failure of one recorded call."""

    kind: Literal["timeout", "rate_limit", "server", "connection", "auth", "bad_request", "other"]
    """Kind of failure."""
    message: str
    """In words, without secrets."""
    retry: bool
    """Whether it may be tried again."""
    retry_after_s: float | None = None
    """How long the endpoint asked to wait."""


class RecordedCall(Record):
    """One line of a recording: a reply or an error."""

    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Hash of endpoint, model and request."""
    reply: RecordedReply | None = None
    """What came back."""
    error: RecordedError | None = None
    """Or how it failed."""


class ReplayClient:
    """Plays back a recording; a request that is not in it fails.

    A request asked several times gets its recorded replies in order, then the last one again.

    Args:
        path: File that `RecordingClient` wrote.

    Raises:
        ArtefactError: when it cannot be read, with the line that is wrong.
    """

    recorded = True
    """Whether replies come from a recording."""

    def __init__(self, path: Path) -> None:
        self._calls = _read_calls(path)
        self._asked: defaultdict[str, int] = defaultdict(int)

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        """Return the recorded reply.

        Raises:
            CallError: the recorded failure, `timeout` when the recorded reply took longer than
                `deadline_s`, or `other` when there is none.
        """
        keys = (request_key(endpoint, request), _key_by_endpoint(endpoint, request))
        key = next((one for one in keys if one in self._calls), "")
        calls = self._calls.get(key)
        if not calls:
            because = f"no recorded reply of endpoint {endpoint.id} to this request"
            raise CallError("other", because, retry=False)
        call = calls[min(self._asked[key], len(calls) - 1)]
        self._asked[key] += 1
        if call.error is not None:
            said = call.error
            raise CallError(
                said.kind, said.message, retry=said.retry, retry_after_s=said.retry_after_s
            )
        reply = Reply(**dict(call.reply or ()), client="replay")
        if reply.total_s > deadline_s:
            raise CallError("timeout", f"no full reply within {deadline_s:g} s", retry=True)
        return reply

    async def close(self) -> None:
        """Do nothing: there is nothing to free."""


class RecordingClient:
    """Passes calls on and appends what came back to a file.

    Args:
        client: What sends.
        path: File to append to.
    """

    recorded = False
    """Whether replies come from a recording."""

    def __init__(self, client: Client, path: Path) -> None:
        self._client = client
        self._path = path

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        """Return the reply and keep it; keep and raise a failure.

        Raises:
            CallError: for every failure of the call.
        """
        key = request_key(endpoint, request)
        try:
            reply = await self._client.ask(endpoint, request, deadline_s=deadline_s)
        except CallError as error:
            words = str(error).removeprefix(f"{error.kind}: ")
            said = RecordedError(
                kind=error.kind, message=words, retry=error.retry, retry_after_s=error.retry_after_s
            )
            self._keep(RecordedCall(key=key, error=said))
            raise
        self._keep(RecordedCall(key=key, reply=RecordedReply.model_validate(_kept(reply))))
        return reply

    async def close(self) -> None:
        """Free the client's connections."""
        await self._client.close()

    def _keep(self, call: RecordedCall) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(call.model_dump_json(exclude_defaults=True) + "\n")


def _kept(reply: Reply) -> dict[str, object]:
    """Return what a recording keeps of a reply: what the endpoint said, not how it was sent."""
    return {name: getattr(reply, name) for name in RecordedReply.model_fields}


def request_key(endpoint: Endpoint, request: Request) -> str:
    """Return the SHA-256 of endpoint, model and request: what a recording is looked up by.

    Of the embedded engine the model alone counts: it answers the same under every endpoint's name.
    """
    name = "" if endpoint.embedded else endpoint.id
    return _key([name, endpoint.embedded or endpoint.litellm_model, endpoint.dialect], request)


def _key_by_endpoint(endpoint: Endpoint, request: Request) -> str:
    """Return the key under which older recordings hold answers of the embedded engine."""
    place = [endpoint.id, endpoint.embedded or endpoint.litellm_model, endpoint.dialect]
    return _key(place, request)


def _key(place: list[str], request: Request) -> str:
    content = request.content
    rows, more = content.pop("messages"), [content] if content else []
    settings = [request.max_tokens, request.temperature, request.seed]
    return hashlib.sha256(json.dumps([place, rows, settings, *more]).encode()).hexdigest()


def _read_calls(path: Path) -> dict[str, list[RecordedCall]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArtefactError(f"{path}: the recording cannot be read ({error})") from error
    calls: defaultdict[str, list[RecordedCall]] = defaultdict(list)
    for number, line in enumerate(lines, start=1):
        try:
            call = RecordedCall.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(one) for one in first["loc"])
            raise ArtefactError(f"{path}: line {number}: {where} {first['msg']}") from error
        if (call.reply is None) == (call.error is None):
            raise ArtefactError(f"{path}: line {number}: needs either reply or error")
        calls[call.key].append(call)
    return dict(calls)
