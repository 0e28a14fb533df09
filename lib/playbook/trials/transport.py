"""The first lock: an httpx transport that sends nothing but the one request of a permitted call.

It checks every request's permit, host and port, follows no redirect, and reads no proxy from the
environment. `socket_lock` refuses what does not come through here.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import cache, partial

import certifi
import httpx

from playbook.clearance import EMBEDDED_ADDRESS
from playbook.trials.audit import AuditLog
from playbook.trials.permits import Permit, permit_for, write_blocked
from playbook.trials.pinning import NoPrivateAddressError, look_up
from playbook.trials.socket_lock import CallTrace, connections_allowed, current_trace, refuse

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
    """An httpx transport that sends the one request of a permitted call, where its permit says.

    Plain http goes only to private addresses, looked up once and pinned for the life of the
    transport, so that a name can't be moved between calls. Over https the certificate proves the
    name; there the port is checked.

    Args:
        endpoint: Endpoint id; only a permit for it counts.
        audit: Where every request that is stopped is written.
        engine: `host:port` of the started engine, which permits call `embedded`; empty if none.
    """

    def __init__(self, endpoint: str, audit: AuditLog, *, engine: str = "") -> None:
        self._report = partial(write_blocked, audit, endpoint)
        self._endpoint = endpoint
        self._engine = engine
        self._pinned: dict[tuple[str, int], tuple[str, ...]] = {}
        self._inner = httpx.AsyncHTTPTransport(verify=_tls(), trust_env=False, retries=0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on when its call and its address are permitted.

        Raises:
            AddressRefusedError: before anything is sent, when they are not.
        """
        address, permit = _address_of(request.url), permit_for(self._endpoint)
        objection = self._objection(permit, address)
        if objection or permit is None:
            refuse(address, objection, self._report)
        permit.spent = True
        trace = current_trace()
        trace.requests += 1
        request.headers["Accept-Encoding"] = "identity"
        response = await self._send(request, await self._pins(request.url, address))
        trace.status = response.status_code
        trace.headers = {name.lower(): value for name, value in response.headers.items()}
        if aim := _aim_of(request.url, response):
            trace.redirect_to = aim
            self._report(aim, f"HTTP {response.status_code}: a redirect there was not followed")
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101  asynchronous pool
        response.stream = _Metered(response.stream, trace)
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()

    def _objection(self, permit: Permit | None, address: str) -> str:
        if permit is None:
            return "the gate has allowed no call; ask through GatedClient"
        allowed = {one.lower() for one in permit.entry.addresses}
        known = EMBEDDED_ADDRESS if address == self._engine else address
        if known not in allowed:
            return "not an allowed address of this endpoint"
        return "its call has sent its one request or has ended" if permit.spent else ""

    async def _pins(self, url: httpx.URL, address: str) -> tuple[str | None, ...]:
        """Return the IP addresses to try in turn for plain http; None, for any, over https."""
        if url.scheme == "https":
            return (None,)
        key = (url.host, _port_of(url))
        if key not in self._pinned:
            try:
                self._pinned[key] = await look_up(*key)
            except NoPrivateAddressError as error:
                refuse(address, str(error), self._report)
            except OSError as error:
                raise httpx.ConnectError(f"{url.host} can't be looked up") from error
        return self._pinned[key]

    async def _send(self, request: httpx.Request, pins: tuple[str | None, ...]) -> httpx.Response:
        *others, last = pins
        for pin in others:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):  # nothing was sent
                return await self._send_to(pin, request)
        return await self._send_to(last, request)

    async def _send_to(self, pin: str | None, request: httpx.Request) -> httpx.Response:
        with connections_allowed({(pin, _port_of(request.url))}, self._report):
            return await self._inner.handle_async_request(_moved(request, pin))


def _moved(request: httpx.Request, pin: str | None) -> httpx.Request:
    """Return a request to a pinned address, if there is one; its Host header keeps the name."""
    if pin is None:
        return request
    return httpx.Request(
        request.method,
        request.url.copy_with(host=pin),
        headers=request.headers,
        stream=request.stream,
        extensions=request.extensions,
    )


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
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{host}:{_port_of(url)}".lower()


def _port_of(url: httpx.URL) -> int:
    return url.port or {"https": 443, "http": 80}.get(url.scheme, 0)


def _aim_of(asked: httpx.URL, response: httpx.Response) -> str:
    """Return where a redirect aims, or nothing."""
    if not (response.is_redirect and "location" in response.headers):
        return ""
    try:
        return _address_of(asked.join(response.headers["location"]))
    except (httpx.InvalidURL, ValueError):  # of a host that is no name, or no IPv6 address
        return "a malformed address"


@cache
def _tls() -> ssl.SSLContext:
    """Return a context with the bundled authorities and those of the system (SSL_CERT_FILE)."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context
