"""The calibration points, and our out-of-sample estimates of them."""

from __future__ import annotations

from pathlib import Path

from playbook.catalog import load_catalog
from playbook.catalog.measured_points import load_measured_tables
from playbook.costs.capacity import Point
from playbook.costs.measured import points_from_bytes, understand


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
