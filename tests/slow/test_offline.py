"""The demonstration runs where no network exists but loopback: kernels and engine included."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.slow.running import PLAYBOOK, ROOT, environment, record_in, run_folder

pytestmark = pytest.mark.slow

LONGEST_S = 400
CUT_OFF = """
import fcntl, os, socket, struct, sys
up = struct.pack("16sH14x", b"lo", 0x41)  # IFF_UP | IFF_RUNNING
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, up)  # SIOCSIFFLAGS
assert [name for _, name in socket.if_nameindex()] == ["lo"], "there is more than loopback"
try:
    socket.create_connection(("192.0.2.1", 443), timeout=2)  # RFC 5737: for documentation only
except OSError:
    os.execv(sys.argv[1], sys.argv[1:])
sys.exit("the network can be reached")
"""


@functools.cache
def why_not() -> str:
    """Return why a network namespace can't be made here, empty if it can."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return "needs Linux and `unshare`, which makes a network namespace"
    made = subprocess.run(["unshare", "-rn", "true"], capture_output=True, text=True, check=False)
    return "" if made.returncode == 0 else f"unshare -rn is not allowed: {made.stderr.strip()}"


@pytest.fixture
def cut_off() -> list[str]:
    """Return the start of a command line that runs the rest with loopback only."""
    if reason := why_not():
        pytest.skip(reason)
    return ["unshare", "-rn", sys.executable, "-c", CUT_OFF]


def test_the_demo_needs_no_network(cut_off: list[str], tmp_path: Path) -> None:
    command = [*cut_off, *PLAYBOOK, "run", "params/demo.yaml", "--out", str(tmp_path / "out")]
    (tmp_path / "home").mkdir()

    ended = subprocess.run(
        command, cwd=ROOT, env=environment(HOME=str(tmp_path / "home")),
        capture_output=True, text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stdout + ended.stderr
    folder = run_folder(tmp_path / "out", "demo")
    assert (folder / "report.html").is_file()
    evidence = record_in(folder, "evidence.json")
    assert evidence["status"] == "complete"
    assert evidence["attempts"]
    assert all(not one["recorded"] for one in evidence["endpoints"])  # type: ignore[attr-defined]
