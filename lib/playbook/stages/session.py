"""What a notebook opens: profile, facts, run folder, and the stage to compute and save."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.catalog import Catalog
from playbook.profile import (
    SECTIONS,
    Profile,
    dump_sections,
    load_profile,
    params_hash,
    profile_from_sections,
)
from playbook.records import Record
from playbook.runs import MANIFEST, Manifest, Run, StageEntry, file_hash, latest_run
from playbook.stages.before import Before, before
from playbook.stages.catalogs import params_file, session_catalog
from playbook.stages.days import today
from playbook.stages.freshness import inputs_hash, is_up_to_date
from playbook.stages.places import reports_dir
from playbook.stages.progress import progress_into
from playbook.stages.table import Inputs, Progress, Stage, stage
from playbook.trials.audit import audit_head
from playbook.trials.evidence_records import Evidence

if TYPE_CHECKING:
    from playbook.costs.estimate import Part

BENCH = "bench"  # run folder of notebooks that are run by hand


class Session:
    """One stage of one team, ready to compute.

    Attributes:
        profile: The team's profile.
        catalog: The facts.
        as_of: The day for which results hold.
        run: The run folder that is written to.
    """

    def __init__(
        self, one: Stage, profile: Profile, *, run: Run, as_of: date, catalog: Catalog | None = None
    ) -> None:
        self.stage = one
        self.profile = profile
        self.catalog = catalog or session_catalog()
        self.run = run
        self.as_of = as_of
        self._keeps = True
        self._parts: Sequence[Part] | None = None
        self._started = time.monotonic()

    def compute(self) -> Record:
        """Return this stage's record, computing earlier ones as needed."""
        trials = self.stage.name == "trials"
        return self._verb(self.stage, progress_into(self.run.folder) if trials else None)

    def vary(self, section: str) -> Callable[[Record], Record]:
        """Return a function from a changed section to this stage's record, for `explore`.

        It writes nothing: the run folder stays that of the profile itself.
        """

        def vary_section(changed: Record) -> Record:
            return self.recompute(self.profile.changed(**{section: changed}))

        return vary_section

    def recompute(self, profile: Profile, *, parts: Sequence[Part] | None = None) -> Record:
        """Return this stage's record for another profile; it writes nothing.

        Args:
            profile: The other profile.
            parts: Slow parts of the costs that are wanted; all if left out.
        """
        varied = Session(self.stage, profile, run=self.run, as_of=self.as_of, catalog=self.catalog)
        varied._keeps, varied._parts = False, parts
        return varied.compute()

    def before(self) -> Before:
        """Return the checklist as the team's last complete run left it, to compare with."""
        return before(reports_dir(), self.profile.team.name, this=self.run)

    def earlier(self, name: str) -> Record:
        """Return the record of an earlier stage: the saved one if still right, else a new one.

        Trials are never run from here: the latest evidence of this profile, or `untested`.
        """
        return self._record(name)

    def hash_of(self, one: Stage) -> str:
        """Return the hash of what a stage reads in this run."""
        return inputs_hash(
            one,
            self.profile,
            catalog_hash=self.catalog.content_hash,
            as_of=self.as_of.isoformat(),
            run=self.run,
        )

    def save(self, record: Record) -> Path:
        """Write the stage's record into the run folder and note it in the manifest."""
        self._keep(self.stage, record)
        return self.run.path(self.stage.writes)

    def _verb(self, one: Stage, progress: Progress | None = None) -> Record:
        inputs = Inputs(
            profile=self.profile,
            catalog=self.catalog,
            earlier={name: self._record(name) for name in one.needs},
            as_of=self.as_of,
            folder=self.run.folder,
            progress=progress,
            parts=self._parts,
        )
        return one.verb(inputs)

    def _record(self, name: str) -> Record:
        one = stage(name)
        if is_up_to_date(one, self.run, self.hash_of(one)):
            return self.run.read(one.writes, one.record)
        if name == "trials":
            evidence = self._latest_evidence()
            if self._keeps:
                self.run.write(one.writes, evidence)
            return evidence
        record = self._verb(one)
        return self._keep(one, record) if self._keeps else record

    def _keep(self, one: Stage, record: Record) -> Record:
        """Write a record into the run folder and note it in the manifest."""
        self.run.write(one.writes, record)
        entry = StageEntry(
            state="done",
            inputs_hash=self.hash_of(one),
            seconds=round(time.monotonic() - self._started, 2),
            writes=one.writes,
            record_hash=file_hash(self.run.path(one.writes)),
        )
        changes: dict[str, object] = {"stages": {**self.run.manifest().stages, one.name: entry}}
        if one.name == "trials":
            changes["audit_head"] = audit_head(self.run.folder)
        self.run.update(**changes)
        return record

    def _latest_evidence(self) -> Evidence:
        latest = latest_run(reports_dir(), self.profile.team.name)
        if latest and is_up_to_date(stage("trials"), latest, self.hash_of(stage("trials"))):
            return latest.read("evidence.json", Evidence)
        return untested(self.as_of)


def untested(as_of: date) -> Evidence:
    """Return the evidence of a profile whose trials have not been run."""
    return Evidence(
        as_of=as_of,
        status="untested",
        because="no trial of this profile has been run: run notebook 04_trials or `playbook run`",
        prompt_sets={},
        endpoints=(),
        comparisons=(),
        samples=(),
        attempts=0,
        cost_usd=0.0,
        not_considered=(),
    )


def open_stage(name: str, run_dir: str, sections: Sequence[Mapping[str, Any]]) -> Session:
    """Open a stage in a notebook, from the sections that papermill injected.

    Args:
        name: Stage name.
        run_dir: Run folder; empty for `reports/<team>/bench`, made if it is missing.
        sections: The profile's seven sections in order, as mappings; all empty means the
            params file of `playbook lab`, else `params/demo.yaml`.

    Raises:
        ParamsError: when a section is wrong, with all its problems.
    """
    profile = _profile_of(dict(zip(SECTIONS, sections, strict=True)))
    catalog = session_catalog()
    run = Run(Path(run_dir) if run_dir else reports_dir() / profile.team.name / BENCH)
    if not run_dir:
        bench_manifest(run, profile, as_of=today(), catalog=catalog)
    as_of = date.fromisoformat(run.manifest().as_of)
    return Session(stage(name), profile, run=run, as_of=as_of, catalog=catalog)


def bench_manifest(run: Run, profile: Profile, *, as_of: date, catalog: Catalog) -> None:
    """Write the manifest of a run folder that no batch made, keeping stages already noted."""
    run.folder.mkdir(parents=True, exist_ok=True)
    before = run.manifest() if run.has(MANIFEST) else None
    manifest = Manifest(
        team=profile.team.name,
        started=datetime.now(UTC),
        status="by_hand",
        as_of=as_of.isoformat(),
        seed=profile.trials.seed,
        params_hash=params_hash(profile),
        catalog_hash=catalog.content_hash,
        stages=before.stages if before else {},
        audit_head=before.audit_head if before else "",
    )
    run.write(MANIFEST, manifest)


def _profile_of(sections: Mapping[str, Mapping[str, Any]]) -> Profile:
    """Return the profile of sections, with the origins of its params file if it is that file's."""
    if not os.environ.get("PLAYBOOK_PARAMS"):
        return profile_from_sections(**sections)
    if not any(sections.values()):
        return load_profile(params_file())
    profile, filed = profile_from_sections(**sections), load_profile(params_file())
    return filed if dump_sections(filed) == dump_sections(profile) else profile
