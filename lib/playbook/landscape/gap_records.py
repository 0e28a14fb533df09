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
    """Mean lag, months; for the pooled index the median over its refits."""
    low: float | None = None
    """5th percentile over resamples; None where fewer than half of them have such levels."""
    high: float | None = None
    """95th percentile."""


class YearMedian(Record):
    """The boards' lags in one year, in the middle."""

    year: int
    """Calendar year of the open arrival."""
    months: float
    """Median over boards of their mean lag, months."""
    lowest: float
    """Lowest of the boards."""
    highest: float
    """Highest of the boards."""
    boards: int
    """Boards with levels that open weights reached in that year."""


class Lag(Record):
    """How far open weights arrive behind closed models at the same score, on one scale."""

    board: str
    """Board id, or `pooled`."""
    title: str
    """Name of the board."""
    unit: str
    """Unit of a score."""
    months: float | None
    """Mean horizontal distance of the frontiers over matched levels, for the pooled index the
    median over its refits; None where none matched."""
    low: float | None
    """5th percentile over resamples."""
    high: float | None
    """95th percentile."""
    all_data_months: float | None = None
    """The same from all data at once, nothing left out; on a board it is `months` itself."""
    by_year: tuple[YearLag, ...]
    """By year of the open arrival."""
    unmatched_lead_months: float
    """Age of the oldest closed level that no open model has reached: a bound, not averaged in."""
    unmatched_lead_low: float | None = None
    """5th percentile over resamples."""
    unmatched_lead_high: float | None = None
    """95th percentile."""
    share_of_first_open: float = 0.0
    """Share of the matched levels that the first open model reached: when open weights first did is
    not known, so the lag at these levels is at most what is stated."""
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
    evaluator: str | None = None
    """Who ran every model; None where scores come from several reports."""
    source: Source
    """Where the scores come from."""


class Gap(Record):
    """The gap between open and closed models: pooled, per board, and its speed."""

    pooled: Lag | None
    """On the pooled index; None without an index."""
    boards: tuple[Lag, ...]
    """Per board, newest data last."""
    by_year: tuple[YearMedian, ...] = ()
    """Boards taken together, by year of the open arrival."""
    speed_ratio: Figure | None
    """Speed of the open over the closed frontier in the last 24 months of the index."""
    resamples: int = 0
    """Resamples behind each board's interval."""
    seed: int | None = None
    """Seed of the resamples: the same facts give the same figures."""
    not_considered: tuple[str, ...]
    """Limits of the method and the data."""
