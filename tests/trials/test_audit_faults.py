"""What goes wrong on the disk neither breaks the chain nor lets a change pass."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from playbook.errors import ArtefactError
from playbook.trials.audit import AuditEntry, AuditLog, read_audit, verify_audit


def an_entry(endpoint: str = "api") -> AuditEntry:
    return AuditEntry(event="send", endpoint=endpoint)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    with AuditLog(tmp_path / "audit.jsonl") as log:
        log.append(an_entry("first"))
        yield log


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_line_that_did_not_reach_the_disk_leaves_nothing_behind(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as while_full:
        while_full.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            log.append(an_entry("never sent"))

    log.append(an_entry("after"))
    log.close()

    check = verify_audit(log.path, log.head)
    assert check.intact
    assert [line.entry.endpoint for line in read_audit(log.path)] == ["first", "after"]


@pytest.mark.parametrize("written_bytes", [0, 40])
def test_a_line_cut_short_by_a_full_disk_leaves_nothing_behind(
    written_bytes: int, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, room = os.write, [written_bytes]

    def short(file: int, data: bytes) -> int:
        if not room[0]:
            full()
        written, room[0] = real(file, data[: room[0]]), 0
        return written

    with monkeypatch.context() as while_full:
        while_full.setattr(os, "write", short)
        with pytest.raises(OSError, match="No space left"):
            log.append(an_entry("never sent"))

    log.append(an_entry("after"))
    log.close()

    assert verify_audit(log.path, log.head).intact
    assert [line.entry.endpoint for line in read_audit(log.path)] == ["first", "after"]
