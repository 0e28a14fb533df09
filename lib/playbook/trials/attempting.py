"""One attempt: ask the endpoint once and turn what came of it into a line for the ledger."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass

from playbook.catalog import PriceList, Usage, request_cost_usd
from playbook.clearance import Ruling
from playbook.errors import CredentialsError, TrialError
from playbook.profile.endpoints import Endpoint
from playbook.trials.client import CallError, Reply, ToolCall
from playbook.trials.deadline import ended_within
from playbook.trials.gate import GatedClient, Refused
from playbook.trials.money import worst_case_usd
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt, Outcome
from playbook.trials.retries import may_be_billed, outcome_of
from playbook.trials.scoring import scored_at_once
from playbook.trials.socket_lock import AddressRefusedError
from playbook.trials.timing import Timing

LONGEST_ANSWER = 200_000
MOST_TOOL_CALLS = 100
MOST_TOKENS = 100_000_000
_OUTCOMES: dict[str, Outcome] = {
    "length": "truncated",
    "max_tokens": "truncated",
    "content_filter": "filtered",
    "refusal": "filtered",
    "safety": "filtered",
}


@dataclass(frozen=True)
class Asker:
    """Asks once through the gate, whatever goes wrong."""

    gate: GatedClient
    deadline_s: float
    timing: Timing
    recorded: frozenset[str] = frozenset()
    """Endpoints whose answers come from a recording."""
    lean_gate: GatedClient | None = None
    """Gate of the lean client, where there is one."""

    async def ask(self, trial: Trial) -> Reply | CallError | Refused:
        """Return the reply, or the failure or refusal as a value.

        A call that is not over at its deadline is cut off, whatever its client does; one that can't
        be cut off is left behind.

        Raises:
            OSError: when the audit log can't be written; nothing was sent.
        """
        call = asyncio.create_task(self._gated(trial))
        try:
            if await ended_within(call, self.deadline_s + self.timing.backstop_s):
                return call.result()
        except (CallError, Refused) as error:
            return error
        except TimeoutError:
            pass
        except Exception as error:  # noqa: BLE001  one broken reply must not end a paid run
            return _call_error_of(error)
        return CallError("timeout", f"no full answer within {self.deadline_s:g} s", retry=True)

    async def _gated(self, trial: Trial) -> Reply:
        return await self.gate_of(trial).ask(
            trial.endpoint,
            trial.request,
            data_class=trial.prompt.data_class,
            data_types=trial.prompt.data_types,
            deadline_s=self.deadline_s,
            ref=trial.ref,
        )

    def gate_of(self, trial: Trial) -> GatedClient:
        """Return the gate of the client that sends a trial."""
        return self.lean_gate if trial.client == "lean" and self.lean_gate else self.gate

    async def objection(self, trial: Trial) -> str:
        """Get ready to send a trial; return why its endpoint can't be tried, or an empty text.

        Where its list of models can't be had, the first call shows what is wrong.
        """
        try:
            await self.gate_of(trial).check_model(trial.endpoint)
        except (TrialError, CredentialsError, Refused) as error:
            return str(error)
        except CallError:
            return ""
        except OSError:
            raise
        except Exception:  # noqa: BLE001  the first call shows what is wrong
            return ""
        return ""

    def refusal(self, trial: Trial, ruling: Ruling) -> Attempt:
        """Return the line of a prompt that was kept back."""
        line = self._line(trial, 0, "refused_by_gate", final=True, error=ruling.because)
        return line.changed(controls=ruling.controls)

    def failure(
        self, trial: Trial, number: int, error: CallError, *, final: bool, at_most_usd: float | None
    ) -> Attempt:
        """Return the line of a failed call; it counts its worst case if it may be billed."""
        billed = at_most_usd if may_be_billed(error) else None
        message = _redacted(str(error), trial.endpoint.api_key_variable)
        line = self._line(trial, number, outcome_of(error), final=final, error=message)
        return line.changed(at_most_usd=billed)

    def answer(self, trial: Trial, number: int, reply: Reply, price: PriceList | None) -> Attempt:
        """Return the line of a reply: what it is, its counts, its cost and its scores.

        Scores that take long are not in it; see `scored_at_once`.
        """
        outcome, error = judge(trial.endpoint, reply)
        text = _plain(reply.text or reply.refusal)[:LONGEST_ANSWER]
        used = usage_of(reply)
        cost = request_cost_usd(price, used) if price and used else None
        worst = worst_case_usd(price, trial.request) if price and cost is None else None
        line = self._line(trial, number, outcome, final=True, error=error).changed(
            text=text,
            tool_calls=_plain_calls(reply.tool_calls),
            request_id=_plain(reply.request_id)[:200],
            client=reply.client,
            token_gap_s=reply.token_gap_s,
            client_lag_s=reply.client_lag_s,
            client_busy=reply.client_busy,
            model_answered=_plain(reply.model_answered)[:200],
            input_tokens=_count(reply.input_tokens),
            output_tokens=_count(reply.output_tokens),
            cached_input_tokens=_count(reply.cached_input_tokens),
            cache_written_tokens=_count(reply.cache_written_tokens),
            reasoning_tokens=_count(reply.reasoning_tokens),
            first_token_s=reply.first_token_s,
            total_s=reply.total_s,
            cost_usd=cost,
            at_most_usd=worst,
        )
        return scored_at_once(trial.prompt, line)

    def _line(
        self, trial: Trial, number: int, outcome: Outcome, *, final: bool, error: str
    ) -> Attempt:
        return Attempt(
            run_key=trial.run_key,
            prompt_set=trial.prompt_set,
            prompt=trial.prompt.id,
            task=trial.prompt.task,
            group=trial.prompt.cluster,
            data_class=trial.prompt.data_class,
            endpoint=trial.endpoint.id,
            repeat=trial.repeat,
            attempt=number,
            final=final,
            outcome=outcome,
            error=error,
            recorded=trial.endpoint.id in self.recorded,
            load=trial.load,
            rate_per_s=trial.rate_per_s,
            purpose=trial.purpose,
            at=self.timing.now(),
        )


def _call_error_of(error: Exception) -> CallError:
    """Return what an unexpected error of a client says of its call.

    Raises:
        OSError: for one that is no network's; the audit log can't be written.
    """
    if isinstance(error, CredentialsError):
        return CallError("auth", str(error), retry=False)
    if isinstance(error, AddressRefusedError):
        return CallError("connection", str(error), retry=False)
    if isinstance(error, ConnectionError):
        return CallError("connection", type(error).__name__, retry=True)
    if isinstance(error, OSError):
        raise error
    return CallError("other", type(error).__name__, retry=False)


def judge(endpoint: Endpoint, reply: Reply) -> tuple[Outcome, str]:
    """Return what a reply is, and why it is no answer if it is none.

    An answer of another model than the expected one is never taken as the endpoint's. A filter that
    refuses a prompt before any model sees it names none.
    """
    if reply.refusal and not reply.model_answered and reply.finish_reason == "content_filter":
        return "filtered", reply.refusal
    if reply.model_answered not in accepted_models(endpoint):
        named = _redacted(reply.model_answered)[:100] or "no model"
        because = f"answered as {named}; if that is meant, set expected_model of {endpoint.id}"
        return "wrong_model", because
    if reply.refusal:
        return "filtered", "the provider refused"
    outcome = _OUTCOMES.get(reply.finish_reason, "answered")
    return outcome, "" if outcome == "answered" else f"finish reason {reply.finish_reason}"


def accepted_models(endpoint: Endpoint) -> frozenset[str]:
    """Return the model ids that an endpoint may answer with: the expected or the requested one.

    The requested one counts with and without the prefixes that choose a provider.
    """
    if endpoint.expected_model:
        return frozenset({endpoint.expected_model})
    if endpoint.embedded is not None:
        return frozenset({endpoint.embedded})
    parts = endpoint.litellm_model.split("/")
    return frozenset("/".join(parts[start:]) for start in range(len(parts)))


def usage_of(reply: Reply) -> Usage | None:
    """Return what a call used as the endpoint counted it, or None if it did not count.

    Parts that are larger than their whole can't be true and are left out, so billed in full.
    """
    sent, written = _count(reply.input_tokens), _count(reply.output_tokens)
    if sent is None or written is None:
        return None
    cached, kept = _count(reply.cached_input_tokens) or 0, _count(reply.cache_written_tokens) or 0
    cached, kept = (cached, kept) if cached + kept <= sent else (0, 0)
    reasoned = _count(reply.reasoning_tokens) or 0
    return Usage(
        input_tokens=sent,
        output_tokens=written,
        cached_input_tokens=cached,
        cache_written_tokens=kept,
        reasoning_tokens=reasoned if reasoned <= written else 0,
    )


def _count(tokens: int | None) -> int | None:
    """Return a token count of an endpoint, or None for one that can't be true."""
    return tokens if tokens is not None and 0 <= tokens <= MOST_TOKENS else None


def _plain(text: str) -> str:
    """Return a text that can be written as UTF-8; half a surrogate pair can't."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _plain_calls(calls: Sequence[ToolCall]) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(
            _plain(one.name)[:200], _plain(one.arguments)[:LONGEST_ANSWER], _plain(one.id)[:200]
        )
        for one in calls[:MOST_TOOL_CALLS]
    )


def _redacted(message: str, variable: str = "") -> str:
    from playbook.trials.clients.failures import redact  # noqa: PLC0415  imports an HTTP library

    return redact(message, [os.environ.get(variable, "")])
