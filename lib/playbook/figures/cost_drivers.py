"""What a cost, or the difference between own servers and an API, depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from playbook.costs.lane_records import Tornado, TornadoRow
from playbook.costs.records import Costs
from playbook.figures.theme import INK, SERIES, label, new_figure, nothing, plain, short, usd

LOW, HIGH = SERIES[0], SERIES[4]
ROWS = 10
WORDS = {"api": "API", "fte": "FTE", "gib": "GiB", "gpu": "GPU", "gpus": "GPUs", "usd": "USD"}
LANES = {"_self_hosted": "_for_own_servers", "_api": "_for_an_API"}


def tornado(costs: Costs, number: int = 0, *, most: int = ROWS) -> go.Figure:
    """Draw which inputs move a result most: own servers less an API first, if there is one."""
    if len(costs.tornados) <= number:
        return nothing("No input that is uncertain moves the result", "")
    return tornado_of(costs.tornados[number], costs, most=most)


def tornado_of(one: Tornado, costs: Costs, *, most: int = ROWS) -> go.Figure:
    """Draw one tornado: each input alone from its 10th to its 90th percentile."""
    rows = one.rows[:most]
    if not rows:
        return nothing("No input that is uncertain moves the result", one.title)
    differs = one.of == "difference"
    figure = new_figure(
        _finding(one, rows),
        f"{one.title}. Each input alone from its 10th to its 90th percentile, all others likely; "
        f"likely result {money(one.usd_per_month_likely)} a month, not the median of the draws "
        f"(computed, {costs.as_of}). "
        + ("Left of zero own servers are cheaper. " if differs else "")
        + _flips(rows),
        height=150 + 34 * len(rows),
        x={"tickformat": "$~s", "title": {"text": _axis(differs=differs)}},
        y={"tickvals": [*range(len(rows))], "ticktext": [_name(row) for row in rows],
           "zeroline": False, "range": [len(rows) - 0.4, -0.6]},
    )  # fmt: skip
    figure.add_traces([_ends(one, rows, high=False), _ends(one, rows, high=True)])
    lines = [_line(one.usd_per_month_likely, "dash"), *([_line(0, "solid")] if differs else [])]
    figure.update_layout(barmode="overlay", shapes=lines)
    return figure


def money(value: float) -> str:
    """Return an amount with its sign before the currency.

    Example:
        >>> money(-1234.0), money(50.0)
        ('-$1.2k', '$50')
    """
    return f"-{usd(-value)}" if value < 0 else usd(value)


def _ends(one: Tornado, rows: Sequence[TornadoRow], *, high: bool) -> dict[str, Any]:
    ends = [row.usd_at_high if high else row.usd_at_low for row in rows]
    values = [row.high_value if high else row.low_value for row in rows]
    hover = [
        plain(f"{words(row.input)} {short(value)} {row.unit} ({row.provenance.value}): "
              f"{money(end)} a month")
        for row, value, end in zip(rows, values, ends, strict=True)
    ]  # fmt: skip
    return {
        "type": "bar", "orientation": "h", "base": one.usd_per_month_likely,
        "x": [end - one.usd_per_month_likely for end in ends], "y": [*range(len(rows))],
        "name": f"input at its {'90th' if high else '10th'} percentile",
        "marker": {"color": HIGH if high else LOW},
        "hovertext": hover, "hoverinfo": "text",
    }  # fmt: skip


def _name(row: TornadoRow) -> str:
    mark = "<b>⇄</b> " if row.flips else ""
    span = f"{short(row.low_value)} to {short(row.high_value)} {row.unit}"
    return f"{mark}{label(words(row.input))}<br><span style='font-size:11px'>{plain(span)}</span>"


def words(path: str) -> str:
    """Return an input's name in words.

    Example:
        >>> words("infrastructure.fte_needed_api")
        'FTE needed for an API'
    """
    name = path.rpartition(".")[2]
    return " ".join(WORDS.get(word, word) for word in _placed(name).split("_"))


def _placed(name: str) -> str:
    for lane, said in LANES.items():
        name = name.replace(lane, said)
    return name


def _flips(rows: Sequence[TornadoRow]) -> str:
    flipped = [row for row in rows if row.flips]
    if not flipped:
        return "None of them alone turns the verdict."
    return "⇄ turns the verdict: " + "; ".join(
        f"{words(one.input)}: {one.flips}" for one in flipped[:2]
    )


def _finding(one: Tornado, rows: Sequence[TornadoRow]) -> str:
    row = rows[0]
    what = "the difference" if one.of == "difference" else "the cost of own servers"
    name = words(row.input)
    return (
        f"{name[:1].upper()}{name[1:]} moves {what} most: "
        f"{money(row.usd_at_low)} to {money(row.usd_at_high)} a month"
    )


def _axis(*, differs: bool) -> str:
    return "own servers less API, USD per month" if differs else "USD per month"


def _line(value: float, dash: str) -> dict[str, Any]:
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": value, "x1": value, "y0": 0, "y1": 1,
        "line": {"color": INK, "dash": dash, "width": 1},
    }  # fmt: skip
