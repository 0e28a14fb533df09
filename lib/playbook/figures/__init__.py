"""A record in, a plotly figure out."""

from playbook.figures.compliance import open_questions, verdict_matrix
from playbook.figures.costs import (
    break_even_curve,
    break_evens,
    cost_components,
    cost_swings,
    monthly_costs,
)
from playbook.figures.decision import best_shares, criteria_stack, gate_matrix, option_values
from playbook.figures.landscape import capability_over_time, model_prices
from playbook.figures.trials import latency, outcomes, pass_rates
from playbook.figures.workload import workload

__all__ = [
    "best_shares",
    "break_even_curve",
    "break_evens",
    "capability_over_time",
    "cost_components",
    "cost_swings",
    "criteria_stack",
    "gate_matrix",
    "latency",
    "model_prices",
    "monthly_costs",
    "open_questions",
    "option_values",
    "outcomes",
    "pass_rates",
    "verdict_matrix",
    "workload",
]
