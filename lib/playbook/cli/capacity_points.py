"""Files of measured points as arguments of `playbook capacity`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from playbook.errors import ParamsError

if TYPE_CHECKING:
    from playbook.catalog import Catalog
    from playbook.costs.measured import PointRow

POINTS_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


def read_points(path: Path) -> tuple[PointRow, ...]:
    """Return the rows of a file of measured points.

    Raises:
        PointsError: with every problem of the file.
    """
    from playbook.costs.measured import points_from_bytes  # noqa: PLC0415  only where it is needed

    return points_from_bytes(path.read_bytes(), path.name)


def facts_at_hand(extra: tuple[Path, ...]) -> Catalog:
    """Return the facts of the project around, those of its organisation and of some folders."""
    from playbook.profile import params_dir  # noqa: PLC0415  only where facts are read
    from playbook.stages.catalogs import catalog_for  # noqa: PLC0415  likewise

    try:
        params = params_dir() / "team.yaml"
    except ParamsError:
        params = None
    return catalog_for(params, *extra)
