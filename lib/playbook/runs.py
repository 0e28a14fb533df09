"""A run folder: `reports/<team>/<YYYYMMDD-HHMMSS>/`, its manifest, and the newest complete one."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from playbook.errors import ArtefactError
from playbook.records import AnyRecord, Record

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"

StageState = Literal["done", "failed"]


class StageEntry(Record):
    """How one stage of a run ended."""

    state: StageState
    """done or failed."""
    inputs_hash: str
    """Hash of what it read: sections, catalog, prompts, code, earlier records."""
    seconds: float
    """Wall time."""
    error: str = ""
    """Last line of the error, if it failed."""
    cell: int | None = None
    """Number of the cell that failed."""
    writes: str = ""
    """File of its record."""
    record_hash: str = ""
    """SHA-256 of the record's file: a file that was changed or damaged is made anew."""


class Manifest(Record):
    """What a run was made of, and how far it got."""

    schema_version: int = SCHEMA_VERSION
    """Version of the run folder's layout."""
    team: str
    """Team name."""
    started: datetime
    """Start, UTC."""
    finished: datetime | None = None
    """End, UTC; None while it is unfinished."""
    status: Literal["running", "complete", "failed", "by_hand"] = "running"
    """Only `complete` runs are ever `latest`; `by_hand`: notebooks that no batch ran."""
    as_of: str
    """Day for which the run holds, ISO date."""
    versions: dict[str, str] = Field(default_factory=dict)
    """Versions of the packages that matter."""
    git_commit: str = ""
    """Commit of the project, if it is a checkout."""
    params: str = ""
    """Params file, relative."""
    params_hash: str = ""
    """Hash of the merged profile without origins."""
    catalog_hash: str = ""
    """Hash of all facts."""
    seed: int = 0
    """Seed of everything random."""
    audit_head: str = ""
    """Hash of the last line of `audit.jsonl` when the run ended: shows a cut tail."""
    stages: dict[str, StageEntry] = Field(default_factory=dict)
    """By stage."""


class Run:
    """One run folder; every write goes to a temporary name and is renamed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return the path of a file in the folder."""
        return self.folder / name

    def has(self, name: str) -> bool:
        """Return whether a file is there."""
        return self.path(name).is_file()

    def manifest(self) -> Manifest:
        """Return the manifest.

        Raises:
            ArtefactError: when it is missing, unreadable or of another schema.
        """
        return self.read(MANIFEST, Manifest)

    def update(self, **changes: object) -> Manifest:
        """Change fields of the manifest and write it."""
        manifest = self.manifest().changed(**changes)
        self.write(MANIFEST, manifest)
        return manifest

    def changed_records(self) -> tuple[str, ...]:
        """Return the record files that differ from what their stage wrote."""
        entries = self.manifest().stages.values()
        return tuple(
            one.writes
            for one in entries
            if one.writes
            and one.record_hash
            and one.record_hash != file_hash(self.path(one.writes))
        )

    def write(self, name: str, record: Record) -> Path:
        """Write a record as JSON, whole or not at all."""
        return write_text(self.path(name), record.model_dump_json(indent=1) + "\n")

    def read(self, name: str, kind: type[AnyRecord]) -> AnyRecord:
        """Return a record of the folder.

        Raises:
            ArtefactError: when the file is missing, or not a record of that kind.
        """
        path = self.path(name)
        try:
            return kind.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            msg = f"{path}: missing; run `playbook run` for this team first"
            raise ArtefactError(msg) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            msg = (
                f"{path}: not a {kind.__name__} of this version ({where}: {first['msg']}); "
                "run `playbook run` again"
            )
            raise ArtefactError(msg) from error


def write_text(path: Path, text: str) -> Path:
    """Write a text file through a temporary name in the same folder, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def start_run(
    out: Path, team: str, *, started: datetime, as_of: str, facts: Mapping[str, Any]
) -> Run:
    """Make a new run folder with its manifest.

    Args:
        out: Folder of all reports.
        team: Team name; its folder.
        started: Start, UTC.
        as_of: Day for which the run holds, ISO date.
        facts: Further manifest fields: versions, hashes, seed, params.
    """
    stamp = started.strftime("%Y%m%d-%H%M%S")
    folder, number = out / team / stamp, 1
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=False)
            break
        except FileExistsError:
            number += 1
            folder = out / team / f"{stamp}-{number}"
    run = Run(folder)
    run.write(MANIFEST, Manifest(team=team, started=started, as_of=as_of, **facts))
    return run


def runs_of(out: Path, team: str) -> tuple[Run, ...]:
    """Return the readable runs of a team, newest first; what notebooks by hand wrote is none."""
    folder = out / team
    if not folder.is_dir():
        return ()
    found = [
        Run(path)
        for path in sorted(folder.iterdir(), reverse=True)
        if path.name[:1].isdigit() and not path.is_symlink() and (path / MANIFEST).is_file()
    ]
    return tuple(found)


def latest_run(out: Path, team: str) -> Run | None:
    """Return the newest complete run of a team, or None."""
    for run in runs_of(out, team):
        try:
            if run.manifest().status == "complete":
                return run
        except ArtefactError:
            continue
    return None


def point_latest(run: Run) -> None:
    """Make `latest` in the team's folder point to a run (a relative link, replaced at once)."""
    link = run.folder.parent / "latest"
    temporary = run.folder.parent / f".latest.{os.getpid()}"
    temporary.unlink(missing_ok=True)
    try:
        temporary.symlink_to(run.folder.name)
        temporary.replace(link)
    except OSError:  # no links on this file system: leave a text file with the name
        temporary.unlink(missing_ok=True)
        write_text(run.folder.parent / "latest.txt", run.folder.name + "\n")


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, or `missing`."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


def canonical_json(value: object) -> str:
    """Return JSON with sorted keys and no spaces: the form that is hashed.

    Example:
        >>> canonical_json({"b": 1, "a": [2]})
        '{"a":[2],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
