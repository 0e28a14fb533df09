"""One look for all figures: colours, titles that state the finding, numbers in 2-3 digits."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from playbook.provenance import Source
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane, Verdict

INK, GRID, PAPER, MUTED = "#1f2933", "#e3e8ee", "#ffffff", "#5f6c7b"
LANE_COLOURS: Mapping[Lane, str] = {
    Lane.FRONTIER_API: "#0072b2",
    Lane.HOSTED_OPEN_WEIGHTS: "#d55e00",
    Lane.SELF_HOSTED: "#009e73",
}  # Okabe-Ito: told apart with every kind of colour vision
OPEN, CLOSED = LANE_COLOURS[Lane.SELF_HOSTED], LANE_COLOURS[Lane.FRONTIER_API]
"""Models with open weights, and those behind an API only."""
LANE_SYMBOLS: Mapping[Lane, str] = {
    Lane.FRONTIER_API: "circle",
    Lane.HOSTED_OPEN_WEIGHTS: "diamond",
    Lane.SELF_HOSTED: "square",
}
VERDICT_COLOURS: Mapping[Verdict, str] = {
    Verdict.OUT: "#cc3311",
    Verdict.UNDETERMINED: "#bbbbbb",
    Verdict.CONDITIONAL: "#eecc66",
    Verdict.OK: "#44aa99",
}
VERDICT_SYMBOLS: Mapping[Verdict, str] = {
    Verdict.OUT: "✕",
    Verdict.UNDETERMINED: "?",
    Verdict.CONDITIONAL: "◐",
    Verdict.OK: "✓",
}
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999")
FONTS = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
TITLE_WIDTH, CAPTION_WIDTH, LABEL_WIDTH = 88, 115, 34
LINE_WIDTH = 40
FAR_LEFT, FAR_RIGHT = 0.25, 0.7


def plain(text: str) -> str:
    """Return text with markup made harmless: plotly renders some tags, and math between dollars.

    Example:
        >>> plain("<b>$1</b>")
        '&lt;b&gt;&#36;1&lt;/b&gt;'
    """
    return html.escape(text, quote=False).replace("$", "&#36;")


def wrapped(text: str, width: int) -> str:
    """Return escaped text broken into lines for a title or label."""
    return "<br>".join(plain(line) for line in textwrap.wrap(text, width)) or " "


def label(text: str) -> str:
    """Return a short escaped axis label."""
    return plain(textwrap.shorten(text, LABEL_WIDTH * 2, placeholder=" …")) if text else " "


def label_lines(text: str) -> str:
    """Return a short escaped axis label on two lines at most, for rows that are high enough.

    Example:
        >>> label_lines("Llama 3.1 8B Instruct, own servers: rented in the EU")
        'Llama 3.1 8B Instruct, own servers:<br>rented in the EU'
    """
    lines = textwrap.wrap(text, LINE_WIDTH, max_lines=2, placeholder=" …")
    return "<br>".join(plain(line) for line in lines) or " "


def beside(power: float, first: float, last: float) -> str:
    """Return where words above a point stand so that they stay inside the axis' ends.

    Example:
        >>> beside(10.5, 4, 11), beside(7, 4, 11), beside(4.2, 4, 11)
        ('top left', 'top center', 'top right')
    """
    share = (power - first) / ((last - first) or 1.0)
    return "top left" if share > FAR_RIGHT else "top right" if share < FAR_LEFT else "top center"


def short(value: float) -> str:
    """Return a number in two to three significant digits with a thousands word.

    Example:
        >>> short(1234567), short(0.01234), short(0), short(85_300)
        ('1.2M', '0.012', '0', '85k')
    """
    if value == 0:
        return "0"
    for size, word in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{_digits(value / size)}{word}"
    return _digits(value)


def _digits(value: float) -> str:
    text = f"{value:.2g}" if abs(value) < 100 else f"{value:.0f}"  # noqa: PLR2004  three digits
    number = float(text)
    return f"{number:g}" if abs(number) >= 1e-4 else f"{number:.1e}"  # noqa: PLR2004  readable


def whiskers(spans: Sequence[Percentiles]) -> dict[str, Any]:
    """Return plotly's error bars from p10 to p90 about the medians of some spans."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [one.p90 - one.p50 for one in spans],
        "arrayminus": [one.p50 - one.p10 for one in spans],
        "thickness": 2,
    }


