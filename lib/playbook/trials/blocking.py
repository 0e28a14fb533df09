"""Run a coroutine to its end from code that is not asynchronous, be a loop running or not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_to_end(make: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Return what a coroutine returns; in a notebook, whose loop is running, on another thread.

    Ctrl-C cancels the coroutine, waits until it has cleaned up, and is raised again.

    Args:
        make: Makes the coroutine.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(make())
    return _on_another_thread(make)


def _on_another_thread(make: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any] | None]] = Future()

    async def main() -> Result:
        started.set_result((asyncio.get_running_loop(), asyncio.current_task()))
        return await make()

    with ThreadPoolExecutor(1, thread_name_prefix="playbook-trials") as pool:
        ended = pool.submit(lambda: asyncio.run(main()))
        try:
            return ended.result()
        except KeyboardInterrupt:
            loop, task = started.result()
            if task is not None and not ended.done():
                loop.call_soon_threadsafe(task.cancel)
            wait([ended])
            raise
