"""A small project in a folder: real stages, notebooks cut down to what the runner needs."""

import json
import shutil
from pathlib import Path

from playbook.profile import SECTIONS
from playbook.stages import STAGES

ROOT = Path(__file__).parents[2]


def a_project(folder: Path, *teams: str) -> Path:
    """Make params, prompts and short notebooks; teams have no trial endpoints."""
    (folder / "params" / "teams").mkdir(parents=True)
    shutil.copytree(ROOT / "params" / "prompts", folder / "params" / "prompts")
    (folder / "params" / "org.yaml").write_text("defaults: {}\n", encoding="utf-8")
    for team in teams:
        path = folder / "params" / "teams" / f"{team}.yaml"
        path.write_text(f"team: {{name: {team}, title: Team {team}}}\n", encoding="utf-8")
    (folder / "notebooks").mkdir()
    for one in STAGES:
        write_notebook(folder, one.notebook, code_of(one.notebook))
    return folder


def code_of(notebook: str) -> list[tuple[str, list[str]]]:
    """Return source and tags of cells that load, compute and save, as the notebooks do."""
    one = next(one for one in STAGES if one.notebook == notebook)
    parameters = "".join(f"{name} = {{}}\n" for name in SECTIONS) + 'run_dir = ""\n'
    cells = [
        (parameters, ["parameters"]),
        ("from playbook.stages import open_stage", []),
        (f"session = open_stage({one.name!r}, run_dir, [{', '.join(SECTIONS)}])", []),
        ("session.save(session.compute())", []),
    ]
    if one.name == "decision":
        report = "from playbook.report import write_report\nwrite_report(session.run)"
        cells.append((report, []))
    return cells


def write_notebook(folder: Path, name: str, cells: list[tuple[str, list[str]]]) -> None:
    """Write a notebook of code cells."""
    plain = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {"tags": tags},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
            for number, (source, tags) in enumerate(cells)
        ],
        "metadata": {
            "kernelspec": {"display_name": "p", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / "notebooks" / name).write_text(json.dumps(plain), encoding="utf-8")
