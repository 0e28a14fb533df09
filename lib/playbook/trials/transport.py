"""The first lock: an httpx transport whose connections go to the addresses of its endpoint only.

It checks every request's host and port, follows no redirect, and reads no proxy from the
environment. `socket_lock` refuses what does not come through here.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable
from functools import cache

import certifi
import httpx

from playbook.trials.socket_lock import (
    AddressRefusedError,
    CallTrace,
    connections_allowed,
    current_trace,
)

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


class ReplyTooLongError(Exception):
    """A reply exceeded the bytes that any answer may have."""


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
        trace = current_trace()
        address = _address_of(request.url)
        if address not in self.allowed:
            trace.refused = address
            raise AddressRefusedError(f"{address} is not an allowed address of this endpoint")
        trace.requests += 1
        request.headers["Accept-Encoding"] = "identity"
        with connections_allowed():
            response = await self._inner.handle_async_request(request)
        trace.status = response.status_code
        trace.headers = {name.lower(): value for name, value in response.headers.items()}
        trace.redirect_to = _aim_of(request.url, trace)
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


def address_of(url: str) -> str:
    """Return the `host:port` that a URL leads to.

    Example:
        >>> address_of("https://api.example.org/v1"), address_of("http://[::1]:8080")
        ('api.example.org:443', '[::1]:8080')
    """
    return _address_of(httpx.URL(url))


def _address_of(url: httpx.URL) -> str:
    """Return `host:port` with the scheme's own port filled in."""
    port = url.port or {"https": 443, "http": 80}.get(url.scheme, 0)
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{host}:{port}".lower()


def _aim_of(asked: httpx.URL, trace: CallTrace) -> str:
    """Return where a redirect aims, or nothing."""
    if "location" not in trace.headers:
        return ""
    try:
        return _address_of(asked.join(trace.headers["location"]))
    except httpx.InvalidURL:
        return "a malformed address"


@cache
def _tls() -> ssl.SSLContext:
    """Return a context with the bundled authorities and those of the system (SSL_CERT_FILE)."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context
