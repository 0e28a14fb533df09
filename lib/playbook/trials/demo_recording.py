"""Record the answers of the demonstration models, for platforms on which the engine can't run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from playbook.clearance import EMBEDDED_ADDRESS, Clearance, EndpointClearance
from playbook.profile import Endpoint, Profile
from playbook.profile.endpoints import EmbeddedModel
from playbook.trials.audit import AuditLog
from playbook.trials.connecting import RECORDING, opened
from playbook.trials.evidence_records import Evidence
from playbook.trials.run import run_trials
from playbook.vocabulary import DataClass, DataType

if TYPE_CHECKING:
    from playbook.catalog import Catalog

PROMPT_SETS = ("demo_support", "demo_freight")


def record_demo(
    profile: Profile, catalog: Catalog, *, as_of: date, path: Path = RECORDING
) -> Evidence:
    """Record what every bundled model answers to the demonstration prompts.

    Run it with `params/demo.yaml` after the demonstration models or their prompts have changed.
    Every prompt is recorded, whatever its label: the models run on this machine, and what a
    replayed endpoint may receive is decided anew each time.

    Args:
        profile: Its settings are used, and the dialects of its embedded endpoints.
        catalog: Facts.
        as_of: Day of the recording.
        path: File to write anew.

    Returns:
        The evidence of the recorded run.

    Raises:
        EngineError: when the engine can't run here.
    """
    from playbook.trials.clients import RecordingClient  # noqa: PLC0415  imports an HTTP library

    endpoints = tuple(_places(profile.trials.endpoints))
    section = profile.trials.changed(
        endpoints=endpoints,
        prompt_sets=PROMPT_SETS,
        prompts_per_task=None,
        concurrency=1,  # so that the lines of each model stand in the order of the prompts
        latency_calls=0,
        load_sweep=(),
        parity=(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as name,
        AuditLog(Path(name) / "stopped.jsonl") as stopped,
        opened(endpoints, stopped) as connection,
    ):
        fresh = Path(name) / path.name
        evidence = run_trials(
            profile.changed(trials=section),
            catalog,
            _clearance(endpoints),
            folder=Path(name),
            as_of=as_of,
            client=RecordingClient(connection.client, fresh),
        )
        shutil.copyfile(fresh, path)
    return evidence


def _places(endpoints: Iterable[Endpoint]) -> Iterable[Endpoint]:
    """Yield an endpoint for each bundled model, and for each further dialect that is wanted."""
    for model in get_args(EmbeddedModel):
        yield Endpoint(id=model, embedded=model, operator="self", perimeter="on_prem")
    others = {(one.embedded, one.dialect) for one in endpoints if one.embedded is not None}
    for model, dialect in sorted(others):
        if dialect != "openai":
            yield Endpoint(id=f"{model}-{dialect}", embedded=model, dialect=dialect)


def _clearance(endpoints: Iterable[Endpoint]) -> Clearance:
    entries = (
        EndpointClearance(
            endpoint=one.id,
            highest_class=DataClass.RESTRICTED,
            allowed_addresses=(EMBEDDED_ADDRESS,),
        )
        for one in endpoints
    )
    return Clearance(
        endpoints=tuple(entries), team_class=DataClass.RESTRICTED, team_types=get_args(DataType)
    )
