"""The child process that runs an answer's code; started by path, with nothing but Python in it.

Reads a job from its standard input and writes one line for each test that passed to the file
descriptor that it is given.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from types import FrameType

REFUSED = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system",
    "os.startfile", "pty.spawn", "ctypes.", "os.kill", "os.putenv", "webbrowser.",
)  # fmt: skip
CHANGES = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown", "os.link",
    "os.symlink", "os.truncate", "os.utime", "os.setxattr", "shutil.",
)  # fmt: skip
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MOST_FILE_BYTES = 10_000_000
MOST_OPEN_FILES = 64


def main() -> None:
    """Run the job's tests, each on the answer's code anew."""
    job = json.loads(sys.stdin.buffer.read())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    out, nonce, seconds = int(sys.argv[1]), str(job["nonce"]), float(job["seconds_per_test"])
    tests = [str(one) for one in job["tests"]]
    _limit(memory_bytes=int(job["memory_bytes"]), cpu_s=int(job["cpu_s"]))
    _guard(os.path.realpath("."))
    signal.signal(signal.SIGALRM, _too_slow)
    for number, test in enumerate(tests):
        if _passes(str(job["code"]), test, seconds):
            os.write(out, f"{nonce} {number}\n".encode())


def _passes(code: str, test: str, seconds: float) -> bool:
    names: dict[str, object] = {"__name__": "answer"}
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        exec(compile(code, "<answer>", "exec"), names)  # noqa: S102  what this process is for
        exec(compile(test, "<test>", "exec"), names)  # noqa: S102  likewise
    except BaseException:  # noqa: BLE001  whatever it raises, the test did not pass
        return False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return True


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def _limit(*, memory_bytes: int, cpu_s: int) -> None:
    """Bound what the process may use; a limit that the system does not know is left out."""
    limits = {
        "RLIMIT_CPU": cpu_s,
        "RLIMIT_AS": memory_bytes,
        "RLIMIT_FSIZE": MOST_FILE_BYTES,
        "RLIMIT_NOFILE": MOST_OPEN_FILES,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": 0,
    }
    for name, most in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):
            continue


def _guard(folder: str) -> None:
    """Refuse sockets, programs and changes of files outside a folder, as Python reports them."""

    def hook(event: str, details: tuple[object, ...]) -> None:
        paths = _changed(event, details)
        if event.startswith(REFUSED) or not all(_inside(one, folder) for one in paths):
            raise PermissionError(event)

    sys.addaudithook(hook)


def _changed(event: str, details: tuple[object, ...]) -> tuple[object, ...]:
    """Return the paths that an event would change."""
    if event == "open":
        flags = details[2]
        return details[:1] if isinstance(flags, int) and flags & WRITES else ()
    if event in ("os.rename", "os.link", "os.symlink"):
        return details[:2]
    return details[:1] if event.startswith(CHANGES) else ()


def _inside(path: object, folder: str) -> bool:
    if isinstance(path, int) or path is None:
        return True
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    real = os.path.realpath(os.fsdecode(path))
    return real in (folder, os.devnull) or real.startswith(folder + os.sep)


if __name__ == "__main__":
    main()
