"""Run the six notebooks of one team, resuming at the first that is not up to date."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from playbook.catalog import Catalog
from playbook.errors import ArtefactError
from playbook.profile import Profile, dump_sections, load_profile, params_hash
from playbook.runs import Run, StageEntry, point_latest, runs_of, start_run, write_text
from playbook.stages.catalogs import catalog_for
from playbook.stages.freshness import inputs_hash, is_up_to_date
from playbook.stages.places import notebooks_dir
from playbook.stages.progress import PROGRESS_FILE, read_progress
from playbook.stages.table import STAGES, Stage
from playbook.trials.audit import AUDIT_LOG, audit_head, verify_audit
from playbook.trials.late_scores import scores_path
from playbook.trials.ledger import LEDGER

PACKAGES = ("playbook", "litellm", "papermill", "pandas", "plotly", "numpy", "pydantic")


@dataclass(frozen=True)
class Event:
    """One step of one team's run, for the progress display."""

    team: str
    kind: Literal["start", "cell", "note", "done", "kept", "failed", "finished"]
    stage: str = ""
    cell: int = 0
    cells: int = 0
    seconds: float = 0.0
    note: str = ""


Emit = Callable[[Event], None]


@dataclass(frozen=True)
class TeamResult:
    """How one team's run ended."""

    team: str
    folder: Path
    ok: bool
    seconds: float
    failed_stage: str = ""
    failed_notebook: str = ""
    failed_cell: int | None = None
    error: str = ""
    fresh: bool = True
    """False when everything was already up to date."""


def run_team(
    params: Path, out: Path, *, as_of: date, emit: Emit, fresh: bool = False
) -> TeamResult:
    """Run all stages of one team and return how it ended; never raises for a failed notebook.

    Raises:
        ParamsError: when the params file is wrong.
    """
    begun = time.monotonic()
    profile, catalog = load_profile(params), catalog_for(params)
    run = _run_folder(profile, catalog, params, out=out, as_of=as_of, fresh=fresh)
    stale = [one for one in STAGES if not _is_kept(one, run, profile, catalog, as_of)]
    first = STAGES.index(stale[0]) if stale else len(STAGES)
    if not stale and run.manifest().status == "complete" and run.has("report.html"):
        emit(Event(profile.team.name, "finished", note="up to date"))
        return TeamResult(profile.team.name, run.folder, True, 0.0, fresh=False)
    run.update(status="running", finished=None)
    for number, one in enumerate(STAGES):
        if number < min(first, len(STAGES) - 1):
            emit(Event(profile.team.name, "kept", one.name))
            continue
        failure = _run_stage(one, run, profile, emit=emit)
        if failure:
            _end(run, "failed")
            return _failed(profile, run, one, failure, time.monotonic() - begun)
    _end(run, "complete")
    point_latest(run)
    seconds = time.monotonic() - begun
    emit(Event(profile.team.name, "finished", seconds=seconds))
    return TeamResult(profile.team.name, run.folder, True, seconds)


def _end(run: Run, status: Literal["complete", "failed"]) -> None:
    """Write into the manifest how a run ended, with the head of its audit log."""
    head = audit_head(run.folder)
    run.update(status=status, finished=datetime.now(UTC), audit_head=head)


def _is_kept(one: Stage, run: Run, profile: Profile, catalog: Catalog, as_of: date) -> bool:
    expected = inputs_hash(
        one, profile, catalog_hash=catalog.content_hash, as_of=as_of.isoformat(), run=run
    )
    executed = run.path("notebooks") / one.notebook
    return executed.is_file() and is_up_to_date(one, run, expected)


def _run_folder(
    profile: Profile, catalog: Catalog, params: Path, *, out: Path, as_of: date, fresh: bool
) -> Run:
    """Return the newest run if it can be resumed or is up to date, else a new one."""
    newest = next(iter(runs_of(out, profile.team.name)), None)
    facts = {
        "params": params.name,
        "params_hash": params_hash(profile),
        "catalog_hash": catalog.content_hash,
        "seed": profile.trials.seed,
        "versions": {name: version(name) for name in PACKAGES}
        | {"python": platform.python_version()},
        "git_commit": _git_commit(),
    }
    if newest is not None and not fresh and _can_go_on(newest, profile, catalog, as_of):
        newest.update(as_of=as_of.isoformat(), **facts)
        return newest
    run = start_run(
        out, profile.team.name, started=datetime.now(UTC), as_of=as_of.isoformat(), facts=facts
    )
    if newest is not None and not fresh:
        carry_answers(newest, run)
    return run


