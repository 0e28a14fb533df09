"""The table of stages: notebook, verb, what each reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from playbook.compliance.records import Compliance
from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.landscape.records import Landscape
from playbook.profile import Profile
from playbook.records import Record
from playbook.stages.option_costs import costs_of, seed_of, usd_per_month
from playbook.trials import TrialProgress
from playbook.trials.evidence_records import Evidence

if TYPE_CHECKING:
    from playbook.catalog import Catalog
    from playbook.costs.estimate import Part

Progress = Callable[[TrialProgress], None]


@dataclass(frozen=True)
class Inputs:
    """Everything that a stage may read."""

    profile: Profile
    catalog: Catalog
    earlier: Mapping[str, Record]
    as_of: date
    folder: Path
    progress: Progress | None = None
    parts: Sequence[Part] | None = None
    """Parts of the costs that a form shows; all if left out."""


@dataclass(frozen=True)
class Stage:
    """One stage: a notebook around one verb."""

    name: str
    notebook: str
    """Notebook file name."""
    title: str
    reads: tuple[str, ...]
    """Profile sections; the result must not depend on others."""
    needs: tuple[str, ...]
    """Earlier stages whose records it takes."""
    writes: str
    """File in the run folder."""
    record: type[Record]
    verb: Callable[[Inputs], Record]
    draws: bool = False
    """Whether it draws random numbers: then the profile's seed counts too."""


def _start(inputs: Inputs) -> Record:
    return inputs.profile


def _landscape(inputs: Inputs) -> Record:
    from playbook.landscape import screen_models  # noqa: PLC0415  a stage loads when it runs

    return screen_models(inputs.profile, inputs.catalog, as_of=inputs.as_of)


def _compliance(inputs: Inputs) -> Record:
    from playbook.compliance import assess_compliance  # noqa: PLC0415  a stage loads when it runs

    money = usd_per_month(inputs.profile, inputs.catalog, as_of=inputs.as_of)
    return assess_compliance(
        inputs.profile, inputs.catalog, as_of=inputs.as_of, usd_per_month=money
    )


def _costs(inputs: Inputs) -> Record:
    return costs_of(inputs.profile, inputs.catalog, as_of=inputs.as_of, parts=inputs.parts)


def _trials(inputs: Inputs) -> Record:
    from playbook.trials import run_trials  # noqa: PLC0415  a stage loads when it runs

    compliance = cast("Compliance", inputs.earlier["compliance"])
    return run_trials(
        inputs.profile,
        inputs.catalog,
        compliance.clearance,
        folder=inputs.folder,
        as_of=inputs.as_of,
        progress=inputs.progress,
    )


def _decision(inputs: Inputs) -> Record:
    import numpy as np  # noqa: PLC0415  a stage loads when it runs

    from playbook.decision import decide  # noqa: PLC0415  a stage loads when it runs
    from playbook.stages.measured import costs_with_trials  # noqa: PLC0415  as above

    earlier = inputs.earlier
    evidence = cast("Evidence", earlier["trials"])
    measured = costs_with_trials(
        inputs.profile,
        inputs.catalog,
        cast("Costs", earlier["costs"]),
        evidence,
        as_of=inputs.as_of,
    )
    decision = decide(
        inputs.profile,
        measured.catalog,
        cast("Landscape", earlier["landscape"]),
        cast("Compliance", earlier["compliance"]),
        measured.costs,
        evidence,
        rng=np.random.default_rng(seed_of("decision", inputs.profile)),
        as_of=inputs.as_of,
    )
    return decision.changed(
        corrections=measured.corrections, measurements_left_out=measured.left_out
    )


FACTS = ("team", "workload", "data", "infrastructure", "domain")

STAGES: tuple[Stage, ...] = (
    Stage(
        "start", "00_start_here.ipynb", "Start here", (*FACTS, "trials", "weights"), (),
        "profile.json", Profile, _start,
    ),
    Stage(
        "landscape", "01_landscape.ipynb", "Landscape", FACTS, (),
        "landscape.json", Landscape, _landscape,
    ),
    Stage(
        "compliance", "02_compliance.ipynb", "Compliance", (*FACTS, "trials"), (),
        "compliance.json", Compliance, _compliance, draws=True,
    ),
    Stage(
        "costs", "03_costs.ipynb", "Costs", FACTS, (), "costs.json", Costs, _costs, draws=True
    ),
    Stage(
        "trials", "04_trials.ipynb", "Trials", ("team", "workload", "data", "trials"),
        ("compliance",), "evidence.json", Evidence, _trials,
    ),
    Stage(
        "decision", "05_decision.ipynb", "Decision", (*FACTS, "trials", "weights"),
        ("start", "landscape", "compliance", "costs", "trials"),
        "decision.json", Decision, _decision, draws=True,
    ),
)  # fmt: skip


def stage(name: str) -> Stage:
    """Return a stage by name.

    Raises:
        KeyError: when there is none of that name.
    """
    return next(one for one in STAGES if one.name == name)
