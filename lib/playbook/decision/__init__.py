"""The decision: gates, value with fixed anchors, six rows, switching values, status."""

from playbook.decision.decide import decide
from playbook.decision.records import (
    AnchorUsed,
    CriterionValue,
    Decision,
    Flip,
    Gate,
    GatePrice,
    RankedOption,
    Row,
)

__all__ = [
    "AnchorUsed",
    "CriterionValue",
    "Decision",
    "Flip",
    "Gate",
    "GatePrice",
    "RankedOption",
    "Row",
    "decide",
]
