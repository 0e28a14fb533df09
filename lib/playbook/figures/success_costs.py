"""What a successful answer costs at each endpoint, failures paid for."""

from __future__ import annotations

import plotly.graph_objects as go

from playbook.figures.theme import SERIES, label, new_figure, nothing, usd
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.records import EndpointEvidence

PER_THOUSAND = 1_000


def success_costs(evidence: Evidence) -> go.Figure:
    """Draw the cost of a thousand successful answers of each priced endpoint."""
    rows = [one for one in evidence.endpoints if one.usd_per_success is not None]
    if not rows:
        return nothing("No endpoint with a price answered a scored prompt rightly", "")
    cheapest = min(rows, key=lambda one: one.usd_per_success or 0.0)
    figure = new_figure(
        f"A thousand successful answers cost {usd(_value(cheapest))} at {_name(cheapest)}",
        "Cost of all attempts on scored prompts, failed ones included, over the prompts that "
        f"passed, with 95% interval where one exists; {evidence.as_of}, catalogue or stated price. "
        "Endpoints without a price are left out; own servers are priced in the costs.",
        height=150 + 46 * len(rows),
        x={"rangemode": "tozero", "tickprefix": "$",
           "title": {"text": "USD per 1,000 successful answers"}},
    )  # fmt: skip
    spans = [_span(one) for one in rows]
    figure.add_scatter(
        x=[_value(one) for one in rows],
        y=[label(_name(one)) for one in rows],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [PER_THOUSAND * (span.high - span.value) for span in spans],
            "arrayminus": [PER_THOUSAND * (span.value - span.low) for span in spans],
        },
        mode="markers",
        marker={"size": 12, "color": SERIES[0]},
        hovertemplate="%{y}: $%{x:.3g} per 1,000<extra></extra>",
        showlegend=False,
    )
    return figure


def _value(one: EndpointEvidence) -> float:
    return PER_THOUSAND * (one.usd_per_success or 0.0)


def _span(one: EndpointEvidence) -> Interval:
    alone = one.usd_per_success or 0.0
    none = Interval(value=alone, low=alone, high=alone, n=0, method="none")
    return one.usd_per_success_interval or none


def _name(one: EndpointEvidence) -> str:
    return f"{one.title or one.endpoint}{' (stand-in)' if one.stand_in else ''}"
