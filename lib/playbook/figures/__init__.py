"""A record in, a plotly figure out."""

from playbook.figures.calendar import calendar
from playbook.figures.compliance import open_questions, verdict_matrix
from playbook.figures.costs import (
    break_even_curve,
    break_evens,
    cost_components,
    cost_swings,
    monthly_costs,
)
from playbook.figures.decision import best_shares, criteria_stack, gate_matrix, option_values
from playbook.figures.gap import lags
from playbook.figures.landscape import capability_over_time, model_prices
from playbook.figures.market import capability_prices, hosted_changes
from playbook.figures.trials import latency, outcomes, pass_rates
from playbook.figures.workload import workload

__all__ = [
    "best_shares",
    "break_even_curve",
    "break_evens",
    "calendar",
    "capability_over_time",
    "capability_prices",
    "cost_components",
    "cost_swings",
    "criteria_stack",
    "gate_matrix",
    "hosted_changes",
    "lags",
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
