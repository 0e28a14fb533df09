"""A fresh clone with an empty home makes the demonstration's report by one command."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slow.running import ROOT, environment

pytestmark = pytest.mark.slow

LONGEST_S = 1_500
UNREACHABLE = re.compile(
    "error sending request|dns error|Could not connect|failed to lookup|Connection refused"
    "|No route to host|timed out|Network is unreachable",
    re.IGNORECASE,
)
OF_THIS_SESSION = ("VIRTUAL_ENV", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT", "UV_CACHE_DIR")


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """Return a clone of HEAD beside an empty home; both are large, so they are removed after."""
    subprocess.run(
        ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(tmp_path / "clone")],
        check=True,
    )
    (tmp_path / "home").mkdir()
    yield tmp_path / "clone"
    shutil.rmtree(tmp_path, ignore_errors=True)


def make(target: str, clone: Path) -> subprocess.CompletedProcess[str]:
    changed = environment(HOME=str(clone.parent / "home"), GIT_CONFIG_GLOBAL=os.devnull)
    kept = {name: one for name, one in changed.items() if name not in OF_THIS_SESSION}
    venv = os.environ.get("VIRTUAL_ENV", "")
    kept["PATH"] = os.pathsep.join(
        part for part in kept["PATH"].split(os.pathsep) if not venv or not part.startswith(venv)
    )
    return subprocess.run(
        ["make", target], cwd=clone, env=kept, capture_output=True, text=True, check=False,
        timeout=LONGEST_S,
    )  # fmt: skip


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no git checkout")
def test_make_demo_in_a_fresh_clone_prints_the_reports_path(clone: Path) -> None:
    installed = make("install", clone)
    if installed.returncode and UNREACHABLE.search(installed.stderr):
        pytest.skip(f"the package index can't be reached: {installed.stderr.strip()[-300:]}")
    assert installed.returncode == 0, installed.stdout + installed.stderr

    shown = make("demo", clone)

    assert shown.returncode == 0, shown.stdout + shown.stderr
    printed = re.search(r"^demo: (\S+/report\.html) \(in \d+ s\)$", shown.stdout, re.MULTILINE)
    assert printed, shown.stdout
    assert (clone / printed[1]).stat().st_size > 100_000
    status = subprocess.run(
        ["git", "status", "--short"], cwd=clone, capture_output=True, text=True, check=True
    )
    assert status.stdout == "", "the demo left files that git does not ignore"
