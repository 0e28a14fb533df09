"""Start the `playbook` command as a user does, in processes of its own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLAYBOOK = (sys.executable, "-c", "from playbook.cli import main; main()")


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without the playbook's own variables."""
    kept = {name: one for name, one in os.environ.items() if not name.startswith("PLAYBOOK_")}
    return kept | {"PLAYBOOK_AS_OF": "2026-11-23"} | changes


def run_folder(out: Path, team: str) -> Path:
    """Return the only run folder of a team."""
    (folder,) = (path for path in (out / team).iterdir() if not path.is_symlink())
    return folder


def record_in(folder: Path, name: str) -> dict[str, object]:
    """Return a record of a run folder as plain values."""
    values: dict[str, object] = json.loads((folder / name).read_text(encoding="utf-8"))
    return values
