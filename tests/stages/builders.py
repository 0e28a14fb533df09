"""A profile of a small project in a temporary folder, and its run folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from playbook.profile import Endpoint, Profile
from playbook.profile.sections import Team
from playbook.profile.trial_settings import Trials
from playbook.runs import Run, start_run
from tests.batch.project import a_project

DAY = "2026-11-23"


def a_profile(name: str = "acme", **sections: object) -> Profile:
    trials = Trials(
        prompt_sets=("demo_support",), endpoints=(Endpoint(id="own", embedded="demo-small"),)
    )
    return Profile.model_validate({"team": Team(name=name), "trials": trials, **sections})


def a_run(folder: Path, team: str = "acme") -> Run:
    started = datetime(2026, 11, 23, tzinfo=UTC)
    return start_run(folder, team, started=started, as_of=DAY, facts={})


__all__ = ["DAY", "a_profile", "a_project", "a_run"]
