from __future__ import annotations

import asyncio
import threading

import pytest

from playbook.trials.blocking import run_to_end


async def thread_name() -> str:
    await asyncio.sleep(0)
    return threading.current_thread().name


def test_without_a_running_loop_it_runs_on_this_thread() -> None:
    assert run_to_end(thread_name) == threading.current_thread().name


def test_inside_a_running_loop_it_runs_on_another_thread() -> None:
    async def cell() -> str:
        return run_to_end(thread_name)

    assert asyncio.run(cell()).startswith("playbook-trials")


def test_errors_come_through_either_way() -> None:
    async def fail() -> None:
        raise ValueError("no")

    async def cell() -> None:
        run_to_end(fail)

    with pytest.raises(ValueError, match="no"):
        run_to_end(fail)
    with pytest.raises(ValueError, match="no"):
        asyncio.run(cell())
