"""Where spans go while a run goes on: a thread of its own that may hang without anybody's harm."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Sequence
from contextvars import Context
from typing import Protocol

from playbook.trials.observing.spans import SpanRecord

MOST_WAITING = 2_048
"""Spans that wait at most; later ones are dropped and counted."""
MOST_AT_ONCE = 256
GATHERED_S = 1.0
"""Spans of so long a time go out together: each trip costs the machine that measures."""
LAST_WAIT_S = 2.0
"""How long the end of a run waits for spans that are still to go out."""


class Sink(Protocol):
    """Takes spans somewhere; may be slow, may fail."""

    def write(self, spans: Sequence[SpanRecord]) -> None:
        """Take some spans."""
        ...

    def close(self) -> None:
        """Take no more."""
        ...


class Outlet:
    """Hands spans to a sink on a thread of its own; a run never waits for it.

    The thread begins outside every call, so that the lock which refuses sockets inside one does not
    bind it, and it is a daemon: a sink that hangs keeps no program from ending.

    Args:
        sink: Where they go.
        last_wait_s: How long `close` waits for those still to go out.
    """

    def __init__(self, sink: Sink, *, last_wait_s: float = LAST_WAIT_S) -> None:
        self.dropped = 0
        self.failure = ""
        self._in_hand = 0
        self._sink = sink
        self._last_wait_s = last_wait_s
        self._waiting: queue.Queue[SpanRecord | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(
            target=Context().run, args=(self._work,), name="playbook-spans", daemon=True
        )
        self._thread.start()

    def put(self, span: SpanRecord) -> None:
        """Hand a span over, or drop it where too many wait; never blocks."""
        try:
            self._waiting.put_nowait(span)
        except queue.Full:
            self.dropped += 1

    def close(self) -> None:
        """Let the rest go out, for a short time, and count what did not."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._thread.join(self._last_wait_s)
        if self._thread.is_alive():
            self.dropped += self._in_hand + sum(one is not None for one in self._waiting.queue)
            self.failure = self.failure or "it did not take them in time"

    def _work(self) -> None:
        try:
            while self._hand_over():
                pass
        finally:
            with contextlib.suppress(Exception):  # the run has ended: nobody is left to tell
                self._sink.close()

    def _hand_over(self) -> bool:
        """Hand over what waits; return whether more may come."""
        batch, until_s = [self._waiting.get()], time.monotonic() + GATHERED_S
        while len(batch) < MOST_AT_ONCE and batch[-1] is not None:
            try:
                batch.append(self._waiting.get(timeout=max(0.0, until_s - time.monotonic())))
            except queue.Empty:
                break
        spans = [one for one in batch if one is not None]
        self._in_hand = len(spans)
        try:
            if spans:
                self._sink.write(spans)
        except Exception as error:  # noqa: BLE001  whatever it is, the run goes on
            self.dropped += len(spans)
            self.failure = type(error).__name__
        self._in_hand = 0
        return batch[-1] is not None
