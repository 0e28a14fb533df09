"""The wire: a connection may go to the addresses of its endpoint and nowhere else.

Two locks. `GuardedTransport` checks every request's host and port, follows no redirect, reads no
proxy from the environment. Within `only_guarded`, a socket that any other code opens is refused:
a library path that ignores the client it was given sends nothing instead of going elsewhere.
What this does not see: connections that were open before, and libraries with sockets of their own
outside Python's `socket` module; network egress rules remain the third lock.
"""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import certifi
import httpx

MAX_REPLY_BYTES = 16 * 2**20
MAX_COMPRESSED_REPLY_BYTES = 2**18
HEAD_BYTES = 16_384
_USAGE_WORDS = (
    b'"prompt_tokens"',
    b'"input_tokens"',
    b'"promptTokenCount"',
    b'"prompt_eval_count"',
)
_OVERLAP_BYTES = 32


class AddressRefusedError(OSError):
    """A connection to an address that is not the endpoint's own was refused before it opened.

    An `OSError`, so that whoever tried closes the socket.
    """


class ReplyTooLongError(Exception):
    """A reply exceeded the bytes that any answer may have."""


@dataclass
class CallTrace:
    """What the wire itself saw of one call, whatever the library above makes of it."""

    requests: int = 0
    """Requests passed on."""
    status: int | None = None
    """HTTP status of the last reply."""
    headers: dict[str, str] = field(default_factory=dict)
    """Headers of the last reply, names in lower case."""
    head: bytes = b""
    """First bytes of the body."""
    usage_seen: bool = False
    """Whether the server itself counted tokens."""
    refused: str = ""
    """Address that was refused, if any."""


_trace: ContextVar[CallTrace | None] = ContextVar("call_trace", default=None)
_lock: ContextVar[Literal["open", "locked", "guarded"]] = ContextVar("socket_lock", default="open")


@contextmanager
def only_guarded() -> Iterator[CallTrace]:
    """Refuse every socket of this task but those of a `GuardedTransport`; trace its calls."""
    _install_socket_lock()
    trace = CallTrace()
    trace_token, lock_token = _trace.set(trace), _lock.set("locked")
    try:
        yield trace
    finally:
        _lock.reset(lock_token)
        _trace.reset(trace_token)


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport that connects only to given `host:port` pairs.

    Args:
        allowed: Pairs such as `api.example.org:443`; nothing else is reachable.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = frozenset(one.lower() for one in allowed)
        self._inner = httpx.AsyncHTTPTransport(verify=_tls(), trust_env=False, retries=0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on when its address is allowed.

        Raises:
            AddressRefusedError: before anything is sent, when it is not.
        """
        trace = _trace.get() or CallTrace()
        address = _address_of(request.url)
        if address not in self.allowed:
            trace.refused = address
            raise AddressRefusedError(f"{address} is not an allowed address of this endpoint")
        trace.requests += 1
        request.headers["Accept-Encoding"] = "identity"
        token = _lock.set("guarded")
        try:
            response = await self._inner.handle_async_request(request)
        finally:
            _lock.reset(token)
        trace.status = response.status_code
        trace.headers = {name.lower(): value for name, value in response.headers.items()}
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101  asynchronous pool
        response.stream = _Metered(response.stream, trace)
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()


class _Metered(httpx.AsyncByteStream):
    """A reply's body, counted, with its first bytes kept."""

    def __init__(self, body: httpx.AsyncByteStream, trace: CallTrace) -> None:
        self._body = body
        self._trace = trace

    async def __aiter__(self) -> AsyncIterator[bytes]:
        trace, count, last = self._trace, 0, b""
        plain = trace.headers.get("content-encoding", "identity") == "identity"
        limit = MAX_REPLY_BYTES if plain else MAX_COMPRESSED_REPLY_BYTES
        async for piece in self._body:
            count += len(piece)
            if count > limit:
                raise ReplyTooLongError(f"the reply has more than {limit} bytes")
            trace.head += piece[: max(0, HEAD_BYTES - len(trace.head))]
            window = last + piece
            trace.usage_seen = trace.usage_seen or any(word in window for word in _USAGE_WORDS)
            last = window[-_OVERLAP_BYTES:]
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


def _address_of(url: httpx.URL) -> str:
    """Return `host:port` with the scheme's own port filled in."""
    port = url.port or {"https": 443, "http": 80}.get(url.scheme, 0)
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{host}:{port}".lower()


def address_of(url: str) -> str:
    """Return the `host:port` that a URL leads to.

    Example:
        >>> address_of("https://api.example.org/v1"), address_of("http://[::1]:8080")
        ('api.example.org:443', '[::1]:8080')
    """
    return _address_of(httpx.URL(url))


@cache
def _tls() -> ssl.SSLContext:
    """Return a context with the bundled authorities and those of the system (SSL_CERT_FILE)."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context


@cache
def _install_socket_lock() -> None:
    sys.addaudithook(_refuse_unguarded)


def _refuse_unguarded(event: str, arguments: tuple[object, ...]) -> None:
    if event not in {"socket.connect", "socket.sendto"} or _lock.get() != "locked":
        return
    if isinstance(arguments[0], socket.socket) and arguments[0].family == socket.AF_UNIX:
        return
    where = arguments[1]
    address = f"{where[0]}:{where[1]}" if isinstance(where, tuple) else str(where)
    trace = _trace.get()
    if trace is not None:
        trace.refused = address
    raise AddressRefusedError(
        f"a connection to {address} outside the guarded transport was refused"
    )
