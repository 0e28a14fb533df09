"""What the landscape shows, in reading order, in the report and in its notebook."""

from __future__ import annotations

import plotly.graph_objects as go

from playbook import figures
from playbook.landscape.records import Landscape
from playbook.report import (
    gap_tables,
    licence_tables,
    licence_verdicts,
    market_tables,
    race_tables,
    references,
)
from playbook.report.table import Table


def landscape_figures(landscape: Landscape) -> tuple[go.Figure, ...]:
    """Return the figures of a landscape."""
    return (
        figures.capability_over_time(landscape),
        figures.lags(landscape),
        figures.model_prices(landscape),
        figures.capability_prices(landscape),
        figures.hosted_changes(landscape),
        figures.calendar(landscape),
    )


def landscape_tables(landscape: Landscape) -> tuple[Table, ...]:
    """Return the tables of a landscape; long ones start closed, the sources come last."""
    return (
        race_tables.race(landscape),
        licence_verdicts.asked(landscape),
        race_tables.options_out(landscape),
        race_tables.excluded(landscape),
        market_tables.paces(landscape),
        licence_tables.licences(landscape),
        licence_tables.changeable(landscape),
        market_tables.parity_pairs(landscape),
        market_tables.ends(landscape),
        gap_tables.lags(landscape),
        market_tables.price_steps(landscape),
        market_tables.hosted_changes(landscape),
        references.sources(landscape),
    )
