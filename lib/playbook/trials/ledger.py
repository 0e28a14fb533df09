"""The ledger `trials.jsonl`: every attempt on a line of its own, on disk before anything else."""

from __future__ import annotations

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import BinaryIO, Self

from pydantic import ValidationError

from playbook.errors import ArtefactError, TrialError
from playbook.trials.committing import GroupCommit, write_or_leave
from playbook.trials.late_scores import keep_scores, read_scores, with_late_scores
from playbook.trials.records import Attempt

LEDGER = "trials.jsonl"


class Ledger:
    """Attempts on disk, appended one line at a time; a context manager that locks its file.

    Each line is flushed and synced before `append` returns, so that an answer that was paid for
    survives a crash. A line cut off by a crash is dropped when the file is opened again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None
        self._mutex = Lock()
        self._group = GroupCommit(self._append_all)
        self._attempts: dict[str, list[Attempt]] = defaultdict(list)

    def __enter__(self) -> Self:
        """Open and lock the file, and read what it holds.

        Raises:
            TrialError: when another run writes to it.
            ArtefactError: when a finished line is not an attempt.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(handle, "r+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            content = self._file.read()
            self._file.truncate(_end_of_lines(content))
            lines = _attempts_in(content, self.path)
            for attempt in with_late_scores(lines, read_scores(self.path)):
                self._attempts[attempt.run_key].append(attempt)
        except BlockingIOError as error:
            self._file.close()
            msg = f"{self.path}: another run writes to it; wait for it, or use a new run folder"
            raise TrialError(msg) from error
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Write what still waits for the disk, close the file and free the lock."""
        try:
            self._group.close()
        finally:
            if self._file is not None:
                self._file.close()
                self._file = None

    def append(self, *attempts: Attempt) -> None:
        """Write some attempts and sync them to disk together.

        Raises:
            TrialError: when the ledger is not open.
            OSError: when they can't be written; then nothing of them is in the file.
        """
        self._append_all(attempts)

    async def write(self, attempt: Attempt) -> None:
        """Write one attempt and wait until it is on disk, together with those that come meanwhile.

        Raises:
            TrialError: when the ledger is not open.
            OSError: when it can't be written; then nothing of it is in the file.
        """
        await self._group.put(attempt)

    def _append_all(self, attempts: Sequence[Attempt]) -> None:
        lines = b"".join(one.model_dump_json().encode() + b"\n" for one in attempts)
        with self._mutex:
            if self._file is None:
                raise TrialError(f"{self.path}: the ledger is not open")
            file = self._file.fileno()
            try:
                write_or_leave(file, lines, size=os.fstat(file).st_size)
            except OSError as error:
                error.filename = error.filename or str(self.path.parent)
                raise
            for one in attempts:
                self._attempts[one.run_key].append(one)

    def keep_scores(self, attempt: Attempt) -> None:
        """Keep the scores of an attempt that is in the ledger, in a file beside it.

        Raises:
            TrialError: when the ledger is not open.
            OSError: when they can't be written; they are worked out again next time.
        """
        with self._mutex:
            if self._file is None:
                raise TrialError(f"{self.path}: the ledger is not open")
            keep_scores(self.path, attempt)
            tries = self._attempts[attempt.run_key]
            for place, one in enumerate(tries):
                if one.final and one.attempt == attempt.attempt:
                    tries[place] = attempt

    def tries(self, run_key: str) -> Sequence[Attempt]:
        """Return the attempts of one trial, oldest first."""
        return tuple(self._attempts.get(run_key, ()))

    def result(self, run_key: str) -> Attempt | None:
        """Return the attempt that is the trial's result, or None if it has none yet."""
        return next((one for one in reversed(self.tries(run_key)) if one.final), None)

    def attempts(self) -> tuple[Attempt, ...]:
        """Return all attempts, by trial."""
        return tuple(one for tries in list(self._attempts.values()) for one in tries)


def read_ledger(path: Path) -> tuple[Attempt, ...]:
    """Return the attempts of a ledger without locking it; none if the file is missing.

    Raises:
        ArtefactError: when a finished line is not an attempt.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    return tuple(with_late_scores(_attempts_in(content, path), read_scores(path)))


def _end_of_lines(content: bytes) -> int:
    return content.rfind(b"\n") + 1


def _attempts_in(content: bytes, path: Path) -> Iterator[Attempt]:
    for number, line in enumerate(content[: _end_of_lines(content)].split(b"\n"), start=1):
        if not line:
            continue
        try:
            yield Attempt.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "line"
            msg = f"{path}: line {number} is not an attempt ({where}: {first['msg']}); remove it"
            raise ArtefactError(msg) from error
