"""All sides on one server, rounds in turn: calls a second, CPU, time to the first token, memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.benchmarks.capacity.environments import NotInstalledError
from tests.benchmarks.measuring import three
from tests.benchmarks.trials import peers
from tests.benchmarks.trials.calling import Job
from tests.benchmarks.trials.peers import Command
from tests.benchmarks.trials.timed_server import QUICK, ROOT, SLOW, serving, stats

ROUNDS = 3
LONGEST_S = 240
BARE = "aiohttp"
EXPLAINED = """
`quick`: one answer after 50 ms. `slow`: 32 tokens, the first after 50 ms, the others 5 ms apart.
Median [least, most] of rounds in turn. Calls a second by the server's clock: start-up, planning and
evidence are left out; slow sides make fewer calls. CPU seconds per 1,000 calls: without start-up,
then of the whole process. First token: as the client read it, in ms. The machine is shared, so
compare within the table: the ratio is to bare aiohttp in the same round.
""".strip().splitlines()
Record = dict[str, Any]
Start = Callable[[Job, Path], Command]
FIGURES = ("calls_per_s", "cpu_s_per_1000", "with_start", "first_token_ms", "rss_mb", "of_bare")


@dataclass(frozen=True)
class Side:
    """One client in one setting."""

    name: str
    """What `calling` knows it as, or its own."""
    title: str
    """Name as the page shows it."""
    job: Job
    """What it is asked to do."""
    start: Start | None = None
    """How a tool of its own environment is started; None for those that `calling` runs."""
    rounds: int = ROUNDS
    """Slow ones have fewer."""


def sides(*, shrink: int = 1) -> list[Side]:
    """Return all sides; those that are slow make fewer calls, as the page says.

    Args:
        shrink: Divides the number of calls, for a quick look.
    """
    ours = {"lean": "ours: lean client alone", "whole_lean": "ours: whole run, lean path"}
    litellm = {
        "litellm": "litellm",
        "litellm_stream": "litellm, streaming",
        "whole_litellm": "ours: whole run, litellm path (streams)",
    }
    bare = {BARE: "aiohttp, nothing else"}
    found = [
        *(_side(*one, QUICK, 2_000, 64) for one in (bare | ours).items()),
        *(_side(*one, QUICK, 200, 64) for one in litellm.items()),
        _side("promptfoo", peers.PROMPTFOO.words, QUICK, 200, 64, start=peers.promptfoo),
        _side("inspect", peers.INSPECT.words, QUICK, 128, 64, start=peers.inspect),
    ]
    for at_once, calls in ((8, 120), (64, 512)):
        found += [_side(*one, SLOW, calls, at_once) for one in (bare | ours).items()]
        found.append(_side("litellm", "litellm", SLOW, calls // 4, at_once))
    return [replace(one, job=replace(one.job, calls=one.job.calls // shrink)) for one in found]


def _side(
    name: str, title: str, model: str, calls: int, at_once: int, *, start: Start | None = None
) -> Side:
    job = Job(name, 0, model, calls, at_once)
    return Side(name, title, job, start, ROUNDS if calls >= 512 else 2)


def measure(asked: Sequence[Side] | None = None) -> list[Record]:
    """Run all sides in turn, round after round, and return a record of each."""
    asked = sides() if asked is None else asked
    rounds: dict[int, list[Record]] = {number: [] for number in range(len(asked))}
    troubles: dict[int, str] = {}
    with serving() as port:
        for turn in range(ROUNDS):
            for number, side in enumerate(asked):
                if turn >= side.rounds:
                    continue
                try:
                    rounds[number].append(once(replace(side, job=replace(side.job, port=port))))
                except NotInstalledError as reason:
                    troubles[number] = f"could not be installed: {reason}"
                except (subprocess.SubprocessError, AssertionError) as error:
                    troubles[number] = f"failed: {str(error)[:200]}"
    bare = {_place(side): rounds[number] for number, side in enumerate(asked) if side.name == BARE}
    return [
        record(side, rounds[number], bare.get(_place(side), []), troubles.get(number, ""))
        for number, side in enumerate(asked)
    ]


def _place(side: Side) -> tuple[str, int]:
    return side.job.model, side.job.at_once


def once(side: Side) -> Record:
    """Run one side once and return its figures.

    Raises:
        NotInstalledError: when its tool can't be had.
        subprocess.SubprocessError: when it fails.
        AssertionError: when the server did not answer what it was to be asked.
    """
    job = side.job
    stats(job.port)
    with tempfile.TemporaryDirectory() as name:
        if side.start is None:
            numbers = (job.port, job.model, job.calls, job.at_once)
            module = "tests.benchmarks.trials.calling"
            words = [sys.executable, "-m", module, side.name, *map(str, numbers)]
            command = Command(words, {})
        else:
            command = side.start(job, Path(name))
        said, cpu_s, rss_mb = _ended(command, Path(name))
    seen = json.loads(said.splitlines()[-1]) if side.start is None else _seen_outside(job)
    return {
        "calls_per_s": job.calls / seen["seconds"],
        "cpu_s_per_1000": seen["cpu_s"] / job.calls * 1000 if seen["cpu_s"] is not None else None,
        "with_start": cpu_s / job.calls * 1000,
        "first_token_ms": seen["first_token_ms"],
        "rss_mb": seen.get("rss_mb") or rss_mb,
    }


def _seen_outside(job: Job) -> Record:
    told = stats(job.port)
    assert told["calls"] == job.calls, f"{told['calls']:.0f} of {job.calls} calls"
    return {"seconds": told["seconds"], "cpu_s": None, "first_token_ms": None}


def _ended(command: Command, folder: Path) -> tuple[str, float, float]:
    """Run a command to its end; return its output, CPU seconds and most memory in MB."""
    out, err = folder / "out.txt", folder / "err.txt"
    words = ["timeout", "--signal=KILL", str(LONGEST_S), *command.words]
    with out.open("wb") as said, err.open("wb") as wrong:
        process = subprocess.Popen(
            words, cwd=ROOT if command.variables == {} else folder, stdin=subprocess.DEVNULL,
            stdout=said, stderr=wrong, env=os.environ | dict(command.variables),
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        lines = err.read_text(errors="replace").strip().splitlines() or [""]
        last = next((one for one in reversed(lines) if "Error" in one), lines[-1]).strip()
        raise subprocess.SubprocessError(f"exit code {process.returncode}: {last[:150]}")
    per_mb = 2**20 if sys.platform == "darwin" else 2**10
    return out.read_text(errors="replace"), used.ru_utime + used.ru_stime, used.ru_maxrss / per_mb


def record(side: Side, rounds: Sequence[Record], bare: Sequence[Record], trouble: str) -> Record:
    """Return medians and ranges of a side's rounds, and its calls a second over bare aiohttp's."""
    job = side.job
    found: Record = {
        "side": side.name,
        "title": side.title,
        "model": job.model,
        "calls": job.calls,
        "at_once": job.at_once,
        "rounds": len(rounds),
        "trouble": trouble,
    }
    for figure in FIGURES[:-1]:
        values = [one[figure] for one in rounds if one[figure] is not None]
        found |= {figure: three(values)} if values else {}
    pairs = list(zip(rounds, bare, strict=False))
    if pairs:
        ratios = [one["calls_per_s"] / other["calls_per_s"] for one, other in pairs]
        found["of_bare"] = three(ratios)
    return found


def page(records: Sequence[Mapping[str, Any]]) -> str:
    """Return the records as a section of the results page."""
    rows = [
        "## A trial's calls beside other clients, on one loopback server",
        "",
        *EXPLAINED,
        "",
        "| what | at once | calls | calls/s | of aiohttp's | CPU s | with start | first ms | MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in records:
        head = [f"{one['title']}, {one['model']}", str(one["at_once"]), str(one["calls"])]
        if one["trouble"] and "calls_per_s" not in one:
            rows.append(
                "| " + " | ".join([*head, one["trouble"].replace("|", "/")]) + " | | | | | |"
            )
            continue
        order = ("calls_per_s", "of_bare", *FIGURES[1:-1])
        rows.append("| " + " | ".join([*head, *(_words(one.get(name)) for name in order)]) + " |")
    return "\n".join(rows) + "\n"


def _words(figure: Mapping[str, float] | None) -> str:
    if figure is None:
        return "-"
    median, least, most = (
        f"{one:.0f}" if one >= 100 else f"{one:.3g}"
        for one in (figure["median"], figure["least"], figure["most"])
    )
    return f"{median} [{least}, {most}]"
