"""Try one prompt on every endpoint at once, by hand: through the gate, within the money cap.

What comes back is no evidence: it is in a ledger of its own, `tries.jsonl`, and in no result.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.clearance import Clearance, Label
from playbook.profile import Endpoint, Profile
from playbook.trials.attempting import Asker
from playbook.trials.audit import AUDIT_LOG, AuditLog
from playbook.trials.blocking import run_to_end
from playbook.trials.client import CallError, Client
from playbook.trials.connecting import Connection, given, opened
from playbook.trials.gate import GatedClient, Refused
from playbook.trials.ledger import Ledger
from playbook.trials.money import Purse, charged_usd, needs_price, worst_case_usd
from playbook.trials.plan import Trial, ruling_on
from playbook.trials.prompt_records import Prompt, PromptMessage
from playbook.trials.records import Attempt
from playbook.trials.screening import screen_of
from playbook.trials.timing import Timing

if TYPE_CHECKING:
    from playbook.catalog import PriceList

TRIES = "tries.jsonl"
SET = "by-hand"


@dataclass(frozen=True)
class Question:
    """What a person wants to try."""

    text: str
    """The user's message."""
    label: Label = Label()  # noqa: RUF009  frozen
    """How sensitive it is; unlabelled counts as restricted."""
    system: str = ""
    """System message; empty for none."""
    max_tokens: int = 256
    """Longest answer."""

    @property
    def prompt(self) -> Prompt:
        """Return it as a prompt of no set."""
        system = [PromptMessage(role="system", content=self.system)] if self.system else []
        return Prompt(
            id="tried",
            task="tried",
            messages=(*system, PromptMessage(role="user", content=self.text)),
            max_tokens=self.max_tokens,
            data_class=self.label.data_class,
            data_types=self.label.data_types,
        )


def try_prompt(  # noqa: PLR0913  as `run_trials`
    profile: Profile,
    clearance: Clearance,
    question: Question,
    *,
    endpoints: Sequence[Endpoint],
    prices: Mapping[str, PriceList | None],
    folder: Path,
    client: Client | None = None,
) -> tuple[Attempt, ...]:
    """Ask some endpoints one question, each once, and return what became of it on each.

    Args:
        profile: Sets deadline, temperature and money cap; the cap counts all tries of the folder.
        clearance: Which data class may go where.
        question: What is asked.
        endpoints: Whom to ask.
        prices: By endpoint id.
        folder: Run folder; gets `tries.jsonl` and lines in `audit.jsonl`.
        client: What sends; left out, the embedded engines are started and litellm is used.

    Raises:
        EngineError: when an embedded engine can't be started.
        TrialError: when another try is under way in the folder, or the scan's model can't be had.
        ArtefactError: when the audit log can't be written.
    """
    trials = [_trial(profile, one, question) for one in endpoints]
    today = Timing().now().date()
    screen = screen_of(profile.trials, as_of=today)
    asked = [one.endpoint for one in trials if ruling_on(one, clearance, screen).allowed]
    folder.mkdir(parents=True, exist_ok=True)
    with Ledger(folder / TRIES) as ledger, AuditLog(folder / AUDIT_LOG) as audit:
        source = opened(asked, audit) if client is None else nullcontext(given(client, asked))
        spent = charged_usd(ledger.attempts())
        purse = Purse(profile.trials.money_cap_usd, spent_usd=spent)
        with source as connection:
            gate = GatedClient(connection.client, clearance, audit, screen)
            one = _Tries(profile, connection, gate, ledger=ledger, purse=purse, prices=prices)
            return run_to_end(lambda: one.all_of(trials))


def most_usd(question: Question, prices: Mapping[str, PriceList | None]) -> float:
    """Return what asking all the endpoints with a price could cost at most."""
    request = question.prompt.request()
    return sum(worst_case_usd(price, request) for price in prices.values() if price)


class _Tries:
    def __init__(
        self,
        profile: Profile,
        connection: Connection,
        gate: GatedClient,
        *,
        ledger: Ledger,
        purse: Purse,
        prices: Mapping[str, PriceList | None],
    ) -> None:
        self._gate = gate
        self._asker = Asker(gate, profile.trials.deadline_s, Timing(), recorded=connection.recorded)
        self._ledger = ledger
        self._purse = purse
        self._prices = prices

    async def all_of(self, trials: Sequence[Trial]) -> tuple[Attempt, ...]:
        """Return what became of each; endpoints of this machine are asked one after another."""
        embedded = [one for one in trials if one.endpoint.embedded is not None]
        others = [one for one in trials if one.endpoint.embedded is None]
        try:
            lines = await asyncio.gather(
                self._one_by_one(embedded), *(self._one_by_one([one]) for one in others)
            )
        finally:
            await self._gate.close()
        found = {line.endpoint: line for several in lines for line in several}
        return tuple(found[one.endpoint.id] for one in trials)

    async def _one_by_one(self, trials: Sequence[Trial]) -> list[Attempt]:
        return [await self._one(trial) for trial in trials]

    async def _one(self, trial: Trial) -> Attempt:
        price = self._prices.get(trial.endpoint.id)
        worst = worst_case_usd(price, trial.request) if price else 0.0
        if why := await self._why_not(trial, price, worst):
            return self._failed(trial, CallError("other", why, retry=False), None)
        line: Attempt | None = None
        try:
            line = await self._asked(trial, price)
            self._ledger.append(line)
        finally:
            cost = worst if line is None else charged_usd([line])
            self._purse.settle(worst, cost)
        return line

    async def _why_not(self, trial: Trial, price: PriceList | None, worst: float) -> str:
        recorded = trial.endpoint.id in self._asker.recorded
        if price is None and needs_price(trial.endpoint) and not recorded:
            return "no price is known, so the money cap can't be kept; set its prices in the params"
        if not await self._purse.reserve(worst):
            return f"it could cost {worst:.2g} USD, which would pass trials.money_cap_usd"
        return ""

    async def _asked(self, trial: Trial, price: PriceList | None) -> Attempt:
        if objection := await self._asker.objection(trial):
            return self._failed(trial, CallError("other", objection, retry=False), None)
        reply = await self._asker.ask(trial)
        if isinstance(reply, Refused):
            return self._asker.refusal(trial, reply.ruling)
        if isinstance(reply, CallError):
            most = worst_case_usd(price, trial.request) if price else None
            return self._failed(trial, reply, most)
        return self._asker.answer(trial, 1, reply, price)

    def _failed(self, trial: Trial, error: CallError, most: float | None) -> Attempt:
        return self._asker.failure(trial, 1, error, final=True, at_most_usd=most)


def _trial(profile: Profile, endpoint: Endpoint, question: Question) -> Trial:
    prompt = question.prompt
    request = prompt.request(temperature=profile.trials.temperature)
    key = hashlib.sha256(f"{endpoint.id}:{request.content}".encode()).hexdigest()
    return Trial(SET, prompt, endpoint, 0, request, key)
