"""A prompt set tried outside any team: its own label decides, and nobody's answers."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from playbook.catalog import Catalog
from playbook.catalog.conditions import comparisons_in
from playbook.catalog.controls import Regime
from playbook.clearance import Clearance
from playbook.compliance import assess_compliance
from playbook.errors import ArtefactError, ParamsError
from playbook.profile import Endpoint, Profile, params_hash
from playbook.profile.sections import Data
from playbook.profile.trial_settings import Trials
from playbook.records import Record
from playbook.runs import MANIFEST, Manifest, Run
from playbook.stages import checks
from playbook.trials.audit import audit_head
from playbook.trials.evidence_records import Evidence
from playbook.trials.prompt_records import PromptSet

EVIDENCE, WHAT_RAN = "evidence.json", "what_ran.json"
NAME = "outside-any-team"
NOT_APPLIED = (
    "outside any team only controls that look at the label of the data are applied, not those "
    "about an organisation, its use or its licences; run the set in a team's params for those"
)
_LABEL = frozenset({"data.data_class", "data.data_types"})
PACKAGES = ("playbook", "litellm", "numpy", "pydantic", "scipy")


class WhatRan(Record):
    """What a folder's answers were asked of, so that a change is seen."""

    prompt_set: str
    """Id of the set."""
    sha256: str
    """Hash of its file and images."""
    endpoints: dict[str, str]
    """Hash of each endpoint's settings, by id."""
    settings: dict[str, float | int | str | None]
    """Settings of the run that were chosen."""

    def changes_to(self, now: WhatRan) -> tuple[str, ...]:
        """Return in words what is another now."""
        lines = []
        if self.prompt_set != now.prompt_set:
            lines.append(f"prompt set {now.prompt_set} in place of {self.prompt_set}")
        elif self.sha256 != now.sha256:
            lines.append(f"prompt set {now.prompt_set} was changed")
        for name in sorted({*self.endpoints, *now.endpoints}):
            before, after = self.endpoints.get(name), now.endpoints.get(name)
            if before != after:
                how = "is new" if before is None else "is left out" if after is None else "changed"
                lines.append(f"endpoint {name} {how}")
        for name, value in now.settings.items():
            if self.settings.get(name) != value:
                lines.append(f"{name} {self.settings.get(name)} -> {value}")
        return tuple(lines)


def profile_outside(
    prompt_set: PromptSet, endpoints: Sequence[Endpoint], settings: Mapping[str, object]
) -> Profile:
    """Return the profile of no team: the set's own label, some endpoints, settings of a run.

    Args:
        prompt_set: Its class and types are those of the data.
        endpoints: Where it is tried.
        settings: Fields of `Trials`; those left out have their default.

    Raises:
        ParamsError: when an endpoint could not be called as it is described.
    """
    header = prompt_set.header
    section = Trials.model_validate(
        {"latency_calls": 0, **settings, "endpoints": endpoints, "prompt_sets": (prompt_set.id,)}
    )
    types = header.data_types or None
    return Profile(data=Data(data_class=header.data_class, data_types=types), trials=section)


def clearance_outside(profile: Profile, catalog: Catalog, *, as_of: date) -> Clearance:
    """Return which data class may go to which endpoint where there is no team.

    Only controls that look at the label are applied: what the data's class and types ask of a
    place. Controls about an organisation, its use or its licences have nobody to answer for them;
    they are for a team's run. What the endpoint does not declare counts as not met.

    Args:
        profile: Of `profile_outside`.
        catalog: Controls and hosts.
        as_of: Day of the run.

    Raises:
        ParamsError: with every problem of an endpoint that its schema can't see.
    """
    bare = profile.changed(trials=profile.trials.changed(prompt_sets=()))
    if problems := checks.problems(bare, catalog):
        raise ParamsError("endpoints", problems)
    regimes = tuple(_of_the_label(one) for one in catalog.regimes)
    bound = catalog.model_copy(update={"regimes": regimes})
    return assess_compliance(profile, bound, as_of=as_of).clearance


def _of_the_label(regime: Regime) -> Regime:
    """Return a regime with those of its controls that look at the class or types of the data."""
    kept = [
        one
        for one in regime.controls
        if regime.id != "licences"
        and not _LABEL.isdisjoint(test.name for test in comparisons_in(one.applies_when))
    ]
    return regime.model_copy(update={"controls": tuple(kept)})


def what_runs(profile: Profile, prompt_set: PromptSet, settings: Mapping[str, object]) -> WhatRan:
    """Return what a run asks of whom."""
    ids = {one.id: one for one in profile.trials.endpoints}
    hashes = {
        name: params_hash(Profile(trials=Trials(endpoints=(one,))), "trials")
        for name, one in ids.items()
    }
    return WhatRan.model_validate(
        {
            "prompt_set": prompt_set.id,
            "sha256": prompt_set.sha256,
            "endpoints": hashes,
            "settings": dict(settings),
        }
    )


def began(folder: Path, now: WhatRan, profile: Profile, catalog: Catalog, *, as_of: date) -> None:
    """Write down that a run begins in a folder, new or not.

    Raises:
        ArtefactError: when the folder can't be written, or is a team's run.
    """
    run = Run(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        head = run.manifest().audit_head if run.has(MANIFEST) else ""
        manifest = Manifest(
            team=NAME,
            started=datetime.now(UTC),
            as_of=as_of.isoformat(),
            versions={name: version(name) for name in PACKAGES}
            | {"python": platform.python_version()},
            params_hash=params_hash(profile),
            catalog_hash=catalog.content_hash,
            seed=profile.trials.seed,
            audit_head=head,
        )
        run.write(MANIFEST, manifest)
        run.write(WHAT_RAN, now)
    except OSError as error:
        raise ArtefactError(f"{folder}: can't be written ({error.strerror})") from error


def changes_since(folder: Path, now: WhatRan) -> tuple[str, ...]:
    """Return what is another since a folder was last run in; nothing in a new one.

    Raises:
        ArtefactError: when the folder is a team's run.
    """
    run = Run(folder)
    if run.has(MANIFEST) and run.manifest().team != NAME:
        raise ArtefactError(f"{folder}: is the run of a team; choose another folder")
    return run.read(WHAT_RAN, WhatRan).changes_to(now) if run.has(WHAT_RAN) else ()


def ended(folder: Path, evidence: Evidence) -> Evidence:
    """Write down how a run ended; return its evidence, which says what was not applied."""
    run = Run(folder)
    evidence = evidence.changed(not_considered=(*evidence.not_considered, NOT_APPLIED))
    run.write(EVIDENCE, evidence)
    status = "complete" if evidence.status == "complete" else "failed"
    run.update(status=status, finished=datetime.now(UTC), audit_head=audit_head(folder))
    return evidence
