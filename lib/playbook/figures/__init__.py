"""A record in, a plotly figure out."""

from playbook.figures.break_even import break_even_curve, break_evens
from playbook.figures.break_even_overview import break_even_overview
from playbook.figures.calendar import calendar
from playbook.figures.capacity import capacity, memory_cliff
from playbook.figures.compliance import open_questions, verdict_matrix
from playbook.figures.cost_drivers import tornado
from playbook.figures.cost_parts import cost_components
from playbook.figures.cost_views import COST_SLIDERS, cost_views
from playbook.figures.costs import monthly_costs
from playbook.figures.decision import best_shares, criteria_stack, gate_matrix, option_values
from playbook.figures.gap import lags
from playbook.figures.gate_prices import gate_prices
from playbook.figures.landscape import capability_over_time, model_prices
from playbook.figures.lanes import lane_costs, lane_curves
from playbook.figures.load_curves import load_curves
from playbook.figures.market import capability_prices, hosted_changes
from playbook.figures.price_trends import price_trend, price_trends
from playbook.figures.success_costs import success_costs
from playbook.figures.trial_pairs import paired_differences
from playbook.figures.trials import latency, outcomes, pass_rates
from playbook.figures.tuning import tuning_costs
from playbook.figures.workload import workload

__all__ = [
    "COST_SLIDERS",
    "best_shares",
    "break_even_curve",
    "break_even_overview",
    "break_evens",
    "calendar",
    "capability_over_time",
    "capability_prices",
    "capacity",
    "cost_components",
    "cost_views",
    "criteria_stack",
    "gate_matrix",
    "gate_prices",
    "hosted_changes",
    "lags",
    "lane_costs",
    "lane_curves",
    "latency",
    "load_curves",
    "memory_cliff",
    "model_prices",
    "monthly_costs",
    "open_questions",
    "option_values",
    "outcomes",
    "paired_differences",
    "pass_rates",
    "price_trend",
    "price_trends",
    "success_costs",
    "tornado",
    "tuning_costs",
    "verdict_matrix",
    "workload",
]
