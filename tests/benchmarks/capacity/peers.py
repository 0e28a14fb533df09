"""Peers' answers to measured points, each from its own environment, in a box of CPU time."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.capacity.cases import Case
from tests.benchmarks.capacity.environments import NotInstalledError, Peer, python_of

HERE = Path(__file__).parent
SEED = 20261123
SPARE = 4
"""Wall time allowed for a second of CPU: the machine may be shared."""


@dataclass(frozen=True)
class Contestant:
    """A peer in one setting."""

    peer: Peer
    """Tool and version."""
    script: str
    """What runs in its environment."""
    setting: str = ""
    """How it is set, in words; empty for its defaults."""
    arguments: tuple[str, ...] = ()
    """The same for the script."""
    most: int = 400
    """Points at most: a seeded sample of those it supports."""
    seconds: int = 60
    """Box of CPU time."""

    @property
    def words(self) -> str:
        """Return tool, version and setting."""
        return f"{self.peer.words}{f', {self.setting}' if self.setting else ''}"


@dataclass(frozen=True)
class Answers:
    """What a peer said."""

    estimates: dict[int, float]
    """Output tokens a second by number of the point."""
    cpu_s: tuple[float, ...]
    """CPU seconds of each estimate."""
    unsupported: dict[str, int]
    """Points that it cannot answer, by reason."""
    skipped: int
    """Points that it supports and that are not in the sample."""
    trouble: str = ""
    """Why there is nothing, in words."""


AICONFIGURATOR = Peer("aiconfigurator", "aiconfigurator", "0.12.0")
GENZ = Peer("GenZ", "genz-llm", "0.0.16")
LLM_ANALYSIS = Peer("llm-analysis", "llm-analysis", "0.2.2")
CONTESTANTS = (
    Contestant(AICONFIGURATOR, "aiconfigurator_side.py", most=60, seconds=150),
    Contestant(GENZ, "genz_side.py", "efficiency 1 (default)", ("1.0",), most=100),
    Contestant(GENZ, "genz_side.py", "efficiency 0.7", ("0.7",), most=100),
    Contestant(LLM_ANALYSIS, "llm_analysis_side.py", "defaults"),
    Contestant(LLM_ANALYSIS, "llm_analysis_side.py", "0.5 FLOPs, 0.7 memory", ("0.5", "0.7")),
)


def ask(contestant: Contestant, cases: Sequence[Case]) -> Answers:
    """Return a peer's answers; with the trouble in words where it cannot be run."""
    try:
        python = python_of(contestant.peer)
    except NotInstalledError as reason:
        return Answers({}, (), {}, 0, trouble=f"could not be installed: {reason}")
    asked = {
        "cases": [one.without_answer() for one in cases],
        "most": contestant.most,
        "seconds": contestant.seconds,
        "seed": SEED,
    }
    command = [str(python), str(HERE / contestant.script), *contestant.arguments]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
            timeout=contestant.seconds * SPARE,
        )
    except subprocess.TimeoutExpired:
        return Answers({}, (), {}, 0, trouble="did not end in time")
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or [""]
        return Answers({}, (), {}, 0, trouble=f"failed: {said[-1][:100]}")
    return read([json.loads(line) for line in done.stdout.splitlines()])


def read(lines: Sequence[dict[str, object]]) -> Answers:
    """Return lines of answers as one record; reasons are counted, most frequent first."""
    estimates: dict[int, float] = {}
    cpu_s: list[float] = []
    reasons: dict[str, int] = {}
    for line in lines:
        if "estimate" in line:
            estimates[int(str(line["number"]))] = float(str(line["estimate"]))
            cpu_s.append(float(str(line["cpu_s"])))
        elif "unsupported" in line:
            reason = str(line["unsupported"])
            reasons[reason] = reasons.get(reason, 0) + 1
    ordered = dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0])))
    return Answers(estimates, tuple(cpu_s), ordered, sum("skipped" in one for one in lines))
