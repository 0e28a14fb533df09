"""The first lock for httpx: a transport that sends only the one request of a permitted call.

It sends through the guarded connector, as the lean client does, for httpx's own pool looks through
all its connections for each request. It follows no redirect, and reads no proxy from the
environment. `socket_lock` refuses what does not come through here.
"""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
import httpx

from playbook.trials.audit import AuditLog
from playbook.trials.connector import GuardedSession, guarded_session
from playbook.trials.event_stream import EventStream
from playbook.trials.guarding import BodyMeter, host_port
from playbook.trials.socket_lock import AddressRefusedError, CallTrace, current_trace

_OURS = {"accept-encoding", "transfer-encoding"}
"""Headers that are not passed on: nothing is asked for compressed, and bodies are sent whole."""
_SAME_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout),
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.ServerDisconnectedError, httpx.RemoteProtocolError),
    (aiohttp.ClientPayloadError, httpx.RemoteProtocolError),
    (aiohttp.ClientResponseError, httpx.RemoteProtocolError),
    (aiohttp.ClientError, httpx.ReadError),
    (ConnectionError, httpx.ReadError),
    (ValueError, httpx.LocalProtocolError),
)
"""What httpx calls what aiohttp raises; the first that fits."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport that sends the one request of a permitted call, where its permit says.

    Args:
        endpoint: Endpoint id; only a permit for it counts.
        audit: Where every request that is stopped is written.
        engine: `host:port` of the started engine, which permits call `embedded`; empty if none.
    """

    def __init__(self, endpoint: str, audit: AuditLog, *, engine: str = "") -> None:
        self._endpoint = endpoint
        self._audit = audit
        self._engine = engine
        self._session: GuardedSession | None = None  # it needs the event loop

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on when its call and its address are permitted.

        Raises:
            AddressRefusedError: before anything is sent, when they are not.
            httpx.TransportError: when it can't be sent, or no reply comes.
        """
        if self._session is None:
            self._session = guarded_session(self._endpoint, self._audit, engine=self._engine)
        trace, body = current_trace(), await request.aread()
        with _as_httpx_says_it(request.url.host):
            response = await self._session.send(
                request.method,
                _sent_to(request.url),
                headers=_passed_on(request.headers),
                body=body or None,
                limits=_limits(request),
                trace=trace,
            )
        return httpx.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Metered(response, trace),
            request=request,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def _sent_to(url: httpx.URL) -> str:
    """Return where a request goes; a name before the host, which a URL may hold, is no part."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}"


def _passed_on(headers: httpx.Headers) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.multi_items() if name not in _OURS]


def _limits(request: httpx.Request) -> aiohttp.ClientTimeout:
    asked = request.extensions.get("timeout", {})
    return aiohttp.ClientTimeout(
        total=None, sock_connect=asked.get("connect"), sock_read=asked.get("read")
    )


@contextmanager
def _as_httpx_says_it(host: str) -> Iterator[None]:
    """Turn aiohttp's errors into those that litellm and openai know.

    Raises:
        AddressRefusedError: as it is.
        httpx.TransportError: for each failure of the connection.
    """
    try:
        yield
    except (aiohttp.ClientError, OSError, ValueError) as error:
        cause = error.__cause__
        if isinstance(cause, AddressRefusedError):
            raise cause from None
        if isinstance(cause, socket.gaierror):
            raise httpx.ConnectError(f"{host} can't be looked up") from error
        for theirs, ours in _SAME_ERRORS:
            if isinstance(error, theirs):
                raise ours(str(error)) from error
        raise


class BrokenEventError(Exception):
    """An event of a stream is no JSON; a library would leave it out and take the rest as whole."""


class _Metered(httpx.AsyncByteStream):
    """A reply's body, counted, with its first bytes kept and its events looked at."""

    def __init__(self, response: aiohttp.ClientResponse, trace: CallTrace) -> None:
        self._response = response
        self._trace = trace

    async def __aiter__(self) -> AsyncIterator[bytes]:
        meter, stream = BodyMeter(self._trace), EventStream()
        streams = self._trace.headers.get("content-type", "").startswith("text/event-stream")
        try:
            while piece := await self._next():
                meter.take(piece)
                for data in stream.take(piece) if streams else ():
                    self._check(data)
                yield piece
        finally:
            self._response.release()  # half read, its connection is closed

    async def _next(self) -> bytes:
        with _as_httpx_says_it(""):
            return await self._response.content.readany()

    def _check(self, data: bytes) -> None:
        try:
            if data != b"[DONE]":
                json.loads(data)
        except (ValueError, RecursionError):
            self._trace.broken = f"an event is no JSON: {data[:80].decode('utf-8', 'replace')}"
            raise BrokenEventError(self._trace.broken) from None

    async def aclose(self) -> None:
        self._response.release()

    def __del__(self) -> None:
        """Free the connection of a reply that was left unread, such as a cancelled call's."""
        if not self._response.closed:
            self._response.close()


def address_of(url: str) -> str:
    """Return the `host:port` that a URL leads to.

    Example:
        >>> address_of("https://api.example.org/v1"), address_of("http://[::1]:8080")
        ('api.example.org:443', '[::1]:8080')
    """
    parsed = httpx.URL(url)
    return host_port(parsed.scheme, parsed.host, parsed.port or 0)
