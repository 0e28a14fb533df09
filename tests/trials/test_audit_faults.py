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


def test_part_of_a_line_after_the_kept_head_is_found(log: AuditLog) -> None:
    with log.path.open("ab") as file:
        file.write(b'{"at":"2026')

    assert verify_audit(log.path, log.head).problems == (
        "part of a line follows the head that was kept",
    )
    assert verify_audit(log.path, log.head, grows=True).intact


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_a_log_that_is_no_file_is_neither_read_nor_written(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    (os.mkfifo if kind == "pipe" else os.mkdir)(path)

    for use in (verify_audit, AuditLog):
        with pytest.raises(ArtefactError, match="is no file"):
            use(path)


@pytest.mark.parametrize("left", ["nothing", "no file", "its first line"])
def test_a_log_that_lost_what_it_held_at_the_last_stop_is_not_gone_on_with(
    left: str, log: AuditLog
) -> None:
    """Going on would bury the cut: the head kept next would fit what is left."""
    first = log.path.read_bytes()
    log.append(an_entry("second"))
    log.close()
    log.path.write_bytes(first if left == "its first line" else b"")
    if left == "no file":
        log.path.unlink()

    with pytest.raises(ArtefactError, match=r"keep (it|the folder) as evidence"):
        AuditLog(log.path, kept_head=log.head)


def test_a_key_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "audit.key")

    with pytest.raises(ArtefactError, match="is no file"):
        AuditLog(tmp_path / "audit.jsonl")


def test_a_log_goes_on_after_the_head_that_was_kept(log: AuditLog) -> None:
    log.append(an_entry("second"))
    log.close()

    with AuditLog(log.path, kept_head=log.head) as again:
        again.append(an_entry("third"))

        assert verify_audit(log.path, again.head).intact


@pytest.mark.parametrize("change", ["removed", "replaced", "cut", "added to"])
def test_a_log_that_others_change_under_way_takes_no_more_lines(change: str, log: AuditLog) -> None:
    """Else prompts would be sent with their lines in a file that nobody can find."""
    whole = log.path.read_bytes()
    if change in ("removed", "replaced"):
        log.path.unlink()
    if change != "removed":
        log.path.write_bytes({"cut": b"", "added to": whole + b"{}"}.get(change, whole))

    with pytest.raises(OSError, match=r"removed|No such file|changed by another program"):
        log.append(an_entry("never sent"))
