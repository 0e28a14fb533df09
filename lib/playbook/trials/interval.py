"""`Interval`: a figure with the ends between which it may well lie."""

from __future__ import annotations

from playbook.records import Record


class Interval(Record):
    """A share or figure with its 95% interval."""

    value: float
    """Point estimate."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    n: int
    """Observations."""
    method: str
    """How the interval was made."""
