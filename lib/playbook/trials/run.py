"""The stage `trials`: prompts to endpoints, answers to the ledger, the ledger to evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.clearance import Clearance
from playbook.profile import Endpoint, Profile, params_dir
from playbook.runs import MANIFEST, Run
from playbook.trials.attempting import Asker
from playbook.trials.audit import AUDIT_LOG, AuditLog
from playbook.trials.blocking import run_to_end
from playbook.trials.client import Client
from playbook.trials.connecting import Connection, given, opened, speaks_openai
from playbook.trials.evidence import make_evidence, untested
from playbook.trials.evidence_records import Evidence
from playbook.trials.gate import GatedClient
from playbook.trials.judging.labels import load_labels
from playbook.trials.judging.readings import judge_phase
from playbook.trials.ledger import LEDGER, Ledger, read_ledger
from playbook.trials.load.planning import load_phases
from playbook.trials.money import Purse, charged_usd, endpoint_price
from playbook.trials.observing import Observer, observing
from playbook.trials.parity_plan import noise_phase
from playbook.trials.phases import (
    Agenda,
    Planner,
    latency_phase,
    quality_phase,
    sent_by,
)
from playbook.trials.plan import Trial, plan_trials, ruling_on
from playbook.trials.progress import ProgressCallback
from playbook.trials.prompt_records import PromptSet
from playbook.trials.prompts import load_prompt_sets
from playbook.trials.runner import Runner
from playbook.trials.screening import Screen, screen_of
from playbook.trials.store import STORE, AnswerStore, keep_new, take_stored
from playbook.trials.timing import Timing

if TYPE_CHECKING:
    from playbook.catalog import Catalog, PriceList

PHASES: Sequence[Planner] = (quality_phase, judge_phase, noise_phase, latency_phase, load_phases)
"""What a run consists of, in this order; a planner without work yields no phase."""


@dataclass(frozen=True)
class _Job:
    profile: Profile
    clearance: Clearance
    prompt_sets: Sequence[PromptSet]
    plan: Sequence[Trial]
    prices: dict[str, PriceList | None]
    progress: ProgressCallback | None
    timing: Timing
    screen: Screen
    phases: Sequence[Planner] = PHASES

    def may_send(self, trial: Trial) -> bool:
        return ruling_on(trial, self.clearance, self.screen).allowed

    def agenda(self, ledger: Ledger, reached_by_lean: Callable[[Endpoint], bool]) -> Agenda:
        return Agenda(
            self.profile,
            self.prompt_sets,
            self.plan,
            may_send=self.may_send,
            reached_by_lean=reached_by_lean,
            attempts=ledger.attempts,
        )


def run_trials(  # noqa: PLR0913  the signature of a stage, and two seams for tests
    profile: Profile,
    catalog: Catalog,
    clearance: Clearance,
    *,
    folder: Path,
    as_of: date,
    progress: ProgressCallback | None = None,
    client: Client | None = None,
    timing: Timing | None = None,
    prompt_sets: Sequence[PromptSet] | None = None,
    phases: Sequence[Planner] = PHASES,
) -> Evidence:
    """Try the profile's prompts on its endpoints and return the evidence.

    Each attempt is in `trials.jsonl` of the folder before the next one starts, and each prompt that
    is about to leave in `audit.jsonl`. Run again on the same folder, it asks only what has no
    result yet. Works in a notebook, whose event loop is running, as well as outside.

    Args:
        profile: Its section `trials` says what is tried.
        catalog: Prices of endpoints that are options.
        clearance: Which data class may go where; what may not go is not sent.
        folder: Run folder.
        as_of: Day of the run.
        progress: Called after each step; in a notebook from another thread.
        client: What sends; left out, the embedded engines are started and litellm is used.
        timing: Clock and sleep, for tests.
        prompt_sets: The profile's prompt sets; left out, they are read from its `prompts` folder.
        phases: What the run consists of.

    Returns:
        The evidence; `untested` when the profile names no endpoint or no prompt set.

    Raises:
        PromptSetError: when a prompt set is missing or wrong.
        EngineError: when an embedded engine can't be started.
        TrialError: when another run writes to the folder, or the scan's model can't be had.
        ArtefactError: when the audit log can't be written, or lacks what it held at the last stop.
    """
    section = profile.trials
    if not section.endpoints or not section.prompt_sets:
        return untested(profile, as_of=as_of)
    labels = {} if prompt_sets else load_labels(section.prompt_sets, params_dir() / "prompts")
    prompt_sets = prompt_sets or load_prompt_sets(section.prompt_sets, params_dir() / "prompts")
    plan = plan_trials(profile, prompt_sets)
    prices = {
        one.id: endpoint_price(one, profile, catalog, as_of=as_of) for one in section.endpoints
    }
    timing = timing or Timing()
    screen = screen_of(section, as_of=as_of, today=timing.now().date())
    job = _Job(profile, clearance, prompt_sets, plan, prices, progress, timing, screen, phases)
    kept_head = Run(folder).manifest().audit_head if Run(folder).has(MANIFEST) else ""
    with (
        Ledger(folder / LEDGER) as ledger,
        AuditLog(folder / AUDIT_LOG, kept_head=kept_head) as audit,
        _sharing(job, folder, ledger),
    ):
        asked = _endpoints_to_ask(job, ledger, lean=client is None)
        source = opened(asked, audit) if client is None else nullcontext(given(client, asked))
        with source as connection, observing(folder.resolve().name) as observer:
            stopped = run_to_end(lambda: _run(job, connection, ledger, audit, observer))
        attempts = ledger.attempts()
    return make_evidence(
        profile, prompt_sets, attempts, as_of=as_of, stopped=stopped, screen=screen, labels=labels
    )


@contextmanager
def _sharing(job: _Job, folder: Path, ledger: Ledger) -> Iterator[None]:
    """Take answers from the store that teams share before a run, and keep its own after it."""
    if not job.profile.trials.reuse_answers:
        yield
        return
    store = AnswerStore(folder.resolve().parents[1] / STORE)
    take_stored(store, ledger, job.plan, may_send=job.may_send, now=job.timing.now())
    try:
        yield
    finally:
        keep_new(store, ledger.attempts(), job.plan)


def evidence_of(profile: Profile, *, folder: Path, as_of: date) -> Evidence:
    """Return the evidence that a run folder holds, without asking anybody.

    Args:
        profile: The profile that was run.
        folder: Run folder with its `trials.jsonl`.
        as_of: Day of the run.

    Raises:
        PromptSetError: when a prompt set is missing or wrong.
        ArtefactError: when the ledger is damaged.
    """
    sets: tuple[PromptSet, ...] = ()
    if profile.trials.endpoints and profile.trials.prompt_sets:
        sets = load_prompt_sets(profile.trials.prompt_sets, params_dir() / "prompts")
    labels = load_labels([one.id for one in sets], params_dir() / "prompts")
    return make_evidence(profile, sets, read_ledger(folder / LEDGER), as_of=as_of, labels=labels)


async def _run(
    job: _Job, connection: Connection, ledger: Ledger, audit: AuditLog, observer: Observer
) -> tuple[str, ...]:
    section = job.profile.trials
    lean = connection.lean
    asker = Asker(
        GatedClient(connection.client, job.clearance, audit, job.screen),
        section.deadline_s,
        job.timing,
        recorded=connection.recorded,
        lean_gate=GatedClient(lean, job.clearance, audit, job.screen) if lean else None,
    )
    agenda = job.agenda(ledger, connection.reached_by_lean)
    runner = Runner(
        asker,
        ledger,
        job.clearance,
        section=section,
        prices=job.prices,
        purse=Purse(section.money_cap_usd, spent_usd=charged_usd(ledger.attempts())),
        screen=job.screen,
        progress=job.progress,
        observer=observer,
        expected=len(_planned(agenda, job.phases)),
    )
    try:
        for planner in job.phases:
            for phase in planner(agenda):
                await runner.run(phase, sent_by(phase, connection.reached_by_lean))
        return runner.stopped
    finally:
        await connection.close()


def _endpoints_to_ask(job: _Job, ledger: Ledger, *, lean: bool) -> list[Endpoint]:
    """Return the endpoints with a prompt that may be sent and has no answer yet.

    Where any has, the judge is needed too: its prompts are known only once there are answers.
    """
    agenda = job.agenda(ledger, lambda one: lean and speaks_openai(one))
    needed = {
        trial.endpoint.id
        for trial in _planned(agenda, job.phases)
        if not _answered(ledger, trial) and job.may_send(trial)
    }
    if needed and job.profile.trials.judge:
        needed.add(job.profile.trials.judge)
    return [one for one in job.profile.trials.endpoints if one.id in needed]


def _planned(agenda: Agenda, phases: Sequence[Planner]) -> list[Trial]:
    """Return the trials of all phases that can be planned by now."""
    return [trial for planner in phases for phase in planner(agenda) for trial in phase.trials]


def _answered(ledger: Ledger, trial: Trial) -> bool:
    result = ledger.result(trial.run_key)
    return result is not None and result.outcome != "refused_by_gate"
