"""The stages in order, their freshness, and the session that a notebook opens.

A name is imported when it is first used: `playbook check` needs no stage, and loads none.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook.stages.catalogs import catalog_for, params_file
    from playbook.stages.days import today
    from playbook.stages.places import notebooks_dir, reports_dir
    from playbook.stages.session import Session, open_stage, untested
    from playbook.stages.table import STAGES, Inputs, Stage, stage

__all__ = [
    "STAGES",
    "Inputs",
    "Session",
    "Stage",
    "catalog_for",
    "notebooks_dir",
    "open_stage",
    "params_file",
    "reports_dir",
    "stage",
    "today",
    "untested",
]
_MODULES = {
    "catalogs": ("catalog_for", "params_file"),
    "days": ("today",),
    "places": ("notebooks_dir", "reports_dir"),
    "session": ("Session", "open_stage", "untested"),
    "table": ("STAGES", "Inputs", "Stage", "stage"),
}


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
