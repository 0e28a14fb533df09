"""The second lock: inside a call, a socket that other code opens is refused.

A library path that ignores the client it was given sends nothing instead of going elsewhere. What
this does not see: connections that were open before, threads that are not the call's own, and
libraries with sockets outside Python's `socket` module; network egress rules remain a third lock.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Literal


class AddressRefusedError(OSError):
    """A connection to an address that is not the endpoint's own was refused before it opened.

    An `OSError`, so that whoever tried closes the socket.
    """


@dataclass
class CallTrace:
    """What the wire itself saw of one call, whatever the library above makes of it."""

    requests: int = 0
    """Requests passed on."""
    status: int | None = None
    """HTTP status of the last reply."""
    headers: dict[str, str] = field(default_factory=dict)
    """Headers of the last reply, names in lower case."""
    redirect_to: str = ""
    """`host:port` that a redirect aimed at; it was not followed."""
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
    """Refuse every socket of this task but those of a guarded transport; trace its calls."""
    _install()
    trace = CallTrace()
    trace_token, lock_token = _trace.set(trace), _lock.set("locked")
    try:
        yield trace
    finally:
        _lock.reset(lock_token)
        _trace.reset(trace_token)


@contextmanager
def connections_allowed() -> Iterator[None]:
    """Let the guarded transport connect, once it has checked the address."""
    token = _lock.set("guarded")
    try:
        yield
    finally:
        _lock.reset(token)


def current_trace() -> CallTrace:
    """Return the trace of the call under way; a fresh one outside any call."""
    return _trace.get() or CallTrace()


@cache
def _install() -> None:
    sys.addaudithook(_refuse_unguarded)


def _refuse_unguarded(event: str, arguments: tuple[object, ...]) -> None:
    if event not in {"socket.connect", "socket.sendto"} or _lock.get() != "locked":
        return
    if isinstance(arguments[0], socket.socket) and arguments[0].family == socket.AF_UNIX:
        return
    where = arguments[1]
    address = f"{where[0]}:{where[1]}" if isinstance(where, tuple) else str(where)
    current_trace().refused = address
    raise AddressRefusedError(
        f"a connection to {address} outside the guarded transport was refused"
    )
