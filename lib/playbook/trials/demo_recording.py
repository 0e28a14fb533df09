"""Record the demonstration models' answers, which stand in where their engine can't run."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from playbook.clearance import EMBEDDED_ADDRESS, Clearance, EndpointClearance
from playbook.profile import Profile
from playbook.trials.audit import AuditLog
from playbook.trials.connecting import RECORDING, opened
from playbook.trials.evidence_records import Evidence
from playbook.trials.run import run_trials
from playbook.vocabulary import DataClass, DataType

if TYPE_CHECKING:
    from playbook.catalog import Catalog


def record_demo(
    profile: Profile, catalog: Catalog, *, as_of: date, path: Path = RECORDING
) -> Evidence:
    """Record the demonstration models' answers, for platforms on which the engine can't run.

    Run it with `params/demo.yaml` after the demonstration models or their prompts have changed.
    Every prompt is recorded, whatever its label: the models run on this machine, and what a
    replayed endpoint may receive is decided anew each time.

    Args:
        profile: Only its embedded endpoints are recorded.
        catalog: Facts.
        as_of: Day of the recording.
        path: File to write anew.

    Returns:
        The evidence of the recorded run.

    Raises:
        EngineError: when the engine can't run here.
    """
    from playbook.trials.clients import RecordingClient  # noqa: PLC0415  imports an HTTP library

    embedded = tuple(one for one in profile.trials.endpoints if one.embedded is not None)
    section = profile.trials.changed(endpoints=embedded, prompts_per_task=None)
    entries = [
        EndpointClearance(
            endpoint=one.id,
            highest_class=DataClass.RESTRICTED,
            allowed_addresses=(EMBEDDED_ADDRESS,),
        )
        for one in embedded
    ]
    clearance = Clearance(
        endpoints=tuple(entries),
        team_class=DataClass.RESTRICTED,
        team_types=get_args(DataType),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as name,
        AuditLog(Path(name) / "stopped.jsonl") as stopped,
        opened(embedded, stopped) as connection,
    ):
        fresh = Path(name) / path.name
        evidence = run_trials(
            profile.changed(trials=section),
            catalog,
            clearance,
            folder=Path(name),
            as_of=as_of,
            client=RecordingClient(connection.client, fresh),
        )
        shutil.copyfile(fresh, path)
    return evidence
