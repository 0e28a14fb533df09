"""How far open weights are behind: frontiers and lags."""

from __future__ import annotations

from datetime import date

from playbook.landscape.claim_records import Figure
from playbook.provenance import Source
from playbook.records import Record


class FrontierPoint(Record):
    """A model that raised the best score of its group on its release."""

    released: date
    """Release date."""
    model: str
    """Name on the board."""
    score: float
    """Score in the board's unit."""


class YearLag(Record):
    """The mean lag over the levels that open weights reached in one year."""

    year: int
    """Calendar year of the open arrival."""
    months: float
    """Mean lag, months."""
    low: float | None = None
    """5th percentile over resamples."""
    high: float | None = None
    """95th percentile."""


class Lag(Record):
    """How far open weights arrive behind closed models at the same score, on one scale."""

    board: str
    """Board id, or `pooled`."""
    title: str
    """Name of the board."""
    unit: str
    """Unit of a score."""
    months: float | None
    """Mean horizontal distance of the frontiers over matched levels; None where none matched."""
    low: float | None
    """5th percentile over resamples."""
    high: float | None
    """95th percentile."""
    by_year: tuple[YearLag, ...]
    """By year of the open arrival."""
    unmatched_lead_months: float
    """Age of the oldest closed level that no open model has reached: a bound, not averaged in."""
    unmatched_lead_low: float | None = None
    """5th percentile over resamples."""
    unmatched_lead_high: float | None = None
    """95th percentile."""
    open_models: int
    """Models with open weights on the board."""
    closed_models: int
    """Other models on the board."""
    last_release: date
    """Release of the newest model on the board: nothing later is known."""
    open_frontier: tuple[FrontierPoint, ...]
    """Running best of open weights."""
    closed_frontier: tuple[FrontierPoint, ...]
    """Running best of closed models."""
    source: Source
    """Where the scores come from."""


class Gap(Record):
    """The gap between open and closed models: pooled, per board, and its speed."""

    pooled: Lag | None
    """On the pooled index; None without an index."""
    boards: tuple[Lag, ...]
    """Per board, newest data last."""
    speed_ratio: Figure | None
    """Speed of the open over the closed frontier in the last 24 months of the index."""
    not_considered: tuple[str, ...]
    """Limits of the method and the data."""
