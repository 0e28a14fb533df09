"""Workshop forms, made from the records' fields.

A name is imported when it is first used: where ipywidgets is missing, the plain page remains.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook.widgets.answers import answer
    from playbook.widgets.exploring import explore
    from playbook.widgets.trying import try_prompt
    from playbook.widgets.workshop import in_workshop

__all__ = ["answer", "explore", "in_workshop", "try_prompt"]
_MODULES = {
    "answer": "answers",
    "explore": "exploring",
    "in_workshop": "workshop",
    "try_prompt": "trying",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
