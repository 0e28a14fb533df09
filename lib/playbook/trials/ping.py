"""Ask each endpoint one harmless word: does it answer, as which model, and how fast?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from playbook.clearance import Clearance
from playbook.errors import PlaybookError
from playbook.profile import Endpoint
from playbook.records import Record
from playbook.trials.attempting import judge
from playbook.trials.audit import AUDIT_LOG, AuditLog
from playbook.trials.blocking import run_to_end
from playbook.trials.client import CallError, Message, Request
from playbook.trials.connecting import opened
from playbook.trials.gate import GatedClient
from playbook.trials.remedies import remedy
from playbook.vocabulary import DataClass

QUESTION = Request([Message("user", "Reply with the word ok.")], max_tokens=8)


class Ping(Record):
    """What one endpoint said."""

    endpoint: str
    """Endpoint id."""
    answers: bool
    """Whether it answered as the model that is expected."""
    asked: bool = True
    """Whether anything was sent to it; not where the clearance keeps it closed."""
    words: str
    """The model that answered and its time, or what is wrong and what to do."""


def ping_endpoints(
    endpoints: Sequence[Endpoint], clearance: Clearance, *, folder: Path, deadline_s: float
) -> tuple[Ping, ...]:
    """Send one public word to each endpoint that may receive public text.

    Args:
        endpoints: Endpoints of a profile.
        clearance: Where connections may go.
        folder: Where the audit log is written or continued.
        deadline_s: Total time for each, seconds.

    Raises:
        EngineError: when an embedded engine can't be started.
        ArtefactError: when the audit log can't be written.
    """
    with AuditLog(folder / AUDIT_LOG) as audit, opened(endpoints, audit) as connection:
        gate = GatedClient(connection.client, clearance, audit)
        return run_to_end(lambda: _ping_all(endpoints, gate, deadline_s))


async def _ping_all(
    endpoints: Sequence[Endpoint], gate: GatedClient, deadline_s: float
) -> tuple[Ping, ...]:
    try:
        return tuple([await _ping(one, gate, deadline_s) for one in endpoints])
    finally:
        await gate.close()


async def _ping(endpoint: Endpoint, gate: GatedClient, deadline_s: float) -> Ping:
    """Ask one endpoint; a server that has no list of models may still answer."""
    try:
        with suppress(CallError):
            await gate.check_model(endpoint)
        reply = await gate.ask(
            endpoint, QUESTION, data_class=DataClass.PUBLIC, deadline_s=deadline_s
        )
    except CallError as error:
        return _silent(endpoint, "; ".join(filter(None, (str(error), _remedy(endpoint, error)))))
    except PlaybookError as error:
        return _silent(endpoint, str(error)).changed(asked=False)
    outcome, because = judge(endpoint, reply)
    if outcome == "wrong_model":
        return _silent(endpoint, because)
    words = f"{reply.model_answered} in {reply.total_s:.2g} s"
    return Ping(endpoint=endpoint.id, answers=True, words=words)


def _silent(endpoint: Endpoint, words: str) -> Ping:
    return Ping(endpoint=endpoint.id, answers=False, words=words)


def _remedy(endpoint: Endpoint, error: CallError) -> str:
    from playbook.trials.clients.targets import key_variable_of  # noqa: PLC0415  imports an HTTP library

    return remedy(endpoint, error, variable=key_variable_of(endpoint))
