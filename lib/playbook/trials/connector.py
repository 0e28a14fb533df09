"""The first lock for aiohttp: connections that carry only the one request of a permitted call.

aiohttp asks its connector for a connection once a request, whether it opens one or takes one that
an earlier call left open. So the permit is spent here, and a second request, be it a resent one or
one to where a redirect aims, is refused.
"""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult

from playbook.trials.audit import AuditLog
from playbook.trials.guarding import WireGuard, host_port, is_redirect, tls_context
from playbook.trials.socket_lock import connections_allowed, current_trace

if TYPE_CHECKING:
    from aiohttp.client import ClientTimeout
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

_IDLE_S = 15.0  # servers close idle connections; one that is about to be closed can't be used


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
            return await super().connect(req, traces, timeout)


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
            timeout=aiohttp.ClientTimeout(total=None),
            headers={"Accept-Encoding": "identity", "User-Agent": "playbook"},
        )

    async def send(
        self, method: str, url: str, *, headers: dict[str, str], body: bytes | None = None
    ) -> aiohttp.ClientResponse:
        """Send the one request of the call under way; return its reply, the body still to come.

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
        )
        aim = _aim_of(response)
        self._guard.note_reply(current_trace(), response.status, dict(response.headers), aim=aim)
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
        return host_port(aim.scheme, aim.host or "", aim.port or 0)
    except ValueError:  # of a host that is no name, or no IPv6 address
        return "a malformed address"
