"""Costs: API bills, own servers, and where one gets cheaper than the other."""

from playbook.costs.estimate import cost_curve, estimate_costs
from playbook.costs.records import (
    BreakEven,
    CostInput,
    Costs,
    Crossing,
    CurvePoint,
    Deployment,
    OptionCost,
)

__all__ = [
    "BreakEven",
    "CostInput",
    "Costs",
    "Crossing",
    "CurvePoint",
    "Deployment",
    "OptionCost",
    "cost_curve",
    "estimate_costs",
]
