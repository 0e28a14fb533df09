"""Many waiting tasks, few syncs; an item is on disk before its task goes on."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from playbook.errors import TrialError
from playbook.trials.audit import AuditEntry, AuditLog, read_audit, verify_audit
from playbook.trials.committing import GroupCommit
from playbook.trials.ledger import Ledger, read_ledger
from tests.trials.test_ledger import an_attempt

MANY = 64


class Disk:
    """A slow disk that may be full: each write waits until it is let go on."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.free = threading.Event()
        self.full = False

    def write(self, items: Sequence[int]) -> None:
        assert self.free.wait(10)
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.groups.append(list(items))

    @property
    def written(self) -> list[int]:
        return [one for group in self.groups for one in group]


def put_all(disk: Disk, commit: GroupCommit[int], count: int = MANY) -> list[BaseException | None]:
    async def all_of_them() -> list[BaseException | None]:
        tasks = [asyncio.create_task(commit.put(number)) for number in range(count)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in tasks)
        disk.free.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(all_of_them())


def test_items_that_come_during_a_write_share_the_next_one_in_their_order() -> None:
    disk = Disk()
    commit = GroupCommit(disk.write)

    assert put_all(disk, commit) == [None] * MANY

    assert disk.written == list(range(MANY))
    assert len(disk.groups) == 2
    commit.close()


def test_full_disk_reaches_everybody_who_waits_and_later_ones_may_pass() -> None:
    disk = Disk()
    commit = GroupCommit(disk.write)
    disk.full = True

    errors = put_all(disk, commit)
    disk.full = False

    assert all(isinstance(one, OSError) and one.errno == errno.ENOSPC for one in errors)
    assert asyncio.run(commit.put(7)) is None
    assert disk.written == [7]
    commit.close()


def test_item_of_a_task_that_was_cancelled_is_written_all_the_same() -> None:
    disk = Disk()
    commit = GroupCommit(disk.write)

    async def cancelled() -> None:
        tasks = [asyncio.create_task(commit.put(number)) for number in range(3)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(cancelled())
    disk.free.set()
    commit.close()

    assert disk.written == [0, 1, 2]


def test_another_event_loop_may_go_on_where_one_was_closed_under_a_write() -> None:
    disk = Disk()
    commit = GroupCommit(disk.write)

    async def leave() -> None:
        task = asyncio.create_task(commit.put(-1))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(leave())

    assert put_all(disk, commit, 3) == [None] * 3
    assert disk.written == [-1, 0, 1, 2]
    commit.close()


def count_syncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    real, syncs = os.fsync, [0]

    def fsync(file: int) -> None:
        syncs[0] += 1
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)
    return syncs


def test_many_audit_lines_make_one_chain_with_few_syncs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"place-{number}" for number in range(MANY)]

    async def all_of_them(log: AuditLog) -> None:
        await asyncio.gather(*(log.write(AuditEntry(event="send", endpoint=one)) for one in names))

    with AuditLog(tmp_path / "audit.jsonl") as log:
        syncs = count_syncs(monkeypatch)
        asyncio.run(all_of_them(log))

        assert verify_audit(log.path, log.head).intact
    assert [line.entry.endpoint for line in read_audit(log.path)] == names
    assert syncs[0] <= 2


def test_audit_lines_of_a_group_that_did_not_reach_the_disk_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def some(log: AuditLog, name: str) -> list[BaseException | None]:
        writes = (log.write(AuditEntry(event="send", endpoint=name)) for _ in range(5))
        return await asyncio.gather(*writes, return_exceptions=True)

    with AuditLog(tmp_path / "audit.jsonl") as log:
        with monkeypatch.context() as while_full:
            while_full.setattr(os, "fsync", full)
            errors = asyncio.run(some(log, "lost"))
        asyncio.run(some(log, "kept"))

        assert verify_audit(log.path, log.head).intact
    assert [type(one) for one in errors] == [OSError] * 5
    assert {line.entry.endpoint for line in read_audit(log.path)} == {"kept"}


def test_attempt_is_on_disk_and_known_when_write_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    async def one(ledger: Ledger, name: str) -> None:
        await ledger.write(an_attempt(name))
        on_disk = {attempt.run_key for attempt in read_ledger(ledger.path)}
        seen.append(name in on_disk and ledger.result(name) is not None)

    async def all_of_them(ledger: Ledger) -> None:
        await asyncio.gather(*(one(ledger, f"k{number}") for number in range(MANY)))

    syncs = count_syncs(monkeypatch)
    with Ledger(tmp_path / "trials.jsonl") as ledger:
        asyncio.run(all_of_them(ledger))

    assert seen == [True] * MANY
    assert syncs[0] <= 2


def test_attempts_cut_short_by_a_full_disk_leave_no_half_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, room = os.write, [100]

    def short(file: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written, room[0] = real(file, data[: room[0]]), 0
        return written

    with Ledger(tmp_path / "trials.jsonl") as ledger:
        ledger.append(an_attempt("before"))
        with monkeypatch.context() as while_full:
            while_full.setattr(os, "write", short)
            with pytest.raises(OSError, match="No space left"):
                ledger.append(an_attempt("lost"))
        ledger.append(an_attempt("after"))

    assert [one.run_key for one in read_ledger(ledger.path)] == ["before", "after"]


def test_attempt_that_still_waits_is_written_when_the_ledger_closes(tmp_path: Path) -> None:
    """As on Ctrl-C: its answer was paid for."""

    async def interrupted(ledger: Ledger) -> None:
        tasks = [asyncio.create_task(ledger.write(an_attempt(f"k{n}"))) for n in range(3)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()

    with Ledger(tmp_path / "trials.jsonl") as ledger:
        asyncio.run(interrupted(ledger))

    assert [one.run_key for one in read_ledger(ledger.path)] == ["k0", "k1", "k2"]


def test_closed_ledger_takes_nothing_in_a_group_either(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="not open"):
        asyncio.run(Ledger(tmp_path / "trials.jsonl").write(an_attempt()))
