"""A record in, text out: decision records, tables, checklists and OSCAL.

A name is imported when it is first used: the checklist needs no decision, and loads none.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook.exports.answer_merging import merge_answers
    from playbook.exports.answer_reading import read_answers
    from playbook.exports.answer_sheet import answer_sheet_csv
    from playbook.exports.madr import madr_text
    from playbook.exports.oscal_catalog import oscal_catalog_text
    from playbook.exports.oscal_results import oscal_results_text
    from playbook.exports.tables import open_questions_csv, ranked_csv

__all__ = [
    "answer_sheet_csv",
    "madr_text",
    "merge_answers",
    "open_questions_csv",
    "oscal_catalog_text",
    "oscal_results_text",
    "ranked_csv",
    "read_answers",
]
_MODULES = {
    "answer_merging": ("merge_answers",),
    "answer_reading": ("read_answers",),
    "answer_sheet": ("answer_sheet_csv",),
    "madr": ("madr_text",),
    "oscal_catalog": ("oscal_catalog_text",),
    "oscal_results": ("oscal_results_text",),
    "tables": ("open_questions_csv", "ranked_csv"),
}


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
