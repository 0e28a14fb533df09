"""The tables of compliance and trials show what the records hold."""

from __future__ import annotations

from datetime import date

from playbook.report import evidence_tables
from playbook.runs import Run
from tests.report.builders import records_of


def test_the_checklist_shows_who_settles_a_point_by_when_and_with_what(demo_run: Run) -> None:
    compliance = records_of(demo_run).compliance
    given = compliance.findings[0].changed(
        applies="yes", owner="our DPO", due=date(2026, 12, 15), evidence="contracts/dpa.pdf"
    )
    silent = given.changed(due=None, evidence="")

    table = evidence_tables.findings(compliance.changed(findings=(given, silent)))

    assert tuple(table.columns[-3:]) == ("Owner", "Due", "Evidence")
    assert [tuple(row[-3:]) for row in table.rows] == [
        ("our DPO", "2026-12-15", "contracts/dpa.pdf"),
        ("our DPO", "", ""),
    ]
