"""A throw-away Python environment for each peer, outside the project and its lock.

Each is made once per pinned version in the user's cache folder and can be deleted at any time. A
peer that cannot be installed (no network, no wheel for this machine) is said to be so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_S = 300


@dataclass(frozen=True)
class Peer:
    """A published tool that answers the same question."""

    name: str
    """What it calls itself."""
    package: str
    """Name on PyPI."""
    version: str
    """Pinned version."""

    @property
    def words(self) -> str:
        """Return name and version."""
        return f"{self.name} {self.version}"


class NotInstalledError(Exception):
    """A peer's environment could not be made."""


def python_of(peer: Peer, *needs: str) -> Path:
    """Return the interpreter of a peer's environment, made at the first call.

    Args:
        peer: The tool.
        needs: What it does not bring and has to have, with pinned versions.

    Raises:
        NotInstalledError: with the last line of what the installer said.
    """
    folder = cache_folder() / f"{peer.package}-{peer.version}"
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        _run(["uv", "venv", "--quiet", "--python", sys.executable, str(folder)])
        wanted = f"{peer.package}=={peer.version}"
        _run(["uv", "pip", "install", "--quiet", "--python", str(python), wanted, *needs])
        done.touch()
    return python


def cache_folder() -> Path:
    """Return where the environments lie: `PLAYBOOK_BENCHMARK_CACHE`, else the user's cache."""
    named = os.environ.get("PLAYBOOK_BENCHMARK_CACHE")
    if named:
        return Path(named)
    if sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "playbook-benchmarks"


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=TIMEOUT_S)
    except FileNotFoundError as error:
        raise NotInstalledError("uv is not on the path") from error
    except subprocess.TimeoutExpired as error:
        raise NotInstalledError(f"no answer in {TIMEOUT_S} s") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or ["no reason given"]
        raise NotInstalledError(said[-1].strip()) from error
