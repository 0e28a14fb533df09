"""Sections of the report: which figure and which table stands where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import plotly.graph_objects as go

from playbook import figures
from playbook.compliance.progress import progress_of
from playbook.compliance.records import Compliance
from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.landscape.records import Landscape
from playbook.profile import Profile
from playbook.report import compliance_tables, evidence_tables, measured_tables, tables
from playbook.report.claim_tables import team_claims, world_claims
from playbook.report.costs import cost_figures, cost_section_tables
from playbook.report.landscape import landscape_figures, landscape_tables
from playbook.report.table import Table
from playbook.report.trials import trial_figures, trial_section_tables
from playbook.runs import Manifest
from playbook.trials.evidence_records import Evidence


@dataclass(frozen=True)
class Records:
    """Everything that a report is made from."""

    manifest: Manifest
    profile: Profile
    landscape: Landscape
    compliance: Compliance
    costs: Costs
    evidence: Evidence
    decision: Decision
    changed: tuple[str, ...] = ()
    """Record files that were changed after their stage wrote them."""


@dataclass(frozen=True)
class Section:
    """A titled part of the page."""

    id: str
    title: str
    lead: str
    figures: Sequence[go.Figure] = ()
    tables: Sequence[Table] = ()
    not_considered: Sequence[str] = field(default_factory=tuple)
    also: Sequence[str] = ()
    """Further paragraphs under the lead."""


def sections(records: Records) -> tuple[Section, ...]:
    """Return the sections of a report in reading order."""
    return (
        _decision(records.decision),
        _costs(records.costs, records.decision),
        _compliance(records.compliance, records.landscape),
        _trials(records.evidence),
        _landscape(records.landscape),
        _claims(records.landscape, records.decision),
    )


def _decision(decision: Decision) -> Section:
    return Section(
        "decision",
        "Decision",
        "Gates first; what passes is compared on anchors that the profile fixes before any option "
        "is seen, so that adding or dropping a weak option can't change the winner.",
        (
            figures.option_values(decision),
            figures.best_shares(decision),
            figures.criteria_stack(decision),
            figures.gate_matrix(decision),
        ),
        (tables.ranked(decision), tables.changes(decision), tables.anchors(decision)),
        decision.not_considered,
    )


def _costs(costs: Costs, decision: Decision) -> Section:
    return Section(
        "costs",
        "Costs",
        "Monthly cost of every option from the same draws of volume, prices, speed and staff. "
        "Own servers are paid for when they stand idle too: utilisation is a result, not an input.",
        cost_figures(costs, decision),
        (*measured_tables.corrections(decision), *cost_section_tables(costs, decision)),
        costs.not_considered,
    )


def _read_again(stale: int) -> str:
    return f" ⚠ {stale} of the controls are past the day for reading them again." if stale else ""


def _compliance(compliance: Compliance, landscape: Landscape) -> Section:
    in_race = [one.model for one in landscape.models if one.state != "out"]
    progress = progress_of(compliance)
    stood = (
        f"{progress.apply} of {progress.controls} controls apply, {progress.may_apply} may; "
        f"{progress.answered} are answered, {progress.unknown} unknown, {progress.not_applicable} "
        f"not applicable. {compliance_tables.left(compliance)}{_read_again(progress.stale)}"
    )
    return Section(
        "compliance",
        "Compliance",
        compliance.disclaimer,
        (figures.verdict_matrix(compliance, in_race), figures.open_questions(compliance)),
        (
            replace(compliance_tables.verdicts(compliance), note=""),  # its legend stands above
            compliance_tables.questions(compliance),
            evidence_tables.cleared(compliance),
            compliance_tables.by_owner(compliance),
            compliance_tables.checklist(compliance),
            compliance_tables.beside(compliance),
        ),
        compliance.not_considered,
        also=(stood, f"Verdicts. {compliance_tables.LEGEND}"),
    )


def _trials(evidence: Evidence) -> Section:
    return Section(
        "trials",
        "Trials",
        evidence.because,
        trial_figures(evidence),
        trial_section_tables(evidence),
        evidence.not_considered,
    )


def _landscape(landscape: Landscape) -> Section:
    return Section(
        "landscape",
        "Landscape",
        "Which models fit the workload, the licence facts and the calendar, and why others do not; "
        "how far open weights are behind; what became of prices; what ends when.",
        landscape_figures(landscape),
        landscape_tables(landscape),
        landscape.not_considered,
    )


def _claims(landscape: Landscape, decision: Decision) -> Section:
    return Section(
        "claims",
        "Claims",
        "Claims about open and closed models that many repeat, each against the facts of this "
        "page or against this team's own numbers, with the verdict and how it was got. Numbers in "
        "brackets: the sources of the landscape.",
        (),
        (*world_claims(landscape), *team_claims(decision.claims)),
        ("Claims without a number that could settle them.",),
    )


def banners(records: Records) -> tuple[str, ...]:
    """Return what a reader must know before the first figure."""
    found = []
    tried = records.evidence.endpoints
    if records.changed:
        names = ", ".join(records.changed)
        found.append(f"Changed after the run: {names}. This page shows what stands there now.")
    if any(one.stand_in for one in tried):
        found.append(
            "The API side of these trials is a stand-in: a demonstration model on this machine "
            "plays a commercial API. No commercial model was called; no commercial model's row "
            "shows its scores."
        )
    if any(one.demonstration for one in tried):
        found.append(
            "The models that answered are demonstration models of under a million parameters. "
            "Their scores show the method and say nothing about any model in the tables."
        )
    if any(one.recorded for one in tried):
        found.append("The answers are recorded: they were replayed, not measured in this run.")
    if records.evidence.status == "untested":
        found.append("Untested: no endpoint has answered this team's prompts.")
    if records.evidence.status == "partial":
        found.append(f"The trials are not complete: {records.evidence.because}")
    return tuple(found)
