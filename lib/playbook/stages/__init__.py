"""The stages in order, their freshness, and the session that a notebook opens."""

from playbook.stages.catalogs import catalog_for, params_file
from playbook.stages.places import notebooks_dir, reports_dir
from playbook.stages.session import (
    Session,
    open_stage,
    today,
    untested,
)
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
