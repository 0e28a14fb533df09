"""Calls to OpenAI-shaped endpoints without litellm: little CPU, so that times are the endpoint's.

Latency and load are always measured through here, where the endpoint allows it. The connections
are as well guarded as litellm's: see `trials.connector`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from playbook.errors import CredentialsError, TrialError
from playbook.profile.endpoints import Endpoint
from playbook.trials.audit import AuditLog
from playbook.trials.client import CallError, Reply, Request
from playbook.trials.clients.failures import broken_reply, call_error, deadline_error
from playbook.trials.clients.listing import Listing, listing_of
from playbook.trials.clients.openai_chat import Answer, BadReplyError, request_body
from playbook.trials.clients.streams import filtered_reply
from playbook.trials.clients.targets import Target, resolve_target, speaks_openai
from playbook.trials.engine.address import Address
from playbook.trials.event_stream import EventStream
from playbook.trials.guarding import HEAD_BYTES, BodyMeter
from playbook.trials.permits import write_blocked
from playbook.trials.socket_lock import CallTrace, only_guarded

if TYPE_CHECKING:
    import aiohttp

    from playbook.trials.connector import GuardedSession

_DONE = b"[DONE]"
_DRAIN_S = 0.25  # to see the end of a body after its last event, so that its connection serves on


class _NoAnswerError(Exception):
    """A reply that is no answer: an error status, or an end before the end."""


class LeanClient:
    """Sends requests to OpenAI-shaped endpoints over aiohttp; one object for one event loop.

    It has no permission of its own: a request leaves only inside a call that the gate has allowed
    (`GatedClient`). Asked directly, it sends nothing.

    Args:
        addresses: Started engines by the name of their model.
        audit: Where every attempt that is stopped at the wire is written.
    """

    recorded = False
    """Whether replies come from a recording."""

    def __init__(self, addresses: Mapping[str, Address], audit: AuditLog) -> None:
        self._addresses = dict(addresses)
        self._audit = audit
        self._sessions: dict[str, GuardedSession] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        """Return the reply within `deadline_s` in total; always streams, never sends twice.

        Raises:
            CallError: for every failure, with its kind; `auth` when its key variable is not set,
                `other` when the endpoint speaks another dialect.
        """
        try:
            target = self._target(endpoint)
        except CredentialsError as error:
            raise CallError("auth", str(error), retry=False) from None
        prefix, _, name = target.model.partition("/")
        body = json.dumps(request_body(name, request, prefix=prefix)).encode()
        url = f"{target.api_base}/chat/completions"
        headers = {**_headers(target), "Content-Type": "application/json"}
        async with self._call(endpoint, target, deadline_s) as trace:
            start = time.perf_counter()
            session = self._session(endpoint, target)
            response = await session.send("POST", url, headers=headers, body=body)
            try:
                with _released_on_failure(response):
                    answer = await _read_answer(response, trace, start)
            except _NoAnswerError:
                if said := filtered_reply(trace, "lean"):
                    return said
                raise
            total_s = time.perf_counter() - start
        await _drain(response)
        return _reply(answer, trace, total_s)

    async def check_model(self, endpoint: Endpoint, *, deadline_s: float = 10.0) -> None:
        """Check that a server which lists its models has the right one; providers are not asked.

        Raises:
            CredentialsError: when the endpoint's key variable is not set.
            TrialError: when the list lacks the expected model.
            CallError: when the list cannot be had.
        """
        target = self._target(endpoint)
        if endpoint.embedded is None and not endpoint.api_base:
            return
        listing = listing_of(target)
        async with self._call(endpoint, target, deadline_s) as trace:
            session = self._session(endpoint, target)
            response = await session.send("GET", listing.url, headers=_headers(target))
            with _released_on_failure(response):
                served = await _read_list(response, trace, listing)
            response.release()
        listing.check(endpoint.id, served)

    async def close(self) -> None:
        """Free connections."""
        sessions, self._sessions, self._loop = self._sessions, {}, None
        for session in sessions.values():
            await session.close()

    @asynccontextmanager
    async def _call(
        self, endpoint: Endpoint, target: Target, deadline_s: float
    ) -> AsyncIterator[CallTrace]:
        """Keep the deadline, shut every other way out, and turn each failure into a `CallError`."""
        with only_guarded(partial(write_blocked, self._audit, endpoint.id)) as trace:
            try:
                async with asyncio.timeout(deadline_s):
                    yield trace
            except TimeoutError:
                raise deadline_error(deadline_s) from None
            except BadReplyError as error:
                raise broken_reply(error.status, str(error), target.secrets) from None
            except Exception as error:  # noqa: BLE001  each becomes a CallError
                raise call_error(error, trace, target.secrets) from None

    def _target(self, endpoint: Endpoint) -> Target:
        if not speaks_openai(endpoint):
            raise CallError(
                "other", f"endpoint {endpoint.id} is no plain OpenAI endpoint", retry=False
            )
        return resolve_target(endpoint, addresses=self._addresses)

    def _session(self, endpoint: Endpoint, target: Target) -> GuardedSession:
        from playbook.trials.connector import guarded_session  # noqa: PLC0415  imports aiohttp

        loop = asyncio.get_running_loop()
        if self._loop not in {None, loop}:
            raise TrialError("a client belongs to one event loop; close it there, then use another")
        self._loop = loop
        if endpoint.id not in self._sessions:
            session = guarded_session(endpoint.id, self._audit, engine=target.engine)
            self._sessions[endpoint.id] = session
        return self._sessions[endpoint.id]


def _headers(target: Target) -> dict[str, str]:
    return {"Authorization": f"Bearer {target.api_key}"}


@contextmanager
def _released_on_failure(response: aiohttp.ClientResponse) -> Iterator[None]:
    """Free a reply's connection when its reading fails; half read, it is closed."""
    try:
        yield
    except BaseException:
        response.release()
        raise


