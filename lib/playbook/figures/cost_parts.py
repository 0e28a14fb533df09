"""What the monthly cost of an option is made of."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from playbook.costs.records import Costs, OptionCost
from playbook.figures.costs import cheapest_of_each_lane
from playbook.figures.theme import SERIES, label_lines, new_figure, nothing, plain
from playbook.vocabulary import Lane

PATTERNS = ("", "/", "x")
"""A further round of the colours is hatched, so that no two parts look alike."""


def cost_components(costs: Costs) -> go.Figure:
    """Draw what the monthly cost of the cheapest options of each lane is made of (medians)."""
    rows = list(cheapest_of_each_lane(costs, each=3))
    if not rows:
        return nothing("No option could be priced", "")
    rows.sort(key=lambda one: -(one.usd_per_month.p50 if one.usd_per_month else 0))
    names = parts_of(rows)
    own = [one for one in rows if one.lane is Lane.SELF_HOSTED]
    figure = new_figure(
        _leading_component((own or rows)[-1]),
        f"Median of each component, USD per month, latest prices known on {costs.as_of}; "
        "computed. The share is of the sum of these medians; medians of components do not add up "
        "to the median of the total.",
        height=160 + 38 * len(rows) + 14 * (len(names) // 5),
        x={"title": {"text": "USD per month"}, "tickformat": "$~s"},
    )
    for number, name in enumerate(names):
        values = [one.components[name].p50 if name in one.components else 0.0 for one in rows]
        round_, colour = divmod(number, len(SERIES))
        figure.add_bar(
            x=values,
            y=[label_lines(one.title) for one in rows],
            orientation="h",
            name=plain(name.replace("_", " ")),
            marker={
                "color": SERIES[colour],
                "pattern": {
                    "shape": PATTERNS[round_ % len(PATTERNS)],
                    "fgcolor": "#ffffff",
                    "fillmode": "overlay",
                },
            },
            hovertemplate="%{y}: %{x:$,.3s}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="stack")
    return figure


def parts_of(options: Sequence[OptionCost]) -> list[str]:
    """Return the components of some options, the largest anywhere first."""
    largest: dict[str, float] = {}
    for one in options:
        for name, span in one.components.items():
            largest[name] = max(largest.get(name, 0.0), span.p50)
    return sorted(largest, key=lambda name: (-largest[name], name))


def _leading_component(option: OptionCost) -> str:
    """Return the component with the largest median, and its share of the sum of medians."""
    medians = {name: one.p50 for name, one in option.components.items()}
    total = sum(medians.values())
    if total <= 0:
        return "What the monthly cost is made of"
    name = max(medians, key=lambda one: medians[one])
    words = name.replace("_", " ").replace("fte ", "FTE ").capitalize()
    return f"{words} is the largest part of {option.title}: {medians[name] / total:.0%}"
