"""CPU seconds of a process and of all that it starts, and the machine that they hold for."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]


def cpu_s_of(command: Sequence[str], *, cwd: Path = ROOT, **variables: str) -> float:
    """Return user and system CPU seconds of a command and the children it waited for.

    Raises:
        subprocess.CalledProcessError: when it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=cwd, env=os.environ | variables, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def summary(ours: Sequence[float], peer: Sequence[float]) -> dict[str, object]:
    """Return medians, ranges and the median of the round-by-round ratios."""
    ratios = [one / other for one, other in zip(ours, peer, strict=True)]
    return {
        "ours": three(ours),
        "peer": three(peer),
        "ratio": three(ratios),
        "difference": three([one - other for one, other in zip(ours, peer, strict=True)]),
    }


def alone(values: Sequence[float]) -> dict[str, object]:
    """Return the median and range of what has no peer."""
    return {"ours": three(values)}


def machine() -> dict[str, object]:
    """Return what the figures depend on: cores, load, Python and package versions."""
    packages = (
        "playbook", "litellm", "papermill", "nbclient", "openai", "httpx", "genai-prices", "numpy",
        "pandas",
    )  # fmt: skip
    return {
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_average_at_start": [round(one, 2) for one in os.getloadavg()],
        "note": "shared machine: figures are CPU time, noisy by about a tenth",
        "versions": {name: version(name) for name in packages},
    }


def as_json(values: Mapping[str, object]) -> str:
    """Return values as indented JSON."""
    return json.dumps(values, indent=1) + "\n"


def three(values: Sequence[float]) -> dict[str, float]:
    """Return median, least and most."""
    return {
        "median": _rounded(statistics.median(values)),
        "least": _rounded(min(values)),
        "most": _rounded(max(values)),
    }


def _rounded(value: float) -> float:
    """Return a value with four significant digits: some figures are microseconds."""
    return float(f"{value:.4g}")
