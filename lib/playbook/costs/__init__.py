"""Costs: API bills, own servers, and where one gets cheaper than the other."""

from playbook.costs.estimate import cost_curve, estimate_costs, option_costs
from playbook.costs.lane_records import (
    AgainstApi,
    LaneCost,
    LanePoint,
    Tornado,
    TornadoRow,
    TrendScenario,
)
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
    "AgainstApi",
    "BreakEven",
    "CostInput",
    "Costs",
    "Crossing",
    "CurvePoint",
    "Deployment",
    "LaneCost",
    "LanePoint",
    "OptionCost",
    "TokenFlow",
    "Tornado",
    "TornadoRow",
    "TrendScenario",
    "TuningCost",
    "TuningFit",
    "cost_curve",
    "estimate_costs",
    "option_costs",
    "token_flow",
]
