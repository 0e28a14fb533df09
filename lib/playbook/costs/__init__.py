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
from playbook.costs.tokens import TokenFlow, token_flow
from playbook.costs.tuning_records import TuningCost, TuningFit

__all__ = [
    "BreakEven",
    "CostInput",
    "Costs",
    "Crossing",
    "CurvePoint",
    "Deployment",
    "OptionCost",
    "TokenFlow",
    "TuningCost",
    "TuningFit",
    "cost_curve",
    "estimate_costs",
    "token_flow",
]
