"""A pinned headline is a real test: one number changed on either side makes nbval fail there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
MARK = "# NBVAL_CHECK_OUTPUT"
LONGEST_S = 400
OTHER_NUMBER = {
    "00_start_here": (
        "start = start.changed(workload={'tokens_per_day': {'low': 1, 'likely': 2, 'high': 3}})"
    ),
    "01_landscape": "landscape = landscape.changed(models=landscape.models[1:])",
    "02_compliance": "compliance = compliance.changed(verdicts=compliance.verdicts[1:])",
    "03_costs": (
        "first = costs.options[0]\n"
        "month = {name: 2 * value for name, value in first.usd_per_month.model_dump().items()}\n"
        "first = first.changed(usd_per_month=month)\n"
        "costs = costs.changed(options=(first, *costs.options[1:]))"
    ),
    "04_trials": (
        "first = evidence.endpoints[0]\n"
        "first = first.changed(refused_by_gate=first.refused_by_gate + 1)\n"
        "evidence = evidence.changed(endpoints=(first, *evidence.endpoints[1:]))"
    ),
    "05_decision": "decision = decision.changed(share_best=decision.share_best / 2)",
}
"""A cell that changes one number of each stage's record after it was computed."""

CHEAP = ("00_start_here", "01_landscape")
EACH = [
    pytest.param(name, marks=() if name in CHEAP else pytest.mark.slow) for name in OTHER_NUMBER
]


def a_copy(name: str) -> tuple[nbformat.NotebookNode, int]:
    """Return a notebook up to its headline cell, and that cell's number among the code cells."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    at = next(n for n, cell in enumerate(notebook.cells) if cell.source.startswith(MARK))
    del notebook.cells[at + 1 :]
    return notebook, sum(cell.cell_type == "code" for cell in notebook.cells) - 1


def failed_cells(folder: Path, *names: str) -> dict[str, list[int]]:
    """Return the numbers of the cells that nbval fails, by notebook of a folder."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider"]
    environment = os.environ | {
        "PLAYBOOK_PARAMS_DIR": str(ROOT / "params"),
        "PLAYBOOK_REPORTS": str(folder / "reports"),
    }
    ended = subprocess.run(
        [*command, f"--junitxml={report}", "--rootdir", str(folder), *names],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip
    assert ended.returncode in (0, 1), ended.stdout + ended.stderr
    found: dict[str, list[int]] = {name: [] for name in names}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314  pytest has just written it
        where = f"{case.get('classname')}::{case.get('name')}"
        name = next(one for one in names if one.removesuffix(".ipynb") in where)
        if case.find("failure") is not None or case.find("error") is not None:
            found[name].append(int(where.rsplit(" ", 1)[1]))
    return found


def test_every_notebook_has_a_number_to_change() -> None:
    assert sorted(OTHER_NUMBER) == sorted(path.stem for path in ROOT.glob("notebooks/*.ipynb"))


@pytest.mark.parametrize("name", EACH)
def test_one_changed_number_fails_the_headline_cell_and_no_other(name: str, tmp_path: Path) -> None:
    stored, headline = a_copy(name)
    text = stored.cells[-1].outputs[0].text
    stored.cells[-1].outputs[0].text = re.sub(
        r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text, count=1
    )
    computed, _ = a_copy(name)
    computed.cells.insert(-1, nbformat.v4.new_code_cell(OTHER_NUMBER[name]))
    copies = {"stored.ipynb": stored, "computed.ipynb": computed}
    for file, notebook in copies.items():
        nbformat.write(notebook, tmp_path / file)

    failed = failed_cells(tmp_path, *copies)

    assert failed == {"stored.ipynb": [headline], "computed.ipynb": [headline + 1]}
