"""The first lock for aiohttp: connections that carry only the one request of a permitted call.

aiohttp asks its connector for a connection once a request, whether it opens one or takes one that
an earlier call left open. So the permit is spent here, and a second request, be it a resent one or
one to where a redirect aims, is refused. A connection that its server has closed, or is about to,
is left aside before a byte is written to it, since a request on it would be lost.
"""

from __future__ import annotations

import asyncio
import re
import select
import socket
import time
from collections.abc import Mapping, MutableMapping, Sequence
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult

from playbook.trials.audit import AuditLog
from playbook.trials.guarding import WireGuard, host_port, is_redirect, tls_context
from playbook.trials.socket_lock import CallTrace, connections_allowed, current_trace

if TYPE_CHECKING:
    from aiohttp.client import ClientTimeout
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

_IDLE_S = 4.0  # many servers close connections that were idle for 5 s
_KEEP_ALIVE = re.compile(r"(?i)\b(timeout|max)\s*=\s*(\d{1,6})\b")
_NO_ADDRESS = "a malformed address"
_NO_TIME_LIMIT = aiohttp.ClientTimeout(total=None)


class GuardedConnector(aiohttp.TCPConnector):
    """An aiohttp connector that connects for permitted calls only, where their permits say.

    Args:
        guard: Rules of its endpoint.
    """

    def __init__(self, guard: WireGuard) -> None:
        super().__init__(
            resolver=_Pinned(guard),
            use_dns_cache=False,
            ssl=tls_context(),
            limit=0,
            keepalive_timeout=_IDLE_S,
        )
        self._guard = guard

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109  aiohttp's own signature
    ) -> Connection:
        """Return a connection for a request whose call and address are permitted.

        Raises:
            AddressRefusedError: before anything is sent, when they are not.
        """
        url = req.url
        address = host_port(url.scheme, url.host or "", url.port or 0)
        if req.proxy is not None or req.ssl is not True:
            self._guard.refuse(address, "a proxy or other rules for certificates were asked for")
        self._guard.admit(address)
        port = url.port or 0
        pins = await self._guard.pins(url.scheme, url.raw_host or "", port)
        with connections_allowed({(pin, port) for pin in pins}, self._guard.report):
            return await self._serving(req, traces, timeout)

    async def _serving(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109  as above
    ) -> Connection:
        """Return a kept connection that its server still listens on, or a new one."""
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol = connection.protocol
            if protocol is None or protocol not in _usable_until_s:
                return connection
            if time.monotonic() < _usable_until_s[protocol] and not _has_ended(connection):
                return connection
            connection.close()


_usable_until_s: MutableMapping[ResponseHandler, float] = WeakKeyDictionary()
"""When a kept connection is no longer used, on the monotonic clock; new ones are not in it."""


class _Response(aiohttp.ClientResponse):
    """A reply that notes how long its connection may be kept."""

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        protocol = connection.protocol
        await super().start(connection)
        if protocol is not None:
            idle_s = longest_idle_s(self.headers.get("Keep-Alive", ""))
            self.content.on_eof(partial(_keep, protocol, idle_s))
        return self


def _keep(protocol: ResponseHandler, idle_s: float) -> None:
    _usable_until_s[protocol] = time.monotonic() + idle_s


def longest_idle_s(keep_alive: str) -> float:
    """Return how long a connection may be kept after a reply whose `Keep-Alive` says this.

    Half of what the server says, since the time runs on its clock and from its end of the wire.

    Source: RFC 2068, section 19.7.1.1; MDN, Keep-Alive header.

    Example:
        >>> longest_idle_s(""), longest_idle_s("timeout=2, max=9"), longest_idle_s("max=0")
        (4.0, 1.0, 0.0)
    """
    said = {name.lower(): int(number) for name, number in _KEEP_ALIVE.findall(keep_alive)}
    if said.get("max") == 0:
        return 0.0
    return min(_IDLE_S, said.get("timeout", 2 * _IDLE_S) / 2)


def _has_ended(connection: Connection) -> bool:
    """Return whether there is something to read on an idle connection: its end, or a stray reply.

    The event loop may not have come round to it yet.
    """
    transport = connection.transport
    kept = transport.get_extra_info("socket") if transport is not None else None
    if kept is None or kept.fileno() < 0:
        return True
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([kept], [], [], 0)[0])
    poll = select.poll()
    poll.register(kept, select.POLLIN)
    return bool(poll.poll(0))


class _Pinned(AbstractResolver):
    """Answers with the addresses that the guard has pinned; looks up only what https proves."""

    def __init__(self, guard: WireGuard) -> None:
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = self._guard.pinned(host, port)
        if not found:
            loop = asyncio.get_running_loop()
            rows = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
            found = tuple(dict.fromkeys(str(row[4][0]) for row in rows))
        return [_row(host, one, port) for one in found]

    async def close(self) -> None:
        return


def _row(name: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=name,
        host=address,
        port=port,
        family=family,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


def guarded_session(endpoint: str, audit: AuditLog, *, engine: str = "") -> GuardedSession:
    """Return a session of one endpoint; see `GuardedConnector` for what it lets out.

    Args:
        endpoint: Endpoint id; only a permit for it counts.
        audit: Where every request that is stopped is written.
        engine: `host:port` of the started engine, which permits call `embedded`; empty if none.
    """
    return GuardedSession(WireGuard(endpoint, audit, engine=engine))


class GuardedSession:
    """An aiohttp session without cookies, proxies, redirects, or time limits of its own.

    Args:
        guard: Rules of its endpoint.
    """

    def __init__(self, guard: WireGuard) -> None:
        self._guard = guard
        self._session = aiohttp.ClientSession(
            connector=GuardedConnector(guard),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            response_class=_Response,
            timeout=_NO_TIME_LIMIT,
            headers={"Accept-Encoding": "identity", "User-Agent": "playbook"},
        )

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | Sequence[tuple[str, str]],
        body: bytes | None = None,
        limits: ClientTimeout = _NO_TIME_LIMIT,
        trace: CallTrace | None = None,
    ) -> aiohttp.ClientResponse:
        """Send the one request of the call under way; return its reply, the body still to come.

        Args:
            method: HTTP method.
            url: Address, as it goes out.
            headers: Headers; they go before the session's own.
            body: All that is sent.
            limits: Times to connect and between two pieces; the caller keeps the total.
            trace: Where the reply is noted; that of the call under way where left out.

        Raises:
            AddressRefusedError: when it may not be sent.
            aiohttp.ClientError: when it could not be.
        """
        response = await self._session.request(
            method,
            yarl.URL(url, encoded=True),
            data=body,
            headers=headers,
            allow_redirects=False,
            timeout=limits,
        )
        trace, aim = trace or current_trace(), _aim_of(response)
        self._guard.note_reply(trace, response.status, response.headers, aim=aim)
        return response

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()


def _aim_of(response: aiohttp.ClientResponse) -> str:
    """Return where a redirect aims, or nothing."""
    if not (is_redirect(response.status) and "location" in response.headers):
        return ""
    try:
        aim = response.url.join(yarl.URL(response.headers["location"]))
        return host_port(aim.scheme, aim.host, aim.port or 0) if aim.host else _NO_ADDRESS
    except ValueError:  # of a host that is no name, or no IPv6 address
        return _NO_ADDRESS
