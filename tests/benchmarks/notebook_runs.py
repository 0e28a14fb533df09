"""CPU of one notebook in a batch, against the papermill command on the same notebook.

Notebooks 00 to 03 of the demonstration: the two after them wait for trials. Both sides start from
nothing: ours is one process that runs the four and notes, hashes and resumes; the peer is started
once for each notebook, as its command is.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playbook.profile import dump_sections, load_profile
from playbook.runs import start_run
from playbook.stages import STAGES
from tests.benchmarks.measuring import ROOT, cpu_s_of

NOTEBOOKS, ROUNDS = tuple(one.notebook for one in STAGES[:4]), 3
BATCH = """
import sys
from datetime import date
from pathlib import Path
from playbook.batch import team
team.STAGES = team.STAGES[:4]
done = team.run_team(
    Path("params/demo.yaml"), Path(sys.argv[1]), as_of=date(2026, 11, 23), emit=lambda event: None
)
sys.exit(0 if done.ok else done.error)
"""
PAPERMILL = "from papermill.__main__ import papermill; papermill()"


def measure() -> tuple[list[float], list[float]]:
    """Return CPU seconds per notebook, ours and papermill's, one pair a round."""
    ours, peer = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            ours.append(_ours(Path(name) / "ours") / len(NOTEBOOKS))
            peer.append(_papermill(Path(name) / "peer") / len(NOTEBOOKS))
    return ours, peer


def measure_check(rounds: int = 5) -> list[float]:
    """Return CPU seconds of `playbook check params/demo.yaml`."""
    command = [sys.executable, "-c", "from playbook.cli import main; main()", "check"]
    return [cpu_s_of([*command, "params/demo.yaml"]) for _ in range(rounds)]


def _ours(out: Path) -> float:
    command = [sys.executable, "-c", BATCH, str(out)]
    return cpu_s_of(command, PLAYBOOK_PARAMS_DIR=str(ROOT / "params"), PLAYBOOK_REPORTS=str(out))


def _papermill(out: Path) -> float:
    """Run each notebook with papermill's command on the same parameters and a run folder."""
    run = start_run(
        out, "demo", started=datetime(2026, 11, 23, tzinfo=UTC), as_of="2026-11-23", facts={}
    )
    sections = dump_sections(load_profile(ROOT / "params" / "demo.yaml"))
    given = out / "parameters.yaml"
    values = {**sections, "run_dir": str(run.folder), "interactive": False}
    given.write_text(json.dumps(values), encoding="utf-8")  # JSON is YAML
    total = 0.0
    for notebook in NOTEBOOKS:
        command = [sys.executable, "-c", PAPERMILL, "-f", str(given), "--no-progress-bar"]
        executed = [str(ROOT / "notebooks" / notebook), str(out / notebook)]
        total += cpu_s_of([*command, *executed], PLAYBOOK_PARAMS_DIR=str(ROOT / "params"))
    shutil.rmtree(out)
    return total
