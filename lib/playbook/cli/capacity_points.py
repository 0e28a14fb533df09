"""Files of measured points as arguments of `playbook capacity`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from playbook.costs.measured import PointRow

POINTS_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


def read_points(path: Path) -> tuple[PointRow, ...]:
    """Return the rows of a file of measured points.

    Raises:
        PointsError: with every problem of the file.
    """
    from playbook.costs.measured import points_from_bytes  # noqa: PLC0415  only where it is needed

    return points_from_bytes(path.read_bytes(), path.name)
