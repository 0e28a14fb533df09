"""The calibration points, and our out-of-sample estimates of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from playbook.catalog import load_catalog
from playbook.catalog.measured_points import load_measured_tables
from playbook.costs.capacity import Point, cross_validate
from playbook.costs.measured import points_from_bytes, understand
from tests.benchmarks.capacity.cases import Case
from tests.benchmarks.capacity.comparing import Values


def measured_points(file: Path | None = None) -> tuple[Point, ...]:
    """Return the points of a file, or those of the catalog that name a known deployment."""
    if file is not None:
        rows = list(points_from_bytes(file.read_bytes(), file.name))
    else:
        rows = [
            row
            for table in load_measured_tables()
            for row in points_from_bytes(table.points.encode(), table.name)
        ]
    understood, _ = understand(rows, load_catalog())
    return tuple(one.point for one in understood)


def out_of_sample(points: Sequence[Point], cases: Sequence[Case]) -> Values:
    """Return our output rates of some cases, each by a fit without its group; nan for none.

    A group is one laboratory, model and GPU; the split is that of `playbook capacity fit`.
    """
    fit = load_catalog().capacity_fit
    assert fit is not None
    found = cross_validate(points, fit)
    errors = {id(point): error for point, error in zip(found.points, found.errors, strict=True)}
    logs = [errors.get(id(points[case.number]), np.nan) for case in cases]
    return np.array([case.measured for case in cases]) / np.exp(logs)
