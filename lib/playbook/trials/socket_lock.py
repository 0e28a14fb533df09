"""The second lock: inside a call, a socket that other code opens is refused.

A library path that ignores the client it was given sends nothing instead of going elsewhere, and
the guarded transport itself connects only to the addresses that it pinned. What this does not see:
connections that were open before, threads that are not the call's own, programs that a call starts,
and libraries with sockets outside Python's `socket` module; network egress rules remain a third
lock.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import NoReturn
from weakref import WeakSet


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
    """Address that was refused, and why; empty if none was."""
    broken: str = ""
    """What was no JSON in a stream of events; empty if all was."""


Report = Callable[[str, str], None]
"""Told of an address and why it was refused, before the error surfaces."""
Peer = tuple[str | None, int]
"""IP address and port; None stands for every address."""


@dataclass(frozen=True)
class _Lock:
    report: Report
    peers: frozenset[Peer] = frozenset()
    """Where the guarded transport may connect just now."""


_trace: ContextVar[CallTrace | None] = ContextVar("call_trace", default=None)
_lock: ContextVar[_Lock | None] = ContextVar("socket_lock", default=None)
_watches: WeakSet[Watch] = WeakSet()


@contextmanager
def only_guarded(report: Report) -> Iterator[CallTrace]:
    """Refuse every socket of this task but those of a guarded transport; trace its calls.

    Args:
        report: Told of each socket that is refused.
    """
    _install()
    trace = CallTrace()
    trace_token, lock_token = _trace.set(trace), _lock.set(_Lock(report))
    try:
        yield trace
    finally:
        _lock.reset(lock_token)
        _trace.reset(trace_token)


@contextmanager
def connections_allowed(peers: Iterable[Peer], report: Report) -> Iterator[None]:
    """Let the guarded transport connect to some peers, once it has checked the address."""
    _install()
    token = _lock.set(_Lock(report, frozenset(peers)))
    try:
        yield
    finally:
        _lock.reset(token)


class Watch:
    """Refuse what a package opens by itself, past every client that it was given.

    It holds for the whole process until it is closed, wherever frames of the package are on the
    stack: for all of its synchronous calls. Inside a call the lock goes further.

    Args:
        package: Name of the package.
        report: Told of each socket that is refused.
    """

    def __init__(self, package: str, report: Report) -> None:
        self.package = package
        self.report = report
        _install()
        _watches.add(self)

    def close(self) -> None:
        """Watch no longer."""
        _watches.discard(self)


def refuse(address: str, because: str, report: Report) -> NoReturn:
    """Note a refused address in the trace, report it and raise.

    Raises:
        AddressRefusedError: always; the refusal holds even where it can't be reported.
    """
    current_trace().refused = message = f"a connection to {address} was refused: {because}"
    try:
        report(address, because)
    except (OSError, ValueError) as error:  # full disk, closed log
        message += f" (and the audit log could not be written: {type(error).__name__})"
        raise AddressRefusedError(message) from error
    raise AddressRefusedError(message)


def current_trace() -> CallTrace:
    """Return the trace of the call under way; a fresh one outside any call."""
    return _trace.get() or CallTrace()


_OUTGOING = {"socket.connect", "socket.sendto", "socket.sendmsg"}


@cache
def _install() -> None:
    sys.addaudithook(_refuse_unguarded)


def _refuse_unguarded(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _OUTGOING or arguments[1] is None:  # None: sent on a connection that is open
        return
    if isinstance(arguments[0], socket.socket) and arguments[0].family == socket.AF_UNIX:
        return
    where = arguments[1] if isinstance(arguments[1], tuple) else (str(arguments[1]), 0)
    host, port = str(where[0]), where[1]
    lock = _lock.get()
    if lock is None:
        if watch := _watch_of_caller():
            because = f"{watch.package} opened it by itself, past the gate"
            refuse(f"{host}:{port}", because, watch.report)
    elif (host, port) not in lock.peers and (None, port) not in lock.peers:
        because = "it was not pinned" if lock.peers else "other code opened it inside a call"
        refuse(f"{host}:{port}", because, lock.report)


def _watch_of_caller() -> Watch | None:
    watched = {one.package: one for one in list(_watches)}
    frame = sys._getframe() if watched else None  # noqa: SLF001  the only way to the callers
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package in watched:
            return watched[package]
        frame = frame.f_back
    return None
