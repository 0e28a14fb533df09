"""The axis of volume, and what stands on it: the team's own volume and the rule of thumb."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from playbook.costs.records import BreakEven
from playbook.figures.theme import MUTED, short
from playbook.uncertainty import Percentiles

RULE_COLOUR = "#e69f00"
RULE_INK = "#8a5a00"  # the same hue, dark enough for letters
VOLUME: dict[str, Any] = {
    "type": "log",
    "title": {"text": "tokens per day, input plus output (log scale)"},
    "exponentformat": "B",
    "dtick": 1,
}
USD_PER_MONTH: dict[str, Any] = {
    "type": "log",
    "title": {"text": "USD per month (log scale)"},
    "exponentformat": "B",
    "minexponent": 2,
    "tickprefix": "$",
    "dtick": 1,
}


def upright(low: float, high: float, colour: str, *, opacity: float = 0.15) -> dict[str, Any]:
    """Return a band over the whole height between two volumes."""
    return {
        "type": "rect", "xref": "x", "yref": "paper", "x0": low, "x1": high, "y0": 0, "y1": 1,
        "fillcolor": colour, "opacity": opacity, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def line_at(volume: float, *, dash: str, colour: str = MUTED) -> dict[str, Any]:
    """Return a line over the whole height at a volume."""
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": volume, "x1": volume, "y0": 0, "y1": 1,
        "line": {"color": colour, "dash": dash, "width": 1.2},
    }  # fmt: skip


def note(volume: float, text: str, *, colour: str = MUTED, **place: Any) -> dict[str, Any]:  # noqa: ANN401  as plotly takes it
    """Return words beside a volume; on a log axis plotly places text by its power of ten."""
    return {
        "x": math.log10(volume), "yref": "paper", "text": text, "showarrow": False,
        "font": {"size": 11, "color": colour}, "bgcolor": "rgba(255,255,255,0.75)",
        "borderpad": 1, **place,
    }  # fmt: skip


def own_volume(volume: Percentiles, *, y: float = 0) -> tuple[list[Any], list[Any]]:
    """Return the band of the team's volume, p10 to p90, or the line if it is one number."""
    middle = math.sqrt(volume.p10 * volume.p90)
    words = note(middle, "your volume", y=y, yanchor="bottom")
    if volume.p10 == volume.p90:
        return [line_at(volume.p50, dash="solid")], [words]
    return [upright(volume.p10, volume.p90, MUTED, opacity=0.2)], [words]


def volume_words(volume: Percentiles) -> str:
    """Return the team's volume: one number where it is known, else its p10 to p90.

    Example:
        >>> volume_words(Percentiles(p10=1e6, p50=2e6, p90=4e6))
        '1M to 4M tokens a day'
    """
    low, high = short(volume.p10), short(volume.p90)
    return f"{low} tokens a day" if low == high else f"{low} to {high} tokens a day"


def rule_of_thumb(pairs: Sequence[BreakEven], *, y: float = 1) -> tuple[list[Any], list[Any]]:
    """Return the band of the article's rule of thumb and its words; nothing where none is known."""
    rule = next(
        (one for one in pairs if 0 < one.rule_api_below < one.rule_open_weights_above), None
    )
    if rule is None:
        return [], []
    low, high = rule.rule_api_below, rule.rule_open_weights_above
    words = f"rule of thumb: API below {short(low)}, own weights above {short(high)}"
    shapes = [upright(low, high, RULE_COLOUR), line_at(high, dash="solid", colour=RULE_COLOUR)]
    said = note(high, words, colour=RULE_INK, y=y, yanchor="bottom", xanchor="center")
    return shapes, [said]
