"""Published evaluation tools on the same questions, each from its own environment.

They are run as their users run them, by their own command or function, with everything off that
calls home. What they did is read from the server and from the system.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.capacity.environments import (
    NotInstalledError,
    Peer,
    cache_folder,
    python_of,
)
from tests.benchmarks.trials.calling import Job
from tests.benchmarks.trials.timed_server import TOKENS

HERE = Path(__file__).parent
INSPECT = Peer("Inspect", "inspect-ai", "0.3.285")
INSPECT_NEEDS = ("openai==3.57.0",)
"""Inspect asks for the SDK of a provider only when one is used."""
PROMPTFOO = Peer("promptfoo", "promptfoo", "0.121.20")
INSTALL_S = 600
_QUIET = {
    "PROMPTFOO_DISABLE_TELEMETRY": "1",
    "PROMPTFOO_DISABLE_UPDATE": "1",
    "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
    "PROMPTFOO_DISABLE_SHARING": "1",
}


@dataclass(frozen=True)
class Command:
    """How a tool is started."""

    words: Sequence[str]
    """Program and arguments."""
    variables: Mapping[str, str]
    """Environment beside the usual one."""


def promptfoo(job: Job, folder: Path) -> Command:
    """Return the command of an evaluation by promptfoo.

    Raises:
        NotInstalledError: when it can't be had.
    """
    program = _promptfoo_program()
    provider = {
        "id": f"openai:chat:{job.model}",
        "config": {
            "apiBaseUrl": job.base,
            "apiKey": "no-key",
            "max_tokens": TOKENS,
            "temperature": 0,
        },
    }
    config = {
        "providers": [provider],
        "prompts": ["question {{n}}"],
        "tests": [{"vars": {"n": str(number)}} for number in range(job.calls)],
    }
    file = folder / "promptfooconfig.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    options = ["--no-cache", "--no-table", "--no-write", "--no-progress-bar"]
    at_once = ["--max-concurrency", str(job.at_once)]
    words = [str(program), "eval", "-c", str(file), *options, *at_once]
    return Command(words, _QUIET | {"PROMPTFOO_CONFIG_DIR": str(folder / "settings")})


def inspect(job: Job, folder: Path) -> Command:
    """Return the command of an evaluation by Inspect.

    Raises:
        NotInstalledError: when it can't be had.
    """
    python = python_of(INSPECT, *INSPECT_NEEDS)
    numbers = (job.model, str(job.calls), str(job.at_once), str(TOKENS))
    words = [str(python), str(HERE / "inspect_side.py"), *numbers, str(folder / "logs")]
    return Command(words, {"LOCAL_BASE_URL": job.base, "LOCAL_API_KEY": "no-key"})


def _promptfoo_program() -> Path:
    folder = cache_folder() / f"{PROMPTFOO.package}-{PROMPTFOO.version}"
    program = folder / "node_modules" / ".bin" / "promptfoo"
    done = folder / "installed"
    if done.is_file():
        return program
    if shutil.which("npm") is None:
        raise NotInstalledError("npm is not on the path")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = f"{PROMPTFOO.package}@{PROMPTFOO.version}"
    words = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    try:
        subprocess.run(
            [*words, wanted], capture_output=True, text=True, check=True, timeout=INSTALL_S,
            env=os.environ | _QUIET,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise NotInstalledError(f"no answer in {INSTALL_S} s") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or ["no reason given"]
        raise NotInstalledError(said[-1].strip()[:200]) from error
    done.touch()
    return program
