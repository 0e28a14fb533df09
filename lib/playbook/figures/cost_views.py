"""The figures of costs by name, for a form that chooses what it draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import plotly.graph_objects as go

from playbook.costs.records import Costs
from playbook.figures.break_even import break_evens
from playbook.figures.break_even_overview import break_even_overview
from playbook.figures.capacity import capacity, memory_cliff
from playbook.figures.cost_drivers import tornado
from playbook.figures.cost_parts import cost_components
from playbook.figures.costs import monthly_costs
from playbook.figures.lanes import lane_costs, lane_curves
from playbook.figures.price_trends import price_trends, trend_views
from playbook.figures.tuning import tuning_costs


def cost_views(costs: Costs) -> Mapping[str, Callable[[Costs], go.Figure]]:
    """Return what can be drawn of costs, by name; each price trend that they hold is a view."""
    return {
        "three lanes": lane_costs,
        "three lanes over volume": lane_curves,
        "break-even, all pairs": break_even_overview,
        "break-even, first pair": break_evens,
        "options": monthly_costs,
        "parts of the bill": cost_components,
        "what it depends on": tornado,
        "speed of own servers": capacity,
        "memory of own servers": memory_cliff,
        "fine-tuning": tuning_costs,
        "price trends": price_trends,
        **trend_views(costs),
    }
