"""When is a stage up to date? When the hash of everything it read is unchanged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from playbook.errors import ArtefactError
from playbook.profile import Profile, params_dir
from playbook.runs import Run, canonical_json, file_hash
from playbook.stages.places import notebooks_dir
from playbook.stages.table import Stage, stage
from playbook.trials.judging.labels import ENDING
from playbook.trials.prompts import hash_of_set
from playbook.trials.scorers.code import may_run_code


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Return a hash of the package's source code."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sources_hash(notebook: Path) -> str:
    """Return a hash of a notebook's cells without their outputs, or `missing`."""
    if not notebook.is_file():
        return "missing"
    cells = json.loads(notebook.read_text(encoding="utf-8")).get("cells", [])
    sources = [[cell.get("cell_type"), "".join(cell.get("source", ""))] for cell in cells]
    return hashlib.sha256(canonical_json(sources).encode()).hexdigest()


def inputs_hash(one: Stage, profile: Profile, *, catalog_hash: str, as_of: str, run: Run) -> str:
    """Return the hash of what a stage reads.

    It covers profile sections, the seed where random numbers are drawn, facts, code, prompts,
    notebook, earlier records and, but for trials (whose answers do not change with the day), the
    day.
    """
    sections = {name: getattr(profile, name).model_dump(mode="json") for name in one.reads}
    parts: Mapping[str, object] = {
        "stage": one.name,
        "sections": sections,
        "seed": profile.trials.seed if one.draws else None,
        "catalog": catalog_hash,
        "code": code_hash(),
        "as_of": "" if one.name == "trials" else as_of,
        "notebook": sources_hash(notebooks_dir() / one.notebook),
        "prompts": _scored_by(profile) if one.name in ("trials", "decision") else [],
        "earlier": [_clearance_hash(run)]
        if one.name == "trials"
        else [file_hash(run.path(stage(name).writes)) for name in one.needs],
    }
    return hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def _scored_by(profile: Profile) -> list[object]:
    """Return what scores rest on: prompts, people's labels, and leave to run code."""
    folder, names = params_dir() / "prompts", profile.trials.prompt_sets
    sets = [hash_of_set(folder / f"{name}.jsonl") for name in names]
    labels = [file_hash(folder / f"{name}{ENDING}") for name in names]
    return [*sets, *labels, may_run_code()]


def _clearance_hash(run: Run) -> str:
    """Return the hash of what trials read of compliance: the clearance, which has no day in it."""
    path = run.path(stage("compliance").writes)
    try:
        clearance = json.loads(path.read_text(encoding="utf-8"))["clearance"]
    except (OSError, ValueError, KeyError):
        return "missing"
    return hashlib.sha256(canonical_json(clearance).encode()).hexdigest()


def is_up_to_date(one: Stage, run: Run, expected_hash: str) -> bool:
    """Return whether a stage's record in a run was made from exactly these inputs and is whole."""
    try:
        entry = run.manifest().stages.get(one.name)
    except ArtefactError:
        return False
    return (
        entry is not None
        and entry.state == "done"
        and entry.inputs_hash == expected_hash
        and entry.record_hash == file_hash(run.path(one.writes))
    )
