"""Where notebooks are read from and reports are written to."""

from __future__ import annotations

import os
from pathlib import Path

from playbook.errors import ParamsError
from playbook.profile import params_dir

PROJECT = Path(__file__).resolve().parents[3]


def notebooks_dir() -> Path:
    """Return the folder of the notebooks: beside `params`, else the project's own.

    Raises:
        ParamsError: when neither is there.
    """
    for folder in (params_dir().parent / "notebooks", PROJECT / "notebooks"):
        if (folder / "00_start_here.ipynb").is_file():
            return folder
    fix = "run inside the project, or put params beside a copy of its notebooks"
    raise ParamsError("notebooks", [f"no notebooks beside {params_dir()}; {fix}"])


def reports_dir() -> Path:
    """Return the folder of all reports: PLAYBOOK_REPORTS, else `reports` beside `params`."""
    text = os.environ.get("PLAYBOOK_REPORTS", "")
    return Path(text) if text else params_dir().parent / "reports"
