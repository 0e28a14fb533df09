"""What the costs show, in reading order, in the report."""

from __future__ import annotations

import plotly.graph_objects as go

from playbook import figures
from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.report import cost_tables, lane_tables, tuning_tables
from playbook.report.table import Table

CURVES, PRICES = 3, 40


def cost_figures(costs: Costs, decision: Decision) -> tuple[go.Figure, ...]:
    """Return the figures of costs: lanes, break-evens, what it depends on, what is to come."""
    first = [figures.lane_costs(costs)] if costs.lanes else []
    curves = [figures.lane_curves(costs)] if costs.lanes else []
    crossings = [figures.break_even_curve(one, costs) for one in costs.break_evens[:CURVES]]
    drivers = [figures.tornado(costs, number) for number in range(len(costs.tornados[:2]))]
    trends = [figures.price_trends(costs)] if costs.trends else []
    gates = [figures.gate_prices(decision)] if decision.gate_prices else []
    tuning = [figures.tuning_costs(costs)] if costs.tuning else []
    return (
        *first,
        figures.break_even_overview(costs),
        *curves,
        *crossings,
        *drivers,
        *trends,
        *gates,
        figures.capacity(costs),
        figures.memory_cliff(costs),
        *tuning,
        figures.monthly_costs(costs),
        figures.cost_components(costs),
    )


def cost_section_tables(costs: Costs, decision: Decision) -> tuple[Table, ...]:
    """Return the tables of costs; long ones start closed, what it rests on comes last."""
    options = [one.option for one in decision.ranked] + [one.option for one in costs.options]
    shown = list(dict.fromkeys(options))[:PRICES]
    found = (
        lane_tables.lanes(costs),
        lane_tables.break_evens(costs),
        lane_tables.gate_prices(decision),
        cost_tables.deployments(costs),
        tuning_tables.tuning(costs),
        lane_tables.trends(costs),
        lane_tables.drivers(costs),
        cost_tables.prices(costs, shown),
        cost_tables.cost_inputs(costs),
    )
    return tuple(one for one in found if one.rows)
