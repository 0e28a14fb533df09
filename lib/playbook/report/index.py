"""The index page of all teams: one row each, with a link to its latest report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playbook.decision.records import Decision
from playbook.errors import ArtefactError
from playbook.profile import Profile
from playbook.report.table import money
from playbook.report.templating import render_template
from playbook.runs import Run, latest_run, runs_of, write_text
from playbook.trials.evidence_records import Evidence


@dataclass(frozen=True)
class IndexRow:
    """One team on the index page."""

    team: str
    title: str
    link: str
    status: str
    verdict: str
    lane: str
    cost: str
    evidence: str
    as_of: str
    note: str


def write_index(out: Path) -> Path:
    """Write `index.html` over the latest complete run of every team in a folder."""
    teams = sorted(path.name for path in out.iterdir() if path.is_dir()) if out.is_dir() else []
    rows = [row for team in teams if (row := _row(out, team))]
    return write_text(out / "index.html", render_template("index.html.j2", rows=rows))


def _row(out: Path, team: str) -> IndexRow | None:
    dated = runs_of(out, team)
    if not dated:
        return None
    run = latest_run(out, team)
    try:
        return (
            _complete(run, newer_failed=dated[0].folder != run.folder)
            if run
            else _failed(dated[0], team)
        )
    except ArtefactError as error:
        return IndexRow(team, team, "", "UNREADABLE", str(error), "", "", "", "", "")


def _complete(run: Run, *, newer_failed: bool) -> IndexRow:
    decision = run.read("decision.json", Decision)
    profile = run.read("profile.json", Profile)
    evidence = run.read("evidence.json", Evidence)
    manifest = run.manifest()
    words: str = evidence.status
    if any(one.demonstration for one in evidence.endpoints):
        words = "demonstration models only"
    return IndexRow(
        team=profile.team.name,
        title=profile.team.title or profile.team.name,
        link=f"{profile.team.name}/{run.folder.name}/report.html",
        status=decision.status.value,
        verdict=decision.verdict,
        lane=decision.leading_lane.words if decision.leading_lane else "none",
        cost=money(decision.ranked[0].usd_per_month) if decision.ranked else "none",
        evidence=words,
        as_of=manifest.as_of,
        note="a newer run is unfinished or failed" if newer_failed else "",
    )


def _failed(run: Run, team: str) -> IndexRow:
    manifest = run.manifest()
    failed = [f"{name}: {one.error}" for name, one in manifest.stages.items() if one.error]
    because = "; ".join(failed) or "the run did not finish"
    return IndexRow(team, team, "", "NO REPORT", because, "", "", "", manifest.as_of, "")
