"""An imported set of 1,319 prompts runs on the embedded engine with its memory flat."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from playbook.trials.engine import engine_available
from tests.slow.running import PLAYBOOK, environment
from tests.trials.importing.test_samples import WORD_PROBLEMS, word_problems

WARM_AFTER_LINES = 150
MOST_GROWTH_MB = 40
ENDPOINTS = (
    "endpoints:\n  - {id: small, embedded: demo-small, operator: self, perimeter: on_prem}\n"
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(engine_available() is not None, reason="the engine can't run here"),
]


def resident_mb(process: int) -> float:
    """Return the memory of a process, MB; 0 for one that has just ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    lines = [one for one in status.splitlines() if one.startswith("VmRSS")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.is_file() else 0


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="no /proc to read memory from")
def test_1319_imported_prompts_run_to_the_end_with_memory_flat(tmp_path: Path) -> None:
    source, prompts, out = (tmp_path / name for name in ("sums.jsonl", "sets", "out"))
    source.write_text("".join(json.dumps(one) + "\n" for one in word_problems()))
    (tmp_path / "endpoints.yaml").write_text(ENDPOINTS)
    label = ("--data-class", "public", "--data-types", "public_only")
    imported = ["trials", "import", source, "--out", prompts / "sums.jsonl", *label]
    subprocess.run([*PLAYBOOK, *map(str, imported)], env=environment(), check=True)

    tried = ["trials", "run", prompts / "sums.jsonl", "--out", out, "--json"]
    tried += ["--endpoints", tmp_path / "endpoints.yaml"]
    ledger, sizes = out / "trials.jsonl", list[tuple[int, float]]()
    with (tmp_path / "printed.json").open("w") as printed:
        running = subprocess.Popen(
            [*PLAYBOOK, *map(str, tried)], env=environment(), stdout=printed, text=True
        )
        while running.poll() is None:
            sizes.append((lines_in(ledger), resident_mb(running.pid)))
            time.sleep(0.5)

    found = json.loads((tmp_path / "printed.json").read_text())
    assert sum(found["outcomes"].values()) == WORD_PROBLEMS
    assert running.returncode == (0 if found["all_answered"] else 1)
    lines = [json.loads(one) for one in ledger.read_text().splitlines()]
    assert sum(one["final"] for one in lines) == WORD_PROBLEMS
    warm = [size for count, size in sizes if count >= WARM_AFTER_LINES and size > 0]
    assert max(warm) - warm[0] <= MOST_GROWTH_MB
    evidence = out / "evidence.json"
    assert evidence.stat().st_size < 2_000_000
