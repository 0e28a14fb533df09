"""Ask each endpoint one harmless word: does it answer, as which model, and how fast?"""

from __future__ import annotations

from collections.abc import Sequence

from playbook.clearance import Clearance, decide_sending
from playbook.errors import PlaybookError
from playbook.profile import Endpoint
from playbook.records import Record
from playbook.trials.attempting import judge
from playbook.trials.blocking import run_to_end
from playbook.trials.client import CallError, Message, Request
from playbook.trials.connecting import Connection, opened
from playbook.vocabulary import DataClass

QUESTION = Request([Message("user", "Reply with the word ok.")], max_tokens=8)


class Ping(Record):
    """What one endpoint said."""

    endpoint: str
    """Endpoint id."""
    answers: bool
    """Whether it answered as the model that is expected."""
    words: str
    """The model that answered and its time, or what is wrong and what to do."""


def ping_endpoints(
    endpoints: Sequence[Endpoint], clearance: Clearance, *, deadline_s: float
) -> tuple[Ping, ...]:
    """Send one public word to each endpoint that may receive public text.

    Args:
        endpoints: Endpoints of a profile.
        clearance: Where connections may go.
        deadline_s: Total time for each, seconds.

    Raises:
        EngineError: when an embedded engine can't be started.
    """
    with opened(endpoints, clearance) as connection:
        return run_to_end(lambda: _ping_all(endpoints, clearance, connection, deadline_s))


async def _ping_all(
    endpoints: Sequence[Endpoint], clearance: Clearance, connection: Connection, deadline_s: float
) -> tuple[Ping, ...]:
    found = []
    try:
        for one in endpoints:
            ruling = decide_sending(clearance, one.id, DataClass.PUBLIC)
            if not ruling.allowed:
                found.append(Ping(endpoint=one.id, answers=False, words=ruling.because))
            else:
                found.append(await _ping(one, connection, deadline_s))
    finally:
        await connection.client.close()
    return tuple(found)


async def _ping(endpoint: Endpoint, connection: Connection, deadline_s: float) -> Ping:
    try:
        if connection.check_model:
            await connection.check_model(endpoint)
        reply = await connection.client.ask(endpoint, QUESTION, deadline_s=deadline_s)
    except (CallError, PlaybookError) as error:
        return Ping(endpoint=endpoint.id, answers=False, words=str(error))
    outcome, because = judge(endpoint, reply)
    if outcome == "wrong_model":
        return Ping(endpoint=endpoint.id, answers=False, words=because)
    words = f"{reply.model_answered} in {reply.total_s:.2g} s"
    return Ping(endpoint=endpoint.id, answers=True, words=words)