def usd(value: float) -> str:
    """Return an amount of money.

    Example:
        >>> usd(1234.0)
        '$1.2k'
    """
    return f"${short(value)}"


def between(low: float | None, high: float | None, *, digits: int = 1) -> str:
    """Return an interval in brackets after a space; empty where an end is not known.

    Example:
        >>> between(4.83, 13.05), between(None, 1.0)
        (' [4.8, 13.1]', '')
    """
    return "" if low is None or high is None else f" [{low:.{digits}f}, {high:.{digits}f}]"


def cited(source: Source) -> str:
    """Return a source's title and day for a caption; its address stands in the table of sources.

    Example:
        >>> from datetime import date
        >>> cited(Source(title="Prices", url="a.org", as_of=date(2026, 1, 2), kind="vendor"))
        'Prices (2026-01-02)'
    """
    return f"{source.title} ({source.as_of.isoformat()})"


def new_figure(
    finding: str,
    caption: str,
    *,
    height: int = 420,
    x: Mapping[str, Any] | None = None,
    y: Mapping[str, Any] | None = None,
) -> go.Figure:
    """Return an empty figure whose title states the finding and whose subtitle names the source.

    Args:
        finding: What the figure shows, as a sentence; escaped here.
        caption: Source, date and provenance; escaped here.
        height: Pixels.
        x: Settings of the horizontal axis over those of the house.
        y: The same for the vertical axis.
    """
    titles = max(1, len(textwrap.wrap(finding, TITLE_WIDTH)))
    above = 26 + 21 * titles + 17 * len(textwrap.wrap(caption, CAPTION_WIDTH))
    layout = {
        "template": {},
        "title": _title(finding, caption, titles=titles),
        "font": {"family": FONTS, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "height": height + above - 40,
        "margin": {"l": 12, "r": 24, "t": above, "b": 56},
        "legend": {
            "orientation": "h", "x": 0.01, "xref": "container", "xanchor": "left",
            "y": 0.004, "yref": "container", "yanchor": "bottom",
            "traceorder": "normal", "title": {"text": ""},
        },
        "hoverlabel": {"align": "left"},
        "bargap": 0.35,
        "xaxis": _axis(x or {}),
        "yaxis": _axis(y or {}),
    }  # fmt: skip
    return go.Figure(layout=layout)  # in one piece: plotly checks each later change anew


def _axis(changes: Mapping[str, Any]) -> dict[str, Any]:
    title = {"font": {"size": 13, "color": MUTED}, "standoff": 8} | dict(changes.get("title", {}))
    house = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": GRID, "automargin": True}
    return {**house, **changes, "title": title}


def _title(finding: str, caption: str, *, titles: int) -> dict[str, object]:
    return {
        "text": wrapped(finding, TITLE_WIDTH),
        "subtitle": {
            "text": wrapped(caption, CAPTION_WIDTH),
            "font": {"size": 12, "color": MUTED},
        },
        "x": 0.0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yanchor": "top",
        "pad": {"l": 12, "t": 12 if titles == 1 else 24},  # further lines lift the first one
        "font": {"size": 16, "color": INK},
    }


def nothing(finding: str, because: str) -> go.Figure:
    """Return a figure that says in words why there is nothing to draw."""
    figure = new_figure(finding, because, height=120)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(
        text="nothing to draw", showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper",
        font={"color": MUTED},
    )  # fmt: skip
    return figure
