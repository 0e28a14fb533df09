"""What the bounds hold against; the seconds here are limits, not measurements."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from playbook.trials.code_runs.running import Bounds, count_passed, isolation

BOUNDS = Bounds(seconds_per_test=5.0, memory_mib=256)
FINE = "assert True"
WRITES_EVERYWHERE = """
import os
for fd in range(3, 20):
    try:
        os.write(fd, b"0\\npass 0\\n")
    except OSError:
        pass
raise ValueError
"""
STUBBORN = """
turns = 0
while True:
    try:
        while True:
            turns += 1
    except BaseException:
        continue
"""


def passed(code: str, *tests: str, bounds: Bounds = BOUNDS) -> int | None:
    return count_passed(code, tests or (FINE,), bounds)


def test_the_number_of_tests_that_pass_is_told() -> None:
    code = "def double(n):\n    return 2 * n"

    assert passed(code, "assert double(2) == 4", "assert double(2) == 5", "assert double('a')") == 2


def test_each_test_sees_the_code_as_if_it_came_first() -> None:
    adds = "seen.append(1)\nassert len(seen) == 1"

    assert passed("seen = []", adds, adds) == 2


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos._exit(0)",
        "raise SystemExit(0)",
        "import sys\nsys.exit(0)",
        "def f(:",
        "x = bytearray(10 ** 9)",
        "\ud800",
        "1 / 0",
        WRITES_EVERYWHERE,
        "print('0' * 10 ** 6, flush=True)\nraise ValueError",
    ],
)
def test_code_that_exits_hangs_breaks_or_claims_to_pass_does_not_pass(code: str) -> None:
    assert passed(code) == 0


def test_code_that_hangs_does_not_pass() -> None:
    assert passed("while True: pass", bounds=Bounds(0.3, 256)) == 0


def test_a_test_that_hangs_costs_the_others_nothing() -> None:
    assert passed("", "while True: pass", FINE, bounds=Bounds(1.0, 256)) == 1


def test_code_that_never_lets_go_is_killed_at_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("playbook.trials.code_runs.running.START_S", 0.5)
    isolation()
    began = time.monotonic()

    assert passed(STUBBORN, bounds=Bounds(0.1, 256)) == 0
    assert time.monotonic() - began < 30


def test_the_code_is_told_nothing_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    code = "import os, sys\nseen = {**os.environ}"

    assert passed(code, "assert 'SOME_API_KEY' not in seen and len(sys.argv) == 2") == 1


def test_the_code_reaches_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        code = f"import socket\nsocket.create_connection({address!r}, timeout=1)"

        assert passed(code) == 0


def test_the_code_changes_no_file_but_its_own(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("as it was", encoding="utf-8")
    removes = f"import os\nos.remove({str(kept)!r})"
    writes = f"open({str(kept)!r}, 'w').write('changed')"

    assert passed(removes) == 0
    assert passed(writes) == 0
    assert kept.read_text(encoding="utf-8") == "as it was"
    assert passed("open('own', 'w').write('x')", "assert open('own').read() == 'x'") == 1


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess\nsubprocess.run(['true'])",
        "import os\nos.system('true')",
        "import os\nos.fork()",
        "import ctypes\nctypes.CDLL(None)",
    ],
)
def test_the_code_starts_no_other_program(code: str) -> None:
    assert passed(code) == 0


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_nothing_of_a_run_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = open_files()

    passed("open('own', 'w').write('x')")

    assert list(tmp_path.iterdir()) == []
    assert open_files() == before


def test_without_a_network_of_its_own_the_code_still_opens_no_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("playbook.trials.code_runs.running.isolation", tuple)

    assert passed("import socket\nsocket.socket()") == 0
    assert passed("") == 1
    assert isinstance(isolation(), tuple)


def test_a_child_that_can_t_be_started_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    monkeypatch.setattr("playbook.trials.code_runs.running.isolation", tuple)

    assert passed("") is None