async def _drain(response: aiohttp.ClientResponse) -> None:
    """Wait a moment for the end of a body whose last event was read, so that its connection stays.

    What comes is thrown away; it is no part of the answer, and its failure is no failure of it.
    """
    try:
        with suppress(Exception):
            if not response.content.at_eof():
                async with asyncio.timeout(_DRAIN_S):
                    async for _ in response.content.iter_any():
                        pass
    finally:
        response.release()


class _Body:
    """A reply's body, counted as it arrives; that of a failure is read for its head only."""

    def __init__(self, response: aiohttp.ClientResponse, trace: CallTrace) -> None:
        self._response = response
        self._trace = trace
        self._meter = BodyMeter(trace)

    async def next(self) -> bytes:
        """Return the next piece, empty at the end.

        Raises:
            ReplyTooLongError: when there is too much.
        """
        piece = await self._response.content.readany()
        self._meter.take(piece)
        return piece

    async def expect_success(self) -> None:
        """Go on where the status is a success and the body can be read.

        Raises:
            _NoAnswerError: when it is none; the head of the body is in the trace.
            BadReplyError: when the body is compressed, which nobody asked for.
        """
        if 200 <= self._response.status < 300:  # noqa: PLR2004  HTTP's successes
            if self._trace.headers.get("content-encoding", "identity") != "identity":
                raise BadReplyError("the reply is compressed, though that was not asked for")
            return
        while len(self._trace.head) < HEAD_BYTES and await self.next():
            pass
        raise _NoAnswerError("no answer")


async def _read_answer(response: aiohttp.ClientResponse, trace: CallTrace, start: float) -> Answer:
    """Read a body up to its last event, or to its end where it is one JSON object."""
    body, stream, answer, whole, fresh = _Body(response, trace), EventStream(), Answer(), b"", True
    await body.expect_success()
    while piece := await body.next():
        if fresh and piece.lstrip().startswith(b"{"):
            whole = await _rest_of(body, piece)
            break
        fresh = fresh and not piece.strip()
        at_s = time.perf_counter() - start
        for data in stream.take(piece):
            if data == _DONE:
                return answer.ended()
            answer.take(data, at_s)
    for data in [whole] if whole else stream.end():
        if data != _DONE:
            answer.take(data, time.perf_counter() - start)
    if not answer.finish_reason and not whole:
        raise _NoAnswerError("the reply ended before its answer did")
    return answer.ended()


async def _rest_of(body: _Body, first: bytes = b"") -> bytes:
    pieces = [first]
    while piece := await body.next():
        pieces.append(piece)
    return b"".join(pieces)


async def _read_list(
    response: aiohttp.ClientResponse, trace: CallTrace, listing: Listing
) -> tuple[str, ...]:
    body = _Body(response, trace)
    await body.expect_success()
    whole = await _rest_of(body)
    try:
        return listing.names_in(json.loads(whole))
    except (ValueError, RecursionError):
        raise BadReplyError("no list of models came back") from None


def _reply(answer: Answer, trace: CallTrace, total_s: float) -> Reply:
    headers = trace.headers
    return Reply(
        text=answer.text,
        model_answered=answer.model,
        finish_reason=answer.finish_reason,
        first_token_s=answer.arrivals_s[0] if answer.arrivals_s else None,
        total_s=total_s,
        request_id=headers.get("request-id") or headers.get("x-request-id") or answer.id,
        tool_calls=answer.tool_calls,
        refusal=answer.refusal,
        client="lean",
        token_gap_s=answer.token_gap_s,
        **answer.counts,
    )
