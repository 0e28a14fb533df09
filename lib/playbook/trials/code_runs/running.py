"""Run the unit tests of an answer's code in a child process with bounds.

What is bounded: time (wall and CPU), memory, the size of a file, open files and, for users other
than root, the number of processes. The child has an empty environment, so no key is in it, runs
in a folder of its own that is deleted, in a session that is killed as a whole, and, where Linux
lets it, in a network and a process list of its own. Inside it, Python refuses sockets, other
programs and changes of files outside the folder.

What is not: it is the same user on the same machine. Code that is written to break out of Python
can read that user's files, change them, and forge a pass from within the same interpreter. These
bounds are against what a model writes by mistake, not against an attacker. For answers that you do
not trust so far, run the whole trial in a container or a machine that you can throw away.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
START_S = 5.0
LONGEST_S = 120.0
MOST_RESULT_BYTES = 100_000
ISOLATION = ("--map-root-user", "--net", "--pid", "--fork", "--kill-child")


@dataclass(frozen=True)
class Bounds:
    """What a run of code may use."""

    seconds_per_test: float
    """Time for one test, the answer's own code included."""
    memory_mib: int
    """Address space."""

    def deadline_s(self, tests: int) -> float:
        """Return the time for so many tests together."""
        return min(LONGEST_S, START_S + tests * self.seconds_per_test)


def count_passed(code: str, tests: Sequence[str], bounds: Bounds) -> int | None:
    """Return how many tests pass; None where no child could be started.

    Each test is run on the answer's code anew. It counts by a line with a word that the code is
    not told, so that printing, exiting or closing the process is no pass.

    Args:
        code: The answer's code; hostile.
        tests: Python code each; one that ends without an exception passes.
        bounds: What it may use.
    """
    nonce, deadline_s = secrets.token_hex(16), bounds.deadline_s(len(tests))
    job = {
        "nonce": nonce,
        "code": code,
        "tests": list(tests),
        "seconds_per_test": bounds.seconds_per_test,
        "memory_bytes": bounds.memory_mib << 20,
        "cpu_s": max(1, round(deadline_s)),
    }
    with (
        tempfile.TemporaryDirectory(prefix="playbook-code-", ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile() as told,
    ):
        told.write(json.dumps(job).encode())
        told.seek(0)
        try:
            said = _said(told.fileno(), folder, deadline_s)
        except OSError:
            return None
    lines = set(said.decode("ascii", "replace").split("\n"))
    return sum(f"{nonce} {number}" in lines for number in range(len(tests)))


def _said(told: int, folder: str, deadline_s: float) -> bytes:
    """Start the child, wait for its end or the deadline, kill what is left; return what it said."""
    read_end, write_end = os.pipe()
    try:
        child = subprocess.Popen(  # noqa: S603  our own program
            [*isolation(), sys.executable, "-I", "-S", "-B", str(CHILD), str(write_end)],
            stdin=told,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={},
            pass_fds=(write_end,),
            start_new_session=True,
        )
    except OSError:
        os.close(read_end)
        raise
    finally:
        os.close(write_end)
    try:
        return _read(read_end, time.monotonic() + deadline_s)
    finally:
        os.close(read_end)
        _kill(child)


def _read(read_end: int, until: float) -> bytes:
    """Return what comes until the end, the deadline, or too much."""
    said = b""
    while len(said) < MOST_RESULT_BYTES:
        ready, _, _ = select.select([read_end], [], [], max(0.0, until - time.monotonic()))
        piece = os.read(read_end, 65_536) if ready else b""
        if not piece:
            break
        said += piece
    return said


def _kill(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()


@cache
def isolation() -> tuple[str, ...]:
    """Return the command that gives the child a network of its own; empty where none may."""
    program = shutil.which("unshare") if sys.platform == "linux" else None
    if program is None:
        return ()
    command = (program, *ISOLATION)
    try:
        tried = subprocess.run(  # noqa: S603  a program of the system
            [*command, sys.executable, "-I", "-S", "-c", ""],
            capture_output=True,
            timeout=START_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if tried.returncode == 0 else ()
