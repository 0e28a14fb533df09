"""The audit log: what was about to leave, written before it left, in a chain that shows tampering.

`audit.jsonl` holds one canonical JSON object a line; each carries the hash of the one before.
Prompts appear only as HMAC-SHA256 under the key of the run (`audit.key`, readable by its owner):
with the key it can be shown that a prompt was sent, without it a guess cannot be tried.
Tamper-evident, not tamper-proof: who owns the file can rebuild all of it, unless the head is kept
elsewhere (the report prints it).
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self

from playbook.errors import ArtefactError
from playbook.trials.audit_chain import (
    FIRST,
    AuditCheck,
    AuditEntry,
    AuditLine,
    chained,
    check_line,
)
from playbook.trials.committing import GroupCommit, write_or_leave

AUDIT_LOG = "audit.jsonl"
_KEY_BYTES = 32


class AuditLog:
    """An append-only log with one writer; every append is on disk before it returns.

    Args:
        path: File to continue or to start; its key is kept beside it as `audit.key`.
        kept_head: Head that was kept when it was last written; empty if none was. A log that lacks
            it was cut, and is not gone on with: that would bury the cut under a new head.

    Raises:
        ArtefactError: when it can't be written, another process writes it, its chain is broken or
            its tail is missing.
    """

    def __init__(self, path: Path, *, kept_head: str = "") -> None:
        self.path = path
        self._kept_head = kept_head
        self._run = path.resolve().parent.name
        self._mutex = threading.Lock()
        self._group = GroupCommit(self._append_all)
        self._lines, self._head, self._size = 0, FIRST, 0
        if kept_head and not path.exists():
            raise ArtefactError(
                f"{path}: was removed, and the manifest keeps its head; keep the folder as "
                "evidence and start a new run folder"
            )
        _no_pipe(path)
        _no_pipe(path.with_suffix(".key"))
        try:
            self._key = _run_key(path.with_suffix(".key"))
            self._file: IO[bytes] = path.open("ab", buffering=0)
        except OSError as error:
            raise ArtefactError(f"{path}: can't be written ({error.strerror})") from error
        try:
            self._continue()
        except BaseException:
            self._file.close()
            raise

    @property
    def head(self) -> str:
        """Return the hash of the last line: keep it elsewhere to see a cut tail."""
        return self._head

    def __enter__(self) -> Self:
        """Return the log."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file and let others write it."""
        try:
            self._group.close()
        finally:
            self._file.close()

    def prompt_hmac(self, prompt: bytes) -> str:
        """Return the HMAC-SHA256 of a prompt under this run's key, in hex."""
        return hmac.new(self._key, prompt, hashlib.sha256).hexdigest()

    def append(self, entry: AuditEntry, *, at: datetime | None = None) -> AuditLine:
        """Add a line and wait until it is on disk.

        Raises:
            OSError: when it cannot be written; then nothing may be sent.
        """
        return self._append_all([(entry, at or datetime.now(UTC))])[-1]

    async def write(self, entry: AuditEntry) -> None:
        """Add a line and wait until it is on disk, together with those that come meanwhile.

        Raises:
            OSError: when it cannot be written; then nothing may be sent.
        """
        await self._group.put((entry, datetime.now(UTC)))

    def _append_all(self, entries: Sequence[tuple[AuditEntry, datetime]]) -> list[AuditLine]:
        """Add some lines with one write and one sync: all of them, or none."""
        with self._mutex:
            lines, raws, last = [], [], (self._lines, self._head)
            for entry, at in entries:
                line, raw = chained(entry, after=last, at=at, run=self._run)
                lines.append(line)
                raws.append(raw + b"\n")
                last = (line.number, line.hash)
            file, size = self._file.fileno(), self._own_size()
            write_or_leave(file, b"".join(raws), size=size)  # what was not sent leaves no line
            (self._lines, self._head), self._size = last, os.fstat(file).st_size
            return lines

    def _own_size(self) -> int:
        """Return the size of the file, once it is sure that it is still what was written."""
        there, own = self.path.stat(), os.fstat(self._file.fileno())
        if not os.path.samestat(there, own) or own.st_size != self._size:
            raise OSError(errno.ESTALE, "changed by another program; nothing was sent", self.path)
        return own.st_size

    def _continue(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArtefactError(f"{self.path}: another run is writing it; wait for it") from error
        check = verify_audit(self.path, self._kept_head or None, grows=True)
        if not check.intact:
            raise ArtefactError(
                f"{self.path}: {check.problems[0]}; keep it as evidence and start a new run folder"
            )
        self._lines, self._head = check.lines, check.head
        self._size = self.path.stat().st_size - check.torn_bytes
        if check.torn_bytes:
            self._file.truncate(self._size)
            self.append(AuditEntry(event="torn_line", because=f"{check.torn_bytes} bytes cut off"))


def verify_audit(path: Path, head: str | None = None, *, grows: bool = False) -> AuditCheck:
    """Check a log: edited, deleted, moved and added lines break its chain.

    Args:
        path: The log.
        head: Hash of its last line as kept elsewhere; without it a cut tail cannot be seen.
        grows: Whether lines may follow the one that was last when its hash was kept.

    Raises:
        ArtefactError: when the file cannot be read.
    """
    _no_pipe(path)
    try:
        whole, _, torn = path.read_bytes().rpartition(b"\n")
    except OSError as error:
        raise ArtefactError(f"{path}: cannot be read ({error.strerror})") from error
    count, last, seen, problems = 0, FIRST, {FIRST}, []
    for number, raw in enumerate(whole.split(b"\n") if whole else (), start=1):
        fault, last_or_none = check_line(raw, number, last)
        if last_or_none is None:
            problems.append(f"line {number} {fault}")
            break
        count, last = number, last_or_none
        seen.add(last)
    if head is not None and not problems and last != head:
        if head not in seen:
            problems.append("the tail was cut or rewritten")
        elif not grows:
            problems.append("lines follow the head that was kept")
    elif head is not None and torn and not grows and not problems:
        problems.append("part of a line follows the head that was kept")
    return AuditCheck(lines=count, head=last, problems=tuple(problems), torn_bytes=len(torn))


def audit_head(folder: Path) -> str:
    """Return the head of a run folder's log: kept elsewhere, it shows a cut tail. Empty if none."""
    path = folder / AUDIT_LOG
    return verify_audit(path).head if path.is_file() else ""


def read_audit(path: Path) -> Iterator[AuditLine]:
    """Yield the whole lines of a log, unchecked; see `verify_audit`."""
    whole, _, _ = path.read_bytes().rpartition(b"\n")
    for raw in whole.split(b"\n") if whole else ():
        yield AuditLine.model_validate_json(raw)


def _no_pipe(path: Path) -> None:
    """Raise for what is there and is no file: to open a pipe would wait for ever."""
    if path.exists() and not path.is_file():
        raise ArtefactError(f"{path}: is no file; keep the folder as evidence and start a new one")


def _run_key(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise ArtefactError(f"{path}: not a key of {_KEY_BYTES} bytes; start a new run folder")
    return key
