"""Workshop forms, made from the records' fields."""

from playbook.widgets.answers import answer
from playbook.widgets.explore import explore, in_workshop

__all__ = ["answer", "explore", "in_workshop"]