def carry_answers(old: Run, new: Run) -> None:
    """Take paid answers along, so that a prompt is not paid for twice; errors are tried again.

    A line of the ledger is used only for exactly the same prompt, endpoint, model and settings.
    """
    if not old.has(LEDGER):
        return
    lines = old.path(LEDGER).read_text(encoding="utf-8").split("\n")  # texts may hold other ends
    kept = [line for line in lines if _is_answer(line)]
    write_text(new.path(LEDGER), "".join(f"{line}\n" for line in kept))
    new.path(LEDGER).chmod(0o600)
    if (scores := scores_path(old.path(LEDGER))).is_file():
        write_text(scores_path(new.path(LEDGER)), scores.read_text(encoding="utf-8"))
        scores_path(new.path(LEDGER)).chmod(0o600)


def _is_answer(line: str) -> bool:
    try:
        return json.loads(line).get("outcome") in ("answered", "truncated", "filtered")
    except ValueError:  # a line torn by a crash
        return False


def _can_go_on(run: Run, profile: Profile, catalog: Catalog, as_of: date) -> bool:
    try:
        unfinished = run.manifest().status != "complete"
        whole = _log_is_whole(run)
    except ArtefactError:
        return False
    kept = unfinished or all(_is_kept(one, run, profile, catalog, as_of) for one in STAGES)
    return whole and kept


def _log_is_whole(run: Run) -> bool:
    """Return whether the audit log still holds all up to where the run last stopped.

    If not, its folder is left as evidence: going on would bury the cut under a new head.
    """
    head, path = run.manifest().audit_head, run.path(AUDIT_LOG)
    if not path.is_file():
        return not head
    return verify_audit(path, head or None, grows=True).intact


def _run_stage(one: Stage, run: Run, profile: Profile, *, emit: Emit) -> StageEntry | None:
    """Run one notebook; return its entry if it failed."""
    from playbook.batch.engine import NotebookFailedError, execute  # noqa: PLC0415  slow import

    team, begun = profile.team.name, time.monotonic()
    emit(Event(team, "start", one.name))
    notebook = notebooks_dir() / one.notebook
    parameters = {
        **dump_sections(profile),
        "run_dir": str(run.folder.resolve()),
        "interactive": False,
    }
    try:
        with _watching(run, one, team, emit=emit):
            execute(
                notebook,
                run.path("notebooks") / one.notebook,
                parameters,
                on_cell=lambda cell, cells: emit(Event(team, "cell", one.name, cell, cells)),
            )
        error, cell = "", None
    except NotebookFailedError as failure:
        error, cell = str(failure), failure.cell
    except RuntimeError as failure:  # nbclient: the kernel died
        error, cell = f"{type(failure).__name__}: {failure}", None
    seconds = time.monotonic() - begun
    entry = run.manifest().stages.get(one.name)
    if not error and (entry is None or entry.state != "done"):
        error = f"{one.notebook} ran, but did not save {one.writes}"
    if not error:
        emit(Event(team, "done", one.name, seconds=seconds))
        return None
    failed = StageEntry(state="failed", inputs_hash="", seconds=seconds, error=error, cell=cell)
    run.update(stages={**run.manifest().stages, one.name: failed})
    emit(Event(team, "failed", one.name, seconds=seconds, note=error))
    return failed


@contextmanager
def _watching(run: Run, one: Stage, team: str, *, emit: Emit) -> Iterator[None]:
    """While trials run, pass on how far they are: one cell may take minutes."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(1.0):
            if line := read_progress(run.folder):
                emit(Event(team, "note", one.name, note=line))

    if one.name != "trials":
        yield
        return
    run.path(PROGRESS_FILE).unlink(missing_ok=True)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()
        run.path(PROGRESS_FILE).unlink(missing_ok=True)


def _failed(
    profile: Profile, run: Run, one: Stage, entry: StageEntry, seconds: float
) -> TeamResult:
    return TeamResult(
        team=profile.team.name,
        folder=run.folder,
        ok=False,
        seconds=seconds,
        failed_stage=one.name,
        failed_notebook=str(run.path("notebooks") / one.notebook),
        failed_cell=entry.cell,
        error=entry.error,
    )


def _git_commit() -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607  git as the user's PATH has it
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
            cwd=os.environ["PLAYBOOK_PARAMS_DIR"],
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
