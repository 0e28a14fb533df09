"""Cut off what is not over in time, even if it does not want to end."""

from __future__ import annotations

import asyncio
from typing import Any

LEFT_BEHIND_AFTER_S = 0.3
_left_behind: set[asyncio.Task[Any]] = set()


async def ended_within(task: asyncio.Task[Any], seconds: float) -> bool:
    """Return whether a task ended within so many seconds; else it is cancelled.

    A task that does not let itself be cancelled is left behind after 0.3 s more: what it brings
    later is thrown away. Cancelled itself, it cancels the task and waits for it as long.

    Args:
        task: Its result, or what it raised, is for the caller to take.
        seconds: Time it has.
    """
    try:
        ended, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        await _cancelled(task)
        raise
    if not ended:
        await _cancelled(task)
    return bool(ended)


async def _cancelled(task: asyncio.Task[Any]) -> None:
    task.cancel()
    _left_behind.add(task)
    task.add_done_callback(_forget)
    await asyncio.wait({task}, timeout=LEFT_BEHIND_AFTER_S)


def _forget(task: asyncio.Task[Any]) -> None:
    _left_behind.discard(task)
    if not task.cancelled():
        task.exception()  # taken, so that nobody warns of it
