"""The first lock for httpx: a transport that sends only the one request of a permitted call.

It checks every request's permit, host and port, follows no redirect, and reads no proxy from the
environment. `socket_lock` refuses what does not come through here.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx

from playbook.trials.audit import AuditLog
from playbook.trials.event_stream import EventStream
from playbook.trials.guarding import BodyMeter, WireGuard, host_port, is_redirect, tls_context
from playbook.trials.socket_lock import AddressRefusedError, CallTrace, connections_allowed


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport that sends the one request of a permitted call, where its permit says.

    Args:
        endpoint: Endpoint id; only a permit for it counts.
        audit: Where every request that is stopped is written.
        engine: `host:port` of the started engine, which permits call `embedded`; empty if none.
    """

    def __init__(self, endpoint: str, audit: AuditLog, *, engine: str = "") -> None:
        self._guard = WireGuard(endpoint, audit, engine=engine)
        self._inner = httpx.AsyncHTTPTransport(verify=tls_context(), trust_env=False, retries=0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on when its call and its address are permitted.

        Raises:
            AddressRefusedError: before anything is sent, when they are not.
        """
        trace = self._guard.admit(_address_of(request.url))
        request.headers["Accept-Encoding"] = "identity"
        response = await self._send(request, await self._pins(request.url))
        aim = _aim_of(request.url, response)
        self._guard.note_reply(trace, response.status_code, response.headers, aim=aim)
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101  asynchronous pool
        response.stream = _Metered(response.stream, trace)
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()

    async def _pins(self, url: httpx.URL) -> tuple[str | None, ...]:
        try:
            return await self._guard.pins(url.scheme, url.host, _port_of(url))
        except OSError as error:
            if isinstance(error, AddressRefusedError):
                raise
            raise httpx.ConnectError(f"{url.host} can't be looked up") from error

    async def _send(self, request: httpx.Request, pins: tuple[str | None, ...]) -> httpx.Response:
        *others, last = pins
        for pin in others:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):  # nothing was sent
                return await self._send_to(pin, request)
        return await self._send_to(last, request)

    async def _send_to(self, pin: str | None, request: httpx.Request) -> httpx.Response:
        with connections_allowed({(pin, _port_of(request.url))}, self._guard.report):
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


class BrokenEventError(Exception):
    """An event of a stream is no JSON; a library would leave it out and take the rest as whole."""


class _Metered(httpx.AsyncByteStream):
    """A reply's body, counted, with its first bytes kept and its events looked at."""

    def __init__(self, body: httpx.AsyncByteStream, trace: CallTrace) -> None:
        self._body = body
        self._trace = trace

    async def __aiter__(self) -> AsyncIterator[bytes]:
        meter, stream = BodyMeter(self._trace), EventStream()
        streams = self._trace.headers.get("content-type", "").startswith("text/event-stream")
        async for piece in self._body:
            meter.take(piece)
            for data in stream.take(piece) if streams else ():
                self._check(data)
            yield piece

    def _check(self, data: bytes) -> None:
        try:
            if data != b"[DONE]":
                json.loads(data)
        except (ValueError, RecursionError):
            self._trace.broken = f"an event is no JSON: {data[:80].decode('utf-8', 'replace')}"
            raise BrokenEventError(self._trace.broken) from None

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
    return host_port(url.scheme, url.host, url.port or 0)


def _port_of(url: httpx.URL) -> int:
    return int(_address_of(url).rpartition(":")[2])


def _aim_of(asked: httpx.URL, response: httpx.Response) -> str:
    """Return where a redirect aims, or nothing."""
    if not (is_redirect(response.status_code) and "location" in response.headers):
        return ""
    try:
        return _address_of(asked.join(response.headers["location"]))
    except (httpx.InvalidURL, ValueError):  # of a host that is no name, or no IPv6 address
        return "a malformed address"
