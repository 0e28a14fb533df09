"""What the report shows of trials: figures and tables of a record, those with nothing left out."""

from __future__ import annotations

import plotly.graph_objects as go

from playbook import figures
from playbook.report import (
    evidence_tables,
    judge_tables,
    measured_tables,
    parity_tables,
    trial_tables,
)
from playbook.report.table import Table
from playbook.trials.evidence_records import Evidence


def trial_figures(evidence: Evidence) -> tuple[go.Figure, ...]:
    """Return the figures of trials; one that says that nothing was tried, if nothing was."""
    if not evidence.endpoints:
        return (figures.pass_rates(evidence),)
    found = [
        figures.pass_rates(evidence),
        figures.paired_differences(evidence),
        figures.latency(evidence),
        figures.outcomes(evidence),
    ]
    if any(one.usd_per_success is not None for one in evidence.endpoints):
        found.insert(3, figures.success_costs(evidence))
    if evidence.load_curves:
        found.append(figures.load_curves(evidence))
    return tuple(found)


def trial_section_tables(evidence: Evidence) -> tuple[Table, ...]:
    """Return the tables of trials, in the order in which they are read."""
    return (
        evidence_tables.results(evidence),
        *evidence_tables.pairs(evidence),
        evidence_tables.latencies(evidence),
        *more_tables(evidence),
        evidence_tables.answers(evidence),
        trial_tables.policy(),
    )


def more_tables(evidence: Evidence) -> tuple[Table, ...]:
    """Return the tables that only some runs have, such as those of parity, load and safety."""
    return (
        *parity_tables.parity(evidence),
        *measured_tables.measurements(evidence),
        *trial_tables.loads(evidence),
        *trial_tables.safety(evidence),
        *trial_tables.consistency(evidence),
        *judge_tables.judging(evidence),
        *trial_tables.rates(evidence),
    )
