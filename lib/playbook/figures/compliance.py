"""Figures of compliance: which option may be used, and which question would settle most."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from playbook.compliance.records import Compliance, OpenQuestion, OptionVerdict
from playbook.figures.theme import (
    VERDICT_COLOURS,
    VERDICT_SYMBOLS,
    label,
    new_figure,
    nothing,
    plain,
    usd,
    wrapped,
)
from playbook.vocabulary import Verdict

VERDICTS = tuple(Verdict)
_ROW_HEIGHT = 24  # pixels: below about 18 plotly leaves out every second model's name
_ABOVE_CELLS, _BELOW_CELLS = 170, 16  # pixels: title, caption and slanted names; nothing


def verdict_matrix(compliance: Compliance, models: Sequence[str] | None = None) -> go.Figure:
    """Draw the verdict on each option: models down, providers and places across.

    Args:
        compliance: The record.
        models: Catalog models to draw; all if left out or empty.
    """
    verdicts = [one for one in compliance.verdicts if not models or _model(one) in models]
    if not verdicts:
        return nothing("There is no option to judge", "")
    counts = {word: sum(one.verdict is word for one in verdicts) for word in VERDICTS}
    rows = sorted({_model(one) for one in verdicts}, reverse=True)
    figure = new_figure(
        ", ".join(f"{count} {word.value}" for word, count in counts.items())
        + f" of {len(verdicts)} options",
        f"✕ OUT, ? UNDETERMINED, ◐ CONDITIONAL, ✓ OK; empty: not offered. Controls as of "
        f"{compliance.as_of}.",
    )
    _add_cells(figure, verdicts, rows)
    figure.update_xaxes(side="top", tickangle=-35, showgrid=False, dtick=1)
    figure.update_yaxes(showgrid=False, dtick=1)
    height = _ABOVE_CELLS + _BELOW_CELLS + _ROW_HEIGHT * len(rows)
    figure.update_layout(height=height, margin={"t": _ABOVE_CELLS, "b": _BELOW_CELLS})
    return figure


def _add_cells(figure: go.Figure, verdicts: list[OptionVerdict], models: list[str]) -> None:
    cells = {tuple(one.option.split("@", 1)): one for one in verdicts}
    places = sorted({place for _, place in cells}, key=lambda name: (":" in name, name))
    grid = [[cells.get((model, place)) for place in places] for model in models]
    steps = len(VERDICTS) - 1
    figure.add_heatmap(
        z=[[VERDICTS.index(one.verdict) if one else None for one in row] for row in grid],
        x=[label(place.removeprefix("self:")) for place in places],
        y=[label(model) for model in models],
        text=[[VERDICT_SYMBOLS[one.verdict] if one else "" for one in row] for row in grid],
        texttemplate="%{text}",
        hovertext=[[_because(one) for one in row] for row in grid],
        hovertemplate="<b>%{y}, %{x}</b><br>%{hovertext}<extra></extra>",
        colorscale=[[at / steps, VERDICT_COLOURS[word]] for at, word in enumerate(VERDICTS)],
        zmin=0,
        zmax=steps,
        showscale=False,
        xgap=2,
        ygap=2,
    )


def _model(verdict: OptionVerdict) -> str:
    return verdict.option.partition("@")[0]


def _because(verdict: OptionVerdict | None) -> str:
    return "<br>".join(wrapped(line, 90) for line in verdict.because[:3]) if verdict else ""


def _hangs_on(question: OpenQuestion, *, priced: bool) -> str:
    stake = question.usd_per_month_at_stake
    money = ", no priced option is left if it goes badly" if priced else ""
    if stake is not None:
        money = f", {usd(stake)} a month at stake"
    return plain(f"{question.options_it_can_change}{money}")


def open_questions(compliance: Compliance, *, most: int = 10) -> go.Figure:
    """Draw the unanswered questions by the number of options that they can still change."""
    rows = [one for one in compliance.open_questions if one.options_it_can_change][:most]
    if not rows:
        return nothing(
            "No open question can change an option any more", f"Controls as of {compliance.as_of}"
        )
    priced = any(one.usd_per_month_at_stake is not None for one in compliance.open_questions)
    money = " At stake: how much dearer the cheapest option left gets, p50." if priced else ""
    figure = new_figure(
        f"{rows[0].id} can still change {rows[0].options_it_can_change} options: ask it first",
        f"{len(rows)} of {len(compliance.open_questions)} open questions; options whose verdict "
        f"each can change (computed, {compliance.as_of}).{money}",
        height=110 + 34 * len(rows),
    )
    rows = rows[::-1]
    figure.add_bar(
        x=[one.options_it_can_change for one in rows],
        y=[plain(one.id) for one in rows],
        orientation="h",
        marker={"color": VERDICT_COLOURS[Verdict.UNDETERMINED], "line": {"color": "#777777"}},
        hovertext=[wrapped(one.question, 80) for one in rows],
        hovertemplate="%{hovertext}<extra></extra>",
        text=[_hangs_on(one, priced=priced) for one in rows],
    )
    figure.update_xaxes(title={"text": "options that it can change (count)"}, rangemode="tozero")
    return figure
