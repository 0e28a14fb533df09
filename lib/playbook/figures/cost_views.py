"""The figures of costs by name, for a form that chooses what it draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import plotly.graph_objects as go

from playbook.costs.estimate import Part
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

COST_SLIDERS = (
    "workload.tokens_per_day",
    "workload.share_output",
    "workload.share_cached_input",
    "workload.peak_to_mean",
    "infrastructure.fte_needed_self_hosted",
    "infrastructure.spare_replicas",
    "infrastructure.gpus",
)
"""Fields of the profile that a form of costs moves, in the order of the keyboard."""


@dataclass(frozen=True)
class View:
    """One way to draw costs, and the slow parts of them that it needs."""

    draw: Callable[[Costs], go.Figure]
    """Draws the record."""
    parts: tuple[Part, ...] = ()
    """What a form must compute for it beside what is quick."""

    def __call__(self, costs: Costs) -> go.Figure:
        """Return the figure."""
        return self.draw(costs)


def cost_views(costs: Costs) -> Mapping[str, View]:
    """Return what can be drawn of costs, by name; each price trend that they hold is a view."""
    return {
        "three lanes": View(lane_costs),
        "three lanes over volume": View(lane_curves),
        "break-even, all pairs": View(break_even_overview, ("break_evens",)),
        "break-even, first pair": View(break_evens),
        "options": View(monthly_costs),
        "parts of the bill": View(cost_components),
        "what it depends on": View(tornado, ("tornados",)),
        "speed of own servers": View(capacity),
        "memory of own servers": View(memory_cliff),
        "fine-tuning": View(tuning_costs, ("tuning",)),
        "price trends": View(price_trends, ("trends",)),
        **{name: View(draw, ("trends",)) for name, draw in trend_views(costs).items()},
    }
