"""Figures of the decision: value with interval, what it is made of, gates, shares."""

from __future__ import annotations

import plotly.graph_objects as go

from playbook.decision.records import Decision
from playbook.figures.theme import (
    LANE_COLOURS,
    LANE_SYMBOLS,
    SERIES,
    VERDICT_COLOURS,
    label,
    new_figure,
    nothing,
    plain,
    wrapped,
)
from playbook.vocabulary import Lane, Verdict

SHOWN = 12
SETTLED = 0.5  # a share of draws above which a lead is a finding
RESULTS = ("fail", "unknown", "pass")
RESULT_SYMBOLS = {"fail": "✕", "unknown": "?", "pass": "✓"}


def option_values(decision: Decision) -> go.Figure:
    """Draw the value of the best options with p10 to p90."""
    rows = list(decision.ranked[:SHOWN])[::-1]
    if not rows:
        return nothing(decision.verdict, "; ".join(decision.status_because))
    best = rows[-1]
    figure = new_figure(
        f"{best.title} has the highest value on average; its median is {best.value.p50:.2f} "
        f"[{best.value.p10:.2f}, {best.value.p90:.2f}]",
        "Weighted value on anchors fixed by the profile: 0 is the worst acceptable, 1 fully "
        f"satisfying; p10 to p90 over the draws (computed, {decision.as_of}).",
        height=140 + 28 * len(rows),
    )
    for lane in Lane:
        mine = [one for one in rows if one.lane is lane]
        figure.add_scatter(
            x=[one.value.p50 for one in mine],
            y=[label(one.title) for one in mine],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [one.value.p90 - one.value.p50 for one in mine],
                "arrayminus": [one.value.p50 - one.value.p10 for one in mine],
                "thickness": 2,
            },
            mode="markers",
            name=lane.words,
            marker={"color": LANE_COLOURS[lane], "symbol": LANE_SYMBOLS[lane], "size": 11},
            hovertemplate="%{y}: %{x:.2f}<extra></extra>",
        )
    figure.update_yaxes(categoryorder="array", categoryarray=[label(one.title) for one in rows])
    figure.update_xaxes(title={"text": "value (0 worst acceptable, 1 fully satisfying)"})
    return figure


def criteria_stack(decision: Decision) -> go.Figure:
    """Draw how each criterion adds to the value of the best options (medians)."""
    rows = list(decision.ranked[:SHOWN])[::-1]
    if not rows:
        return nothing("No option is left to compare", decision.verdict)
    heaviest = max(rows[-1].criteria, key=lambda one: one.weight * one.value.p50)
    figure = new_figure(
        f"{heaviest.criterion.replace('_', ' ').capitalize()} adds most to {rows[-1].title}",
        f"Weight times median value of each criterion (computed, {decision.as_of}).",
        height=150 + 28 * len(rows),
    )
    for number, criterion in enumerate(one.criterion for one in rows[-1].criteria):
        parts = [next((c for c in one.criteria if c.criterion == criterion), None) for one in rows]
        figure.add_bar(
            x=[part.weight * part.value.p50 if part else 0.0 for part in parts],
            y=[label(one.title) for one in rows],
            orientation="h",
            name=plain(criterion.replace("_", " ")),
            marker={"color": SERIES[number % len(SERIES)]},
            hovertext=[wrapped(part.measure, 70) if part else "" for part in parts],
            hovertemplate="%{y}: %{x:.2f}<br>%{hovertext}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title={"text": "weighted value"})
    return figure


def best_shares(decision: Decision) -> go.Figure:
    """Draw in which share of the draws each option is the best."""
    rows = sorted(decision.ranked, key=lambda one: one.share_best)[-SHOWN:]
    rows = [one for one in rows if one.share_best > 0]
    if not rows:
        return nothing("No option is left to compare", decision.verdict)
    first = rows[-1]
    settled = first.share_best >= SETTLED
    figure = new_figure(
        f"{first.title} is best in {first.share_best:.0%} of the draws"
        if settled
        else f"No option is best in more than {first.share_best:.0%} of the draws: not settled yet",
        "Share of joint draws of costs, lead times and evidence in which each option has the "
        f"highest value (computed, {decision.as_of}).",
        height=120 + 28 * len(rows),
    )
    figure.add_bar(
        x=[one.share_best for one in rows],
        y=[label(one.title) for one in rows],
        orientation="h",
        marker={"color": [LANE_COLOURS[one.lane] for one in rows]},
        text=[f"{one.share_best:.0%}" for one in rows],
        hovertemplate="%{y}: %{x:.0%}<extra></extra>",
    )
    most = min(1.05, 1.2 * rows[-1].share_best)
    figure.update_xaxes(range=[0, most], tickformat=".0%", title={"text": "share of draws"})
    return figure


def gate_matrix(decision: Decision) -> go.Figure:
    """Draw which gate stopped how many options, and those of the best ones one by one."""
    shown = [one.option for one in decision.ranked[:SHOWN]]
    closed = [g.option for g in decision.gates if g.result == "fail" and g.option not in shown]
    rows = list(dict.fromkeys([*shown, *closed]))[: SHOWN + 12][::-1]
    if not rows:
        return nothing("There is no option to test", "")
    names = list(dict.fromkeys(gate.gate for gate in decision.gates))
    cells = {(gate.option, gate.gate): gate for gate in decision.gates}
    stopped = len({gate.option for gate in decision.gates if gate.result == "fail"})
    total = len({gate.option for gate in decision.gates})
    figure = new_figure(
        f"{stopped} of {total} options are stopped by a gate",
        f"✓ pass, ? unknown (never counted as a pass), ✕ fail. {decision.deciding_gate} "
        f"The best options and the first stopped ones are shown ({decision.as_of}).",
        height=140 + 21 * len(rows),
    )
    grid = [[cells.get((option, name)) for name in names] for option in rows]
    colours = (VERDICT_COLOURS[Verdict.OUT], VERDICT_COLOURS[Verdict.UNDETERMINED],
               VERDICT_COLOURS[Verdict.OK])  # fmt: skip
    figure.add_heatmap(
        z=[[RESULTS.index(one.result) if one else None for one in row] for row in grid],
        x=[label(name.replace("_", " ")) for name in names],
        y=[label(option) for option in rows],
        text=[[RESULT_SYMBOLS[one.result] if one else "" for one in row] for row in grid],
        texttemplate="%{text}",
        hovertext=[[wrapped(one.because, 80) if one else "" for one in row] for row in grid],
        hovertemplate="<b>%{y}, %{x}</b><br>%{hovertext}<extra></extra>",
        colorscale=[[0, colours[0]], [0.5, colours[1]], [1, colours[2]]],
        zmin=0,
        zmax=2,
        showscale=False,
        xgap=2,
        ygap=2,
    )
    figure.update_xaxes(side="top", showgrid=False)
    figure.update_yaxes(showgrid=False)
    figure.update_layout(margin={"t": 130})
    return figure
