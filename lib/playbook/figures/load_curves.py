"""What a load sweep found: throughput against the time to the first token, load by load."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from playbook.figures.theme import INK, MUTED, SERIES, label, new_figure, nothing, plain, short
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.load.records import LoadCurve, LoadPoint

_SYMBOLS = {"closed": "circle", "open": "diamond"}
_KINDS = {
    "closed": "so many calls in flight",
    "open": "calls arrive at random, latency from when each was due",
}


def load_curves(evidence: Evidence) -> go.Figure:
    """Draw output rate against p95 time to first token of each load, with 95% intervals."""
    drawn = [(one, _drawn(one)) for one in evidence.load_curves if _drawn(one)]
    if not drawn:
        return nothing("No load was tried, or none was answered", "")
    figure = new_figure(
        _finding(drawn[0][0], evidence.title_of),
        "Output of all calls together, and the time within which 95% of calls show their first "
        f"token; a point is a load, with 95% intervals; measured, {evidence.as_of}. Dotted: the "
        "service level. Hollow: not usable, the reason is in the table. "
        + " ".join(f"{_SYMBOLS[kind].capitalize()}: {_KINDS[kind]}." for kind in _kinds(drawn)),
        height=440,
        x={"title": {"text": "output tokens/s, all calls together"}, "rangemode": "tozero"},
        y={"title": {"text": "time to first token, p95 (s)"}, "rangemode": "tozero"},
    )
    for number, (curve, points) in enumerate(drawn):
        colour = SERIES[number % len(SERIES)]
        figure.add_trace(_line(curve, points, evidence.title_of, colour))
    for seconds in sorted({one.slo_first_token_s for one, _ in drawn}):
        figure.add_hline(y=seconds, line={"dash": "dot", "color": INK, "width": 1.5})
    return figure


def _drawn(curve: LoadCurve) -> list[LoadPoint]:
    return [one for one in curve.points if one.output_tokens_per_second and one.first_token_p95_s]


def _kinds(drawn: Sequence[tuple[LoadCurve, Sequence[LoadPoint]]]) -> list[str]:
    return sorted({one.kind for one, _ in drawn})


def _finding(curve: LoadCurve, name: Callable[[str], str]) -> str:
    """Return what the first curve says in a sentence."""
    called = name(curve.endpoint)
    best = next((one for one in curve.points if one.usable and one.load == curve.best), None)
    if best is None:
        return f"{called}: at no load did enough calls meet the service level"
    speed = best.output_tokens_per_second
    at = f", with {short(speed.value)} output tokens/s" if speed else ""
    return f"{called} meets the service level up to {best.words}{at}"


def _line(
    curve: LoadCurve, points: Sequence[LoadPoint], name: Callable[[str], str], colour: str
) -> go.Scatter:
    speeds = [one.output_tokens_per_second for one in points]
    waits = [one.first_token_p95_s for one in points]
    return go.Scatter(
        x=[one.value for one in speeds if one],
        y=[one.value for one in waits if one],
        error_x=_bars([one for one in speeds if one], colour),
        error_y=_bars([one for one in waits if one], colour),
        mode="lines+markers+text",
        text=[plain(one.words) for one in points],
        textposition="top center",
        textfont={"color": MUTED, "size": 11},
        line={"color": colour, "dash": "solid" if curve.kind == "closed" else "dash"},
        marker={
            "symbol": [_symbol(curve, one) for one in points],
            "size": 11,
            "color": colour,
        },
        name=label(f"{name(curve.endpoint)}, {curve.kind}"),
        hovertemplate="%{text}: %{x:.3g} tokens/s, %{y:.3g} s<extra>%{fullData.name}</extra>",
    )


def _symbol(curve: LoadCurve, point: LoadPoint) -> str:
    symbol = _SYMBOLS[curve.kind]
    return symbol if point.usable else f"{symbol}-open"


def _bars(spans: Sequence[Interval], colour: str) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [max(0.0, one.high - one.value) for one in spans],
        "arrayminus": [max(0.0, one.value - one.low) for one in spans],
        "color": colour,
        "thickness": 1,
    }
