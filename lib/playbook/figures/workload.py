"""The figure of a profile: its volume with spread."""

from __future__ import annotations

import plotly.graph_objects as go

from playbook.figures.theme import SERIES, new_figure, short
from playbook.profile import Profile


def workload(profile: Profile) -> go.Figure:
    """Draw the day's tokens: likely value with low and high, input and output apart."""
    load, volume = profile.workload, profile.workload.tokens_per_day
    peak = volume.likely / 86_400 * load.peak_to_mean
    figure = new_figure(
        f"{short(volume.likely)} tokens a day [{short(volume.low)}, {short(volume.high)}], "
        f"{short(peak)} tokens/s at the busiest hour",
        "As the profile states it (assumed until measured); whiskers: low to high.",
        height=200,
    )
    shares = (("output", load.share_output), ("input", 1 - load.share_output))
    figure.add_bar(
        x=[volume.likely * share for _, share in shares],
        y=[name for name, _ in shares],
        orientation="h",
        marker={"color": [SERIES[1], SERIES[0]]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [(volume.high - volume.likely) * share for _, share in shares],
            "arrayminus": [(volume.likely - volume.low) * share for _, share in shares],
        },
        hovertemplate="%{y}: %{x:.3s} tokens a day<extra></extra>",
    )
    figure.update_xaxes(title={"text": "tokens a day"}, rangemode="tozero")
    return figure
