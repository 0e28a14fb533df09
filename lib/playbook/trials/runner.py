"""Run a plan of trials: each once, a few at a time, within deadline, money and clearance."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from playbook.catalog import PriceList
from playbook.clearance import Clearance, Ruling
from playbook.profile.endpoints import Endpoint
from playbook.profile.trial_settings import Trials
from playbook.trials.attempting import Asker
from playbook.trials.client import CallError
from playbook.trials.gate import Refused
from playbook.trials.ledger import Ledger
from playbook.trials.load.arrivals import send_when_due
from playbook.trials.money import Purse, most_input_tokens, needs_price, worst_case_usd
from playbook.trials.pace import Pacer
from playbook.trials.phases import Phase
from playbook.trials.plan import Trial, ruling_on
from playbook.trials.records import Attempt
from playbook.trials.retries import NO_RESULT_KINDS, is_retried, wait_before_retry_s
from playbook.trials.samples import may_be_told
from playbook.trials.scoring import takes_long
from playbook.trials.screening import Screen

GIVE_UP_AFTER = 5


@dataclass(frozen=True)
class TrialProgress:
    """How far a run is."""

    done: int
    """Trials with a result, those of an earlier run included."""
    total: int
    """Trials of the plan."""
    cost_usd: float
    """Money spent so far, worst case where the cost is not known."""
    waiting_for: str
    """What the run waits for, in words."""


ProgressCallback = Callable[[TrialProgress], None]


class Runner:
    """Runs trials against one client and writes each attempt to the ledger."""

    def __init__(  # noqa: PLR0913  what a run is made of, by name
        self,
        asker: Asker,
        ledger: Ledger,
        clearance: Clearance,
        *,
        section: Trials,
        prices: Mapping[str, PriceList | None],
        purse: Purse,
        screen: Screen | None = None,
        progress: ProgressCallback | None = None,
    ) -> None:
        self.asker = asker
        self.ledger = ledger
        self.clearance = clearance
        self.section = section
        self.prices = prices
        self.purse = purse
        self.screen = screen or Screen()
        self._progress = progress
        self._done = self._total = 0
        self._visits: dict[str, Visit] = {}

    @property
    def stopped(self) -> tuple[str, ...]:
        """Return why trials were left out, if any were; empty when every trial has a result."""
        return tuple(visit.stopped for visit in self._visits.values() if visit.stopped)

    async def run(self, phase: Phase, trials: Sequence[Trial]) -> None:
        """Run the trials of a phase that have no result yet.

        Endpoints run side by side, but those embedded in this machine one after another, so
        that none slows the other's measurement. An endpoint that was given up stays so.
        """
        self._total += len(trials)
        by_endpoint: dict[str, list[Trial]] = defaultdict(list)
        for trial in trials:
            by_endpoint[trial.endpoint.id].append(trial)
        queues: dict[str, list[tuple[Visit, list[Trial]]]] = defaultdict(list)
        for name, of_one in by_endpoint.items():
            endpoint = of_one[0].endpoint
            visit = self._visits.setdefault(name, Visit(self, endpoint))
            queues["this machine" if endpoint.embedded else name].append((visit, of_one))
        try:
            async with asyncio.TaskGroup() as group:
                for queue in queues.values():
                    group.create_task(_in_turn(queue, phase))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from several

    def report(self, waiting_for: str, *, finished: int = 0) -> None:
        """Tell the progress callback how far the run is."""
        self._done += finished
        if self._progress is not None:
            spent = self.purse.spent_usd
            self._progress(TrialProgress(self._done, self._total, spent, waiting_for))


async def _in_turn(queue: Sequence[tuple[Visit, Sequence[Trial]]], phase: Phase) -> None:
    for visit, trials in queue:
        await visit.run(phase, trials)


class Visit:
    """One endpoint during a run: what is known of it holds over all phases."""

    def __init__(self, runner: Runner, endpoint: Endpoint) -> None:
        self.runner = runner
        self.endpoint = endpoint
        self.stopped = ""
        self._price = runner.prices.get(endpoint.id)
        self._pacer = Pacer(endpoint, runner.asker.timing)
        self._failures_in_a_row = 0
        self._checked: set[str] = set()
        self._has_answered = False
        self._attempts = runner.section.attempts

    async def run(self, phase: Phase, trials: Sequence[Trial]) -> None:
        """Settle every trial, as many at a time as the phase allows, the first one alone.

        The first call of a run loads libraries and opens connections; it would slow those beside
        it. It also shows a wrong key or address at the price of one call.
        """
        self._attempts = phase.attempts or self.runner.section.attempts
        if phase.arrivals is not None:
            await self._run_when_due(phase, trials)
            return
        waiting = iter([trial for trial in trials if not self._settled_before(trial)])
        await self._work(itertools.islice(waiting, 1))
        async with asyncio.TaskGroup() as group:
            for _ in range(min(phase.in_flight, len(trials))):
                group.create_task(self._work(waiting))

    async def _run_when_due(self, phase: Phase, trials: Sequence[Trial]) -> None:
        calls = zip(phase.arrivals or (), trials, strict=False)
        await send_when_due(
            [(due_s, one) for due_s, one in calls if not self._settled_before(one)],
            lambda one, late_s: self._work(iter([replace(one, waited_s=late_s)])),
            places=phase.in_flight,
            timing=self.runner.asker.timing,
        )

    def _settled_before(self, trial: Trial) -> bool:
        """Return whether the ledger has the result; a refusal is one while it still holds."""
        result = self.runner.ledger.result(trial.run_key)
        if result is None:
            return False
        if result.outcome == "refused_by_gate":
            ruling = self._ruling(trial)
            if ruling.allowed or ruling.because != result.error:
                return False
        self.runner.report("answers recorded before", finished=1)
        return True

    def _ruling(self, trial: Trial) -> Ruling:
        return ruling_on(trial, self.runner.clearance, self.runner.screen)

    async def _work(self, waiting: Iterator[Trial]) -> None:
        for trial in waiting:
            if self._ruling(trial).allowed:
                settled = await self._settle(trial)
            else:
                settled = await self._ask(trial, 0, 0.0) is not None
            if settled:
                self.runner.report(f"answers of {self.endpoint.id}", finished=1)

    async def _settle(self, trial: Trial) -> bool:
        tries = [one for one in self.runner.ledger.tries(trial.run_key) if one.attempt > 0]
        number = len(tries)
        await self._check_once(trial)
        while not self.stopped:
            number += 1
            wait_s = await self._attempt(trial, number)
            if wait_s is None:
                return self.runner.ledger.result(trial.run_key) is not None
            self.runner.report(f"{self.endpoint.id}, another attempt in {wait_s:.0f} s")
            await self.runner.asker.timing.sleep(wait_s)
        return False

    async def _check_once(self, trial: Trial) -> None:
        """Get ready before a client's first call; stop where the model is not served at all."""
        if trial.client not in self._checked and not self.stopped:
            self._checked.add(trial.client)
            self.stopped = await self.runner.asker.objection(trial)

    async def _attempt(self, trial: Trial, number: int) -> float | None:
        """Make one attempt; return the seconds to wait before another, or None for no other."""
        worst = worst_case_usd(self._price, trial.request) if self._price else 0.0
        if not await self._may_spend(worst):
            return None
        charged = 0.0
        try:
            await self._pacer.turn(most_input_tokens(trial.request) + trial.request.max_tokens)
            if self.stopped:
                return None
            charged = worst  # until the ledger says what it was
            line, wait_s = await self._ask(trial, number, worst)
            charged = line.cost_usd if line.cost_usd is not None else line.at_most_usd or 0.0
        finally:
            self.runner.purse.settle(worst, charged)
        return wait_s

    async def _may_spend(self, worst: float) -> bool:
        recorded = self.endpoint.id in self.runner.asker.recorded
        if self._price is None and needs_price(self.endpoint) and not recorded:
            self.stopped = (
                f"{self.endpoint.id}: no price is known, so the money cap can't be kept; set "
                "input_usd_per_million_tokens and output_usd_per_million_tokens, or operator: self"
            )
        elif not await self.runner.purse.reserve(worst):
            self.stopped = (
                f"{self.endpoint.id}: the next call could cost {worst:.4f} USD, which would pass "
                f"the money cap of {self.runner.purse.cap_usd:g} USD "
                f"({self.runner.purse.spent_usd:.4f} spent)"
            )
        return not self.stopped

    async def _ask(self, trial: Trial, number: int, worst: float) -> tuple[Attempt, float | None]:
        """Ask once and write the line; return it with the seconds to wait before another."""
        reply, wait_s = await self.runner.asker.ask(trial), None
        if isinstance(reply, CallError):
            line, wait_s = self._failed(trial, number, reply, worst)
        elif isinstance(reply, Refused):
            line = self.runner.asker.refusal(trial, reply.ruling)
        else:
            self._failures_in_a_row, self._has_answered = 0, True
            answer = partial(self.runner.asker.answer, trial, number, reply, self._price)
            line = await asyncio.to_thread(answer) if takes_long(trial.prompt) else answer()
        self.runner.ledger.append(line)
        return line, wait_s

    def _failed(
        self, trial: Trial, number: int, error: CallError, worst: float
    ) -> tuple[Attempt, float | None]:
        asker = self.runner.asker
        again = is_retried(error) and number < self._attempts
        final = not again and error.kind not in NO_RESULT_KINDS
        wait_s = wait_before_retry_s(error, number, asker.timing.jitter) if again else None
        if error.kind == "rate_limit":
            self._pacer.pause(wait_s or error.retry_after_s or 0.0)
        at_most = worst if self._price else None
        line = asker.failure(trial, number, error, final=final, at_most_usd=at_most)
        if not again:
            self._note_failure(error, told=may_be_told(line))
        return line, wait_s

    def _note_failure(self, error: CallError, *, told: str) -> None:
        self._failures_in_a_row += error.kind != "bad_request" or not self._has_answered
        limit = max(GIVE_UP_AFTER, self.runner.section.concurrency)
        if error.kind == "auth":
            variable = self.endpoint.api_key_variable
            fix = f"; check {variable}" if variable and variable not in told else ""
            self.stopped = f"{self.endpoint.id}: {told}{fix}"
        elif self._failures_in_a_row >= limit:
            self.stopped = f"{self.endpoint.id}: {limit} prompts in a row failed ({told})"
