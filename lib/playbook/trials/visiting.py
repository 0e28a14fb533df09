"""One endpoint during a run: each of its trials settled, within limits, money and patience."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from playbook.catalog import PriceList
from playbook.clearance import Clearance, Ruling
from playbook.profile.endpoints import Endpoint
from playbook.profile.trial_settings import Trials
from playbook.trials.attempting import Asker
from playbook.trials.client import CallError, Reply
from playbook.trials.gate import Refused
from playbook.trials.ledger import Ledger
from playbook.trials.load.arrivals import send_when_due
from playbook.trials.money import Bill, Purse, charged_usd, needs_price, worst_case_usd
from playbook.trials.observing.observer import Observer
from playbook.trials.phases import Phase
from playbook.trials.plan import Trial, ruling_on
from playbook.trials.progress import Meter
from playbook.trials.records import Attempt
from playbook.trials.retries import (
    NO_RESULT_KINDS,
    asks_too_long,
    is_retried,
    is_transient,
    wait_before_retry_s,
)
from playbook.trials.samples import may_be_told
from playbook.trials.scoring import lacks_scores, scored
from playbook.trials.screening import Screen
from playbook.trials.turns import Seat, Turn, Turns

GIVE_UP_AFTER = 5
"""Prompts in a row that fail for good before the endpoint is given up."""
WORKERS_PER_PLACE = 2
"""While one waits to try again, another uses its place in flight."""


@dataclass(frozen=True)
class Means:
    """What the visits of a run share."""

    asker: Asker
    """Asks."""
    ledger: Ledger
    """Attempts so far, and where new ones go."""
    clearance: Clearance
    """Which data class may go where."""
    section: Trials
    """Attempts per prompt."""
    prices: Mapping[str, PriceList | None]
    """By endpoint id."""
    purse: Purse
    """Money of the run."""
    screen: Screen
    """The scan."""
    meter: Meter
    """Counts results."""
    observer: Observer | None = None
    """Told of each attempt."""


class Visit:
    """One endpoint during a run: what is known of it holds over all phases."""

    def __init__(self, means: Means, endpoint: Endpoint) -> None:
        self.means = means
        self.endpoint = endpoint
        self.stopped = ""
        self._timing = means.asker.timing
        self._price = means.prices.get(endpoint.id)
        earlier = [one for one in means.ledger.attempts() if one.endpoint == endpoint.id]
        self._turns = Turns(endpoint, self._timing, earlier=earlier, tell=self._tell)
        self._attempts = means.section.attempts
        self._failed_prompts = 0
        self._has_answered = False
        self._checked: set[str] = set()

    async def run(self, phase: Phase, trials: Sequence[Trial]) -> None:
        """Settle every trial, as many at a time as the phase allows, the first one alone.

        The first call opens connections; it would slow those beside it. It also shows a wrong key
        or address at the price of one call. Where the phase says when each call is sent, none is
        alone.
        """
        self._attempts = phase.attempts or self.means.section.attempts
        self._turns.begin(phase)
        if phase.arrivals is not None:
            await self._run_when_due(phase, trials)
            return
        open_trials = [trial for trial in trials if not self._settled_before(trial)]
        settled = {one.run_key for one in trials}.difference(one.run_key for one in open_trials)
        waiting = iter(open_trials)
        await self._work(itertools.islice(waiting, 1))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._score_earlier([t for t in trials if t.run_key in settled]))
            for _ in range(min(phase.in_flight * WORKERS_PER_PLACE, len(open_trials))):
                group.create_task(self._work(waiting))

    async def _run_when_due(self, phase: Phase, trials: Sequence[Trial]) -> None:
        calls = zip(phase.arrivals or (), trials, strict=True)
        waiting = [(due_s, one) for due_s, one in calls if not self._settled_before(one)]
        await send_when_due(waiting, self._due, timing=self._timing)

    async def _due(self, trial: Trial, due_s: float) -> None:
        await self._work(iter([replace(trial, due_s=due_s)]))

    def _settled_before(self, trial: Trial) -> bool:
        """Return whether the ledger has the result; a refusal is one while it still holds."""
        result = self.means.ledger.result(trial.run_key)
        if result is None:
            return False
        if result.outcome == "refused_by_gate":
            ruling = self._ruling(trial)
            if ruling.allowed or ruling.because != result.error:
                return False
        self.means.meter.ended(self.endpoint.id, "answers recorded before", before=True)
        return True

    def _ruling(self, trial: Trial) -> Ruling:
        return ruling_on(trial, self.means.clearance, self.means.screen)

    async def _work(self, waiting: Iterator[Trial]) -> None:
        for trial in waiting:
            if await self._settle(trial):
                self.means.meter.ended(self.endpoint.id, f"answers of {self.endpoint.id}")

    async def _settle(self, trial: Trial) -> bool:
        if not self._ruling(trial).allowed:
            said = await self.means.asker.ask(trial)  # the gate writes down that it refuses
            if isinstance(said, Refused):
                await self._write(self.means.asker.refusal(trial, said.ruling), trial)
            return isinstance(said, Refused)
        tries = [one for one in self.means.ledger.tries(trial.run_key) if one.attempt > 0]
        number, retry_s = len(tries), 0.0
        await self._check_once(trial)
        while not self.stopped:
            number += 1
            wait_s = await self._attempt(trial, number, retry_s)
            if wait_s is None:
                result = self.means.ledger.result(trial.run_key)
                if result is not None and lacks_scores(trial.prompt, result):
                    self._observe(await self._score(trial, result), trial)
                return result is not None
            self._tell(f"another attempt in {wait_s:.0f} s")
            await self._timing.sleep(wait_s)
            retry_s = wait_s
        return False

    def _tell(self, words: str) -> None:
        self.means.meter.told(f"{self.endpoint.id}, {words}")

    async def _check_once(self, trial: Trial) -> None:
        """Get ready before a client's first call; stop where the model is not served at all."""
        if trial.client not in self._checked and not self.stopped:
            self._checked.add(trial.client)
            self.stopped = await self.means.asker.objection(trial)

    async def _attempt(self, trial: Trial, number: int, retry_s: float) -> float | None:
        """Make one attempt; return the seconds to wait before another, or None for no other."""
        seat = await self._turns.sit()
        try:
            worst = worst_case_usd(self._price, trial.request) if self._price else 0.0
            if self.stopped or not await self._may_spend(worst):
                return None
            with self.means.purse.held(worst) as bill:
                turn = await self._turns.take(trial, retry_s=retry_s)
                if turn is None:
                    self.stopped = self.stopped or f"{self.endpoint.id}: {self._turns.gave_up}"
                    return None
                return await self._asked(trial, number, (turn, seat), bill=bill)
        finally:
            self._turns.leave(seat)

    async def _asked(
        self, trial: Trial, number: int, turn: tuple[Turn, Seat], *, bill: Bill
    ) -> float | None:
        said: Reply | CallError | Refused | None = None
        wait_s, told, asker = None, "", self.means.asker
        try:
            if self.stopped:
                return None
            bill.charged_usd = bill.worst_usd  # until the ledger says what it was
            late_s = self._late_s(trial)
            said = await asker.ask(trial)
            if isinstance(said, CallError):
                line, wait_s = self._failed(trial, number, said, bill.worst_usd)
                told = may_be_told(line)
        finally:
            heard = None if isinstance(said, Refused) else said
            self._turns.end(turn[0], trial, heard, seat=turn[1], told=told, wait_s=wait_s or 0.0)
        self._turns.leave(turn[1])  # scores and the disk hold no place in flight
        if isinstance(said, Refused):
            line = asker.refusal(trial, said.ruling)
        elif isinstance(said, Reply):
            self._failed_prompts, self._has_answered = 0, True
            line = asker.answer(trial, number, said, self._price)
        await self._write(line.changed(waits_s=turn[0].waits_s, late_s=late_s), trial)
        bill.charged_usd = charged_usd([line])
        return wait_s

    def _late_s(self, trial: Trial) -> float | None:
        """Return how long after it was due a call is sent; None of one that was due at no time."""
        return None if trial.due_s is None else max(0.0, self._timing.clock() - trial.due_s)

    async def _write(self, line: Attempt, trial: Trial) -> None:
        """Write a line; watchers hear of one that is still to be scored when it is."""
        await self.means.ledger.write(line)
        if not lacks_scores(trial.prompt, line):
            self._observe(line, trial)

    def _observe(self, line: Attempt, trial: Trial) -> None:
        if self.means.observer is not None:
            self.means.observer(line, trial)

    async def _score_earlier(self, trials: Sequence[Trial]) -> None:
        """Score answers of which an earlier run kept no scores, or other ones than now."""
        for trial in trials:
            result = self.means.ledger.result(trial.run_key)
            if result is not None and lacks_scores(trial.prompt, result):
                await self._score(trial, result)

    async def _score(self, trial: Trial, result: Attempt) -> Attempt:
        """Score an answer that is on disk, beside the event loop, and keep its scores."""
        line = await asyncio.to_thread(scored, trial.prompt, result)
        if line != result:
            await asyncio.to_thread(self.means.ledger.keep_scores, line)
        return line

    async def _may_spend(self, worst: float) -> bool:
        purse = self.means.purse
        recorded = self.endpoint.id in self.means.asker.recorded
        if self._price is None and needs_price(self.endpoint) and not recorded:
            self.stopped = (
                f"{self.endpoint.id}: no price is known, so the money cap can't be kept; set "
                "input_usd_per_million_tokens and output_usd_per_million_tokens, or operator: self"
            )
        elif not await purse.reserve(worst):
            self.stopped = (
                f"{self.endpoint.id}: the next call could cost {worst:.4f} USD, which would pass "
                f"the money cap of {purse.cap_usd:g} USD ({purse.spent_usd:.4f} spent)"
            )
        return not self.stopped

    def _failed(
        self, trial: Trial, number: int, error: CallError, worst: float
    ) -> tuple[Attempt, float | None]:
        asker = self.means.asker
        again = is_retried(error) and number < self._attempts
        says_nothing = error.kind in NO_RESULT_KINDS or asks_too_long(error)
        wait_s = wait_before_retry_s(error, number, self._timing.jitter) if again else None
        at_most = worst if self._price else None
        final = not again and not says_nothing
        line = asker.failure(trial, number, error, final=final, at_most_usd=at_most)
        if not again:
            self._note_failure(error, told=may_be_told(line))
        return line, wait_s

    def _note_failure(self, error: CallError, *, told: str) -> None:
        """Give the endpoint up where it can't be better with the next prompt."""
        if not is_transient(error):
            self._failed_prompts += error.kind != "bad_request" or not self._has_answered
        if error.kind == "auth":
            variable = self.endpoint.api_key_variable
            fix = f"; check {variable}" if variable and variable not in told else ""
            self.stopped = f"{self.endpoint.id}: {told}{fix}"
        elif asks_too_long(error):
            self.stopped = (
                f"{self.endpoint.id}: it asks to wait {error.retry_after_s:.0f} s ({told})"
            )
        elif self._failed_prompts >= GIVE_UP_AFTER:
            self.stopped = f"{self.endpoint.id}: {GIVE_UP_AFTER} prompts in a row failed ({told})"
