"""One self-contained HTML page from the JSON of a run folder: no network, no live code in text."""

from __future__ import annotations

from pathlib import Path

from playbook.compliance.records import Compliance
from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.exports import (
    madr_text,
    open_questions_csv,
    oscal_catalog_text,
    oscal_results_text,
    ranked_csv,
)
from playbook.exports.oscal_results import CATALOG_FILE
from playbook.figures.theme import short, usd
from playbook.landscape.records import Landscape
from playbook.profile import Profile
from playbook.report import tables
from playbook.report.checklist_page import checklist_page
from playbook.report.sections import Records, banners, sections
from playbook.report.table import money
from playbook.report.templating import render_template
from playbook.runs import Run, write_text
from playbook.trials.audit import audit_head
from playbook.trials.evidence_records import Evidence


def write_report(run: Run) -> Path:
    """Write `report.html` and `exports/` of a run from the records beside it.

    Raises:
        ArtefactError: when a record is missing or of another version.
    """
    records = Records(
        manifest=run.manifest().changed(audit_head=audit_head(run.folder)),
        profile=run.read("profile.json", Profile),
        landscape=run.read("landscape.json", Landscape),
        compliance=run.read("compliance.json", Compliance),
        costs=run.read("costs.json", Costs),
        evidence=run.read("evidence.json", Evidence),
        decision=run.read("decision.json", Decision),
        changed=run.changed_records(),
    )
    write_exports(run, records)
    return write_text(run.path("report.html"), render(records, run_name=run.folder.name))


def write_exports(run: Run, records: Records) -> None:
    """Write what leaves the playbook into `exports/` of a run.

    The decision record, the tables for other programs, the checklist to print, and OSCAL.
    """
    folder = run.path("exports")
    profile, compliance = records.profile, records.compliance
    name = f"{profile.team.name}/{run.folder.name}"
    write_text(folder / "decision.md", madr_text(profile, records.decision))
    write_text(folder / "options.csv", ranked_csv(records.decision))
    write_text(folder / "open_questions.csv", open_questions_csv(compliance))
    page = checklist_page(profile, compliance, run_name=run.folder.name)
    write_text(folder / "compliance_checklist.html", page)
    write_text(folder / CATALOG_FILE, oscal_catalog_text(compliance, run_name=name))
    results = oscal_results_text(profile, compliance, run_name=name)
    write_text(folder / "compliance_results.oscal.json", results)


def parts_of_cost(records: Records) -> str:
    """Return what the leading plan's cost is made of: medians by component, largest first."""
    found = next(
        (one for one in records.costs.options if one.option == records.decision.leading_plan), None
    )
    parts = sorted(found.components.items(), key=lambda item: -item[1].p50) if found else []
    return ", ".join(f"{name.replace('_', ' ')} {usd(span.p50)}" for name, span in parts)


def render(records: Records, *, run_name: str) -> str:
    """Return the page as text."""
    parts = sections(records)
    figures = [figure for part in parts for figure in part.figures]
    return render_template(
        "report.html.j2",
        figures=figures,
        records=records,
        decision=records.decision,
        leader=next(iter(records.decision.ranked), None),
        parts_of_cost=parts_of_cost(records),
        sections=parts,
        banners=banners(records),
        six_rows=tables.six_rows(records.decision),
        money=money,
        run_name=run_name,
        usd=usd,
        short=short,
    )
