"""Measured points are facts with a source, caveats and dates, read only when asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbook.catalog.measured_points import load_measured_tables
from playbook.costs.measured.columns import points_from_text
from playbook.errors import CatalogError


def test_each_table_has_a_source_with_an_address_and_a_date_that_has_come() -> None:
    for table in load_measured_tables():
        assert table.source.url
        assert table.source.as_of <= date(2026, 11, 23)
        assert table.source.kind == "third_party"


def test_the_rows_of_a_table_name_it_as_their_source() -> None:
    for table in load_measured_tables():
        rows = points_from_text(table.points, table.name)

        assert {row.source for row in rows} == {table.name}


def test_a_table_that_is_wrong_is_told_with_its_file_and_field(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text("points: |\n  model\n")

    with pytest.raises(CatalogError, match=r"lab.yaml: source: Field required"):
        load_measured_tables(tmp_path)
