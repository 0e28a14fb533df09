"""What the trials of some teams would ask and cost, before any of them runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from playbook.compliance import assess_compliance
from playbook.profile import Profile
from playbook.runs import runs_of
from playbook.stages.catalogs import catalogs_of
from playbook.trials.money import needs_price
from playbook.trials.preflight import plan_run
from playbook.trials.preflight_records import RunPlan

_NO_RUN = "no run yet"


def plans_of(
    params: Sequence[Path], profiles: Sequence[Profile], out: Path, *, as_of: date, fresh: bool
) -> tuple[RunPlan, ...]:
    """Return a plan for each team that asks an endpoint which may cost money.

    Args:
        params: Params files.
        profiles: Their profiles, in the same order.
        out: Folder of all reports; what a team's newest run has recorded is not asked again.
        as_of: Day for which results hold.
        fresh: Whether every prompt is asked again.

    Raises:
        PromptSetError: when a prompt set is missing or wrong.
        ArtefactError: when a ledger is damaged.
    """
    plans = []
    for profile, catalog in zip(profiles, catalogs_of(params), strict=True):
        section = profile.trials
        if not section.prompt_sets or not any(needs_price(one) for one in section.endpoints):
            continue
        clearance = assess_compliance(profile, catalog, as_of=as_of).clearance
        newest = None if fresh else next(iter(runs_of(out, profile.team.name)), None)
        folder = newest.folder if newest is not None else out / profile.team.name / _NO_RUN
        plans.append(plan_run(profile, catalog, clearance, folder=folder, as_of=as_of))
    return tuple(plans)
