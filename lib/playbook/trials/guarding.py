"""The rules of the wire, whichever library sends: one permitted request, to where it may go.

The guarded transport (httpx) and the guarded connector (aiohttp) both ask here, so that what is
refused, pinned, counted and logged is the same on both.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache, partial
from typing import NoReturn

import certifi

from playbook.clearance import EMBEDDED_ADDRESS
from playbook.trials.audit import AuditLog
from playbook.trials.permits import Permit, permit_for, write_blocked
from playbook.trials.pinning import NoPrivateAddressError, look_up
from playbook.trials.socket_lock import CallTrace, current_trace, refuse

MAX_REPLY_BYTES = 16 * 2**20
MAX_COMPRESSED_REPLY_BYTES = 2**18
HEAD_BYTES = 16_384
_DEFAULT_PORTS = {"https": 443, "http": 80}
_USAGE_WORDS = (
    b'"prompt_tokens"',
    b'"input_tokens"',
    b'"promptTokenCount"',
    b'"prompt_eval_count"',
)
_OVERLAP_BYTES = 32


class ReplyTooLongError(Exception):
    """A reply exceeded the bytes that any answer may have."""


class WireGuard:
    """What may leave for one endpoint, and where to; it lives as long as its connections.

    Plain http goes only to private addresses, looked up once and pinned for the life of the
    guard, so that a name can't be moved between calls. Over https the certificate proves the
    name; there the port is checked.

    Args:
        endpoint: Endpoint id; only a permit for it counts.
        audit: Where every request that is stopped is written.
        engine: `host:port` of the started engine, which permits call `embedded`; empty if none.
    """

    def __init__(self, endpoint: str, audit: AuditLog, *, engine: str = "") -> None:
        self.report = partial(write_blocked, audit, endpoint)
        self._endpoint = endpoint
        self._engine = engine
        self._pinned: dict[tuple[str, int], tuple[str, ...]] = {}

    def admit(self, address: str) -> CallTrace:
        """Spend the permit of the call under way on a request to `host:port`; return its trace.

        Raises:
            AddressRefusedError: when there is no such permit; nothing may be sent.
        """
        permit = permit_for(self._endpoint)
        objection = self._objection(permit, address)
        if objection or permit is None:
            refuse(address, objection, self.report)
        permit.spent = True
        trace = current_trace()
        trace.requests += 1
        return trace

    def refuse(self, address: str, because: str) -> NoReturn:
        """Write that a request was stopped, and raise.

        Raises:
            AddressRefusedError: always.
        """
        refuse(address, because, self.report)

    async def pins(self, scheme: str, host: str, port: int) -> tuple[str | None, ...]:
        """Return the IP addresses to try in turn for plain http; None, for any, over https.

        Raises:
            AddressRefusedError: when it has public addresses only.
            OSError: when it can't be looked up.
        """
        if scheme == "https":
            return (None,)
        if (host, port) not in self._pinned:
            try:
                self._pinned[host, port] = await look_up(host, port)
            except NoPrivateAddressError as error:
                refuse(host_port(scheme, host, port), str(error), self.report)
        return self._pinned[host, port]

    def pinned(self, host: str, port: int) -> tuple[str, ...]:
        """Return the IP addresses that a name was pinned to; none before it was looked up."""
        return self._pinned.get((host, port), ())

    def note_reply(
        self, trace: CallTrace, status: int, headers: Mapping[str, str], *, aim: str
    ) -> None:
        """Keep a reply's status and headers in its trace; write where a redirect aimed.

        Args:
            trace: Trace of the call.
            status: HTTP status.
            headers: Headers, in any case.
            aim: `host:port` of a redirect, which is not followed; empty if it is none.
        """
        trace.status = status
        trace.headers = {name.lower(): value for name, value in headers.items()}
        if aim:
            trace.redirect_to = aim
            self.report(aim, f"HTTP {status}: a redirect there was not followed")

    def _objection(self, permit: Permit | None, address: str) -> str:
        if permit is None:
            return "the gate has allowed no call; ask through GatedClient"
        allowed = {one.lower() for one in permit.entry.addresses}
        known = EMBEDDED_ADDRESS if address == self._engine else address
        if known not in allowed:
            return "not an allowed address of this endpoint"
        return "its call has sent its one request or has ended" if permit.spent else ""


class BodyMeter:
    """Counts a reply's body as it arrives, and keeps its first bytes in the trace.

    Args:
        trace: Trace of the call; its headers are there already.
    """

    def __init__(self, trace: CallTrace) -> None:
        self._trace = trace
        plain = trace.headers.get("content-encoding", "identity") == "identity"
        self._limit = MAX_REPLY_BYTES if plain else MAX_COMPRESSED_REPLY_BYTES
        self._count = 0
        self._last = b""

    def take(self, piece: bytes) -> None:
        """Count the next bytes of the body.

        Raises:
            ReplyTooLongError: when there are more than any answer may have.
        """
        trace = self._trace
        self._count += len(piece)
        if self._count > self._limit:
            raise ReplyTooLongError(f"the reply has more than {self._limit} bytes")
        if len(trace.head) < HEAD_BYTES:
            trace.head += piece[: HEAD_BYTES - len(trace.head)]
        if not trace.usage_seen:
            window = self._last + piece
            trace.usage_seen = any(word in window for word in _USAGE_WORDS)
            self._last = window[-_OVERLAP_BYTES:]


def host_port(scheme: str, host: str, port: int) -> str:
    """Return `host:port` in lower case, an IPv6 address in brackets, the scheme's port for 0.

    Example:
        >>> host_port("https", "API.example.org", 0), host_port("http", "::1", 8080)
        ('api.example.org:443', '[::1]:8080')
    """
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port or _DEFAULT_PORTS.get(scheme, 0)}".lower()


def is_redirect(status: int) -> bool:
    """Return whether a status may send a caller elsewhere."""
    return 300 <= status < 400  # noqa: PLR2004  HTTP's redirects


@cache
def tls_context() -> ssl.SSLContext:
    """Return a context with the bundled authorities and those of the system (SSL_CERT_FILE)."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context
