"""Measured speeds that the capacity model is fitted to; read when asked for, not with the facts."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from playbook.catalog.load import DATA
from playbook.catalog.reading import read_yaml
from playbook.errors import CatalogError
from playbook.provenance import Source
from playbook.records import Record

POINTS = DATA / "measured_points"


class MeasuredTable(Record):
    """Measured points of one source, as one block of CSV (columns: `costs.measured.columns`)."""

    name: str
    """Name of its file, which its rows give as their source."""
    source: Source
    """Where they were published, and when last."""
    caveats: tuple[str, ...] = ()
    """What one must know of how they were measured or converted."""
    points: str
    """The points: CSV text with a header."""


def load_measured_tables(folder: Path = POINTS) -> tuple[MeasuredTable, ...]:
    """Return the tables of measured points, by name.

    Args:
        folder: Folder of YAML files with `source`, `caveats` and `points`.

    Raises:
        CatalogError: with every problem of every file.
    """
    problems: list[str] = []
    tables = []
    for path in sorted(folder.glob("*.yaml")):
        label = f"{folder.name}/{path.name}"
        content = read_yaml(path, label, problems)
        try:
            tables.append(MeasuredTable.model_validate({"name": path.stem, **content}))
        except ValidationError as error:
            problems.extend(
                f"{label}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
            )
    if problems:
        raise CatalogError("measured points", problems)
    return tuple(tables)
