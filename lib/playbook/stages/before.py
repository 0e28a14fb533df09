"""The checklist as an earlier run left it, to compare the present one with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playbook.compliance.changes import Change, changes_between
from playbook.compliance.records import Compliance
from playbook.errors import ArtefactError
from playbook.profile import Profile
from playbook.runs import Run, runs_of


@dataclass(frozen=True)
class Before:
    """An earlier state of the checklist, or that there is none."""

    run: str = ""
    """Which run it is, in words; empty where there is none."""
    state: tuple[Profile, Compliance] | None = None
    """Profile and record of that run."""

    def changes_to(self, profile: Profile, compliance: Compliance) -> tuple[Change, ...]:
        """Return what changed from that state to another; nothing where there is no state."""
        return changes_between(self.state, (profile, compliance)) if self.state else ()


def before(reports: Path, team: str, *, this: Run) -> Before:
    """Return the checklist of a team's newest complete run that can be read, if there is one.

    Args:
        reports: Folder of all reports.
        team: Team name.
        this: The run that is being made, which is no earlier one.
    """
    for run in runs_of(reports, team):
        if run.folder.resolve() == this.folder.resolve():
            continue
        try:
            manifest = run.manifest()
            if manifest.status != "complete":
                continue
            state = run.read("profile.json", Profile), run.read("compliance.json", Compliance)
        except ArtefactError:
            continue
        return Before(f"run {run.folder.name}, as of {manifest.as_of}", state)
    return Before()
