"""Group commit: many tasks wait for the disk, one write and one sync serve them all.

A sync takes milliseconds, whatever it holds. While one is under way, on a thread of its own, what
comes next gathers for the following one; so the event loop never waits, and the disk is asked as
often as it can answer and no more.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")
Waiting = tuple[Item, "asyncio.Future[None]"]


def write_or_leave(file: int, data: bytes, *, size: int) -> None:
    """Append data to a file and sync it; when that fails, leave the file as it was.

    Args:
        file: Descriptor, opened to append.
        data: What is added.
        size: Size of the file before.

    Raises:
        OSError: when it can't be written, such as on a full disk.
    """
    try:
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
    except OSError:  # half a line must not stand before the next one
        os.ftruncate(file, size)
        raise


class GroupCommit(Generic[Item]):
    """Collects items and has them written together, in the order in which they came.

    Args:
        write: Writes items and syncs them; called from another thread, one call at a time. When it
            raises, none of them may be left in the file.
    """

    def __init__(self, write: Callable[[Sequence[Item]], object]) -> None:
        self._write = write
        self._waiting: list[Waiting[Item]] = []
        self._writes: ThreadPoolExecutor | None = None
        self._under_way: tuple[asyncio.AbstractEventLoop, Future[object]] | None = None

    async def put(self, item: Item) -> None:
        """Wait until an item is on disk. Who stops waiting has it written all the same.

        Raises:
            Exception: what the write raised, for every item of its group.
        """
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        self._waiting.append((item, written))
        if self._under_way is None or self._under_way[0] is not loop:
            self._begin(loop)
        await written

    def close(self) -> None:
        """Write what still waits, and end the thread.

        Raises:
            Exception: what the write raised.
        """
        if self._writes is not None:
            self._writes.shutdown()
        self._writes = self._under_way = None
        left, self._waiting = self._waiting, []
        if left:
            self._write([item for item, _ in left])

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        group, self._waiting = self._waiting, []
        if self._writes is None:
            self._writes = ThreadPoolExecutor(1, thread_name_prefix="playbook-disk")
        write = self._writes.submit(self._write, [item for item, _ in group])
        self._under_way = (loop, write)
        write.add_done_callback(lambda done: self._told(loop, done, group))

    def _told(
        self, loop: asyncio.AbstractEventLoop, done: Future[object], group: list[Waiting[Item]]
    ) -> None:
        """Pass the end of a write on to its loop, from the disk's thread."""
        with suppress(RuntimeError):  # the loop has closed: nobody waits any more
            loop.call_soon_threadsafe(self._ended, done, group)

    def _ended(self, done: Future[object], group: list[Waiting[Item]]) -> None:
        """Wake those whose group is written, and begin with those who came meanwhile."""
        if self._under_way is not None and self._under_way[1] is done:
            self._under_way = None
            if self._waiting:
                self._begin(asyncio.get_running_loop())
        error = done.exception()
        for _, written in group:
            if written.done():  # its task was cancelled
                continue
            if error is None:
                written.set_result(None)
            else:
                written.set_exception(error)
