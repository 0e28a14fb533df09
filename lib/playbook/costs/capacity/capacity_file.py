"""Write a fit as the text of its file of facts."""

from __future__ import annotations

from playbook.catalog.capacity_fit import CapacityFit

TABLES = ("coefficients", "priors", "deviations", "effects", "spreads", "errors")
HEAD = """\
# Parameters of the capacity model (costs/capacity). Refitted from data/measured_points by
# `playbook capacity fit`; coefficients' centres and the priors of groups are set by hand.
# Deviations are differences of logarithms, or of log-odds for shares; effects of log(speed).
"""


def fit_text(fit: CapacityFit) -> str:
    """Return the YAML text of a fit, tables as blocks of CSV."""
    source = fit.source
    lines = [
        HEAD + "sources:",
        f'  fit: {{title: "{source.title}", url: "{source.url}",',
        f"    as_of: {source.as_of}, kind: {source.kind}}}",
        "capacity_fits:",
        f"  - id: {fit.id}",
        "    source: fit",
        f"    fitted_on: {fit.fitted_on}",
        f"    points: {fit.points}",
        f'    points_sha256: "{fit.points_sha256}"',
        f"    command: {fit.command}",
    ]
    for name in TABLES:
        lines.append(f"    {name}: |")
        lines.extend(f"      {row}" for row in getattr(fit, name).splitlines())
    return "\n".join(lines) + "\n"
