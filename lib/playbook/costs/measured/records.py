"""Records of how well speeds are estimated."""

from __future__ import annotations

from playbook.records import Record
from playbook.units import Count, Share


class ErrorSummary(Record):
    """Errors of estimates of some measured points; None where there is no point."""

    n: Count
    """Points."""
    mdape: float | None = None
    """Median of |estimate / measured - 1|."""
    within_25: Share | None = None
    """Share of points whose estimate is within 25% of the measured value."""
    coverage_80: Share | None = None
    """Share of points within the 80% interval of their estimate."""
    median_ratio: float | None = None
    """Median of estimate / measured."""


class Reason(Record):
    """Why some rows have no estimate."""

    reason: str
    """The reason in words."""
    n: Count
    """Rows."""


class Validation(Record):
    """Errors by stratum. All but `by_metric` are over the rows of output throughput."""

    overall: ErrorSummary
    """All rows of `total_output_tok_s`."""
    by_metric: dict[str, ErrorSummary]
    """Every metric."""
    by_gpu: dict[str, ErrorSummary]
    """Each GPU, as the file first names it."""
    by_model: dict[str, ErrorSummary]
    """Each model, likewise."""
    by_engine: dict[str, ErrorSummary]
    """Each engine, likewise."""
    by_seen: dict[str, ErrorSummary]
    """Model and GPU both among the calibration points, or model or GPU not; a row with both unseen
    counts under both."""
    unsupported: tuple[Reason, ...]
    """Rows of any metric without an estimate, most first."""
