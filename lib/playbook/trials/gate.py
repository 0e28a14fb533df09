"""The gate at the wire: no prompt goes to an endpoint that its data class may not reach.

Order of one call: rule, scan, write the audit line and wait until it is on disk, send. A refusal is
written too, raised as `Refused`, and belongs in the results. Whoever asks any model anything asks
here: a model that judges answers is an endpoint like the others, and its prompt has the label of
what it was made from (`clearance.inherited`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from playbook.clearance import Clearance, Ruling, decide_sending
from playbook.errors import PlaybookError
from playbook.profile.endpoints import Endpoint
from playbook.trials.audit import AuditLog
from playbook.trials.audit_chain import AuditEntry
from playbook.trials.client import Client, Reply, Request
from playbook.trials.client_watch import ClientWatch
from playbook.trials.permits import permitted, write_blocked
from playbook.trials.screening import CONTROL, PromptRef, Screen, words_of
from playbook.trials.socket_lock import only_guarded
from playbook.vocabulary import DataClass, DataType


class Refused(PlaybookError):  # noqa: N818  a refusal is a result, not a fault
    """The clearance keeps a prompt back; nothing was sent.

    Args:
        ruling: The decision with its controls and its reason.
    """

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.because)
        self.ruling = ruling


class GatedClient:
    """The only way to send a prompt: rules, writes the audit line, then opens the wire for it.

    A client that does not send through a guarded transport reaches nothing.

    Args:
        client: What sends.
        clearance: Which data class may go where; an endpoint without an entry may get nothing.
        audit: Where every send and refusal is written first.
        screen: The scan, with its overrides; left out, it scans and knows of none.
    """

    def __init__(
        self, client: Client, clearance: Clearance, audit: AuditLog, screen: Screen | None = None
    ) -> None:
        self._client = client
        self._clearance = clearance
        self._clearance_sha256 = clearance.sha256
        self._audit = audit
        self._screen = screen or Screen()
        self._watch = ClientWatch()

    @property
    def recorded(self) -> bool:
        """Return whether replies come from a recording."""
        return bool(getattr(self._client, "recorded", False))

    async def ask(
        self,
        endpoint: Endpoint,
        request: Request,
        *,
        data_class: DataClass,
        data_types: Sequence[DataType] = (),
        deadline_s: float,
        ref: PromptRef = PromptRef(),  # noqa: B008  frozen
    ) -> Reply:
        """Return the reply to a request whose prompt has a data class.

        Args:
            endpoint: Endpoint of the profile.
            request: What is asked.
            data_class: Class of all that is in it.
            data_types: Types of data in it, beside those that the team states.
            deadline_s: Total time, seconds.
            ref: Which prompt of which set it is, for decisions over the scan; none where left out.

        Raises:
            Refused: when it may not be sent; nothing was sent.
            CallError: when the call failed.
            OSError: when the audit line could not be written; nothing was sent.
        """
        cleared = decide_sending(self._clearance, endpoint.id, data_class, data_types)
        screened = self._screen.after(cleared, request, data_class, ref)
        ruling, prompt = screened.ruling, prompt_bytes(request)
        entry = self._entry(endpoint, ruling, data_class).changed(
            data_types=tuple(data_types),
            prompt_hmac=self._audit.prompt_hmac(prompt),
            prompt_bytes=len(prompt),
        )
        for one in screened.overridden:
            told = {"controls": (CONTROL + one.rule,), "because": words_of(one, ref)}
            await self._audit.write(entry.changed(event="override", **told))
        await self._audit.write(entry)
        if not ruling.allowed:
            raise Refused(ruling)
        with self._open_for(entry), self._watch.call() as watched:
            reply = await self._client.ask(endpoint, request, deadline_s=deadline_s)
        return reply if reply.client == "replay" else watched.told(reply)

    async def check_model(self, endpoint: Endpoint) -> None:
        """Get ready for an endpoint, where the client can; its list of models may be asked for.

        Raises:
            Refused: when not even public text may go there; nothing was sent.
            TrialError: when it does not serve the expected model.
            CallError: when the list cannot be had.
        """
        check = getattr(self._client, "check_model", None)
        if check is None:
            return
        ruling = decide_sending(self._clearance, endpoint.id, DataClass.PUBLIC)
        entry = self._entry(endpoint, ruling, DataClass.PUBLIC)
        entry = entry.changed(event="list_models") if ruling.allowed else entry
        await self._audit.write(entry)
        if not ruling.allowed:
            raise Refused(ruling)
        with self._open_for(entry):
            await check(endpoint)

    async def close(self) -> None:
        """Free the client's connections."""
        await self._client.close()

    @contextmanager
    def _open_for(self, entry: AuditEntry) -> Iterator[None]:
        """Open the wire for one call, and shut every other way out of it."""
        report = partial(write_blocked, self._audit, entry.endpoint)
        with permitted(entry), only_guarded(report):
            yield

    def _entry(self, endpoint: Endpoint, ruling: Ruling, data_class: DataClass) -> AuditEntry:
        cleared = self._clearance.of(endpoint.id)
        return AuditEntry(
            event="send" if ruling.allowed else "refuse",
            endpoint=endpoint.id,
            data_class=data_class,
            controls=ruling.controls,
            because=ruling.because,
            addresses=cleared.allowed_addresses if cleared else (),
            clearance_sha256=self._clearance_sha256,
        )


def prompt_bytes(request: Request) -> bytes:
    """Return what leaves with a request in canonical form: what the log's HMAC is taken of."""
    rows: list[object] = [[one.role, one.content] for one in request.spoken]
    rows += [list(one.images) for one in request.messages if one.images]
    return json.dumps(rows, separators=(",", ":")).encode()
