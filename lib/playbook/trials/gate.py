"""The gate at the wire: no prompt goes to an endpoint that its data class may not reach.

Order of one call: rule, scan, write the audit line and wait until it is on disk, send. A refusal is
written too, raised as `Refused`, and belongs in the results.
"""

from __future__ import annotations

import asyncio
import json

from playbook.clearance import Clearance, Ruling, decide_sending
from playbook.errors import PlaybookError
from playbook.profile.endpoints import Endpoint
from playbook.trials.audit import AuditEntry, AuditLog
from playbook.trials.client import Client, Reply, Request
from playbook.trials.screening import CONTROL, PromptRef, Screen, words_of
from playbook.vocabulary import DataClass


class Refused(PlaybookError):  # noqa: N818  a refusal is a result, not a fault
    """The clearance keeps a prompt back; nothing was sent.

    Args:
        ruling: The decision with its controls and its reason.
    """

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.because)
        self.ruling = ruling


class GatedClient:
    """The only way to send a prompt: rules, writes the audit line, then sends.

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
        self._audit = audit
        self._screen = screen or Screen()

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
        deadline_s: float,
        ref: PromptRef = PromptRef(),  # noqa: B008  frozen
    ) -> Reply:
        """Return the reply to a request whose prompt has a data class.

        Raises:
            Refused: when it may not be sent; nothing was sent.
            CallError: when the call failed.
            OSError: when the audit line could not be written; nothing was sent.
        """
        cleared = decide_sending(self._clearance, endpoint.id, data_class)
        screened = self._screen.after(cleared, request, data_class, ref)
        ruling = screened.ruling
        entry = self._entry(endpoint, request, ruling, data_class)
        for one in screened.overridden:
            told = {"controls": (CONTROL + one.rule,), "because": words_of(one, ref)}
            await asyncio.to_thread(self._audit.append, entry.changed(event="override", **told))
        await asyncio.to_thread(
            self._audit.append, entry
        )  # waiting for the disk must not stall others
        if not ruling.allowed:
            raise Refused(ruling)
        return await self._client.ask(endpoint, request, deadline_s=deadline_s)

    async def close(self) -> None:
        """Free the client's connections."""
        await self._client.close()

    def _entry(
        self, endpoint: Endpoint, request: Request, ruling: Ruling, data_class: DataClass
    ) -> AuditEntry:
        prompt = prompt_bytes(request)
        cleared = self._clearance.of(endpoint.id)
        return AuditEntry(
            event="send" if ruling.allowed else "refuse",
            endpoint=endpoint.id,
            data_class=data_class,
            controls=ruling.controls,
            because=ruling.because,
            prompt_hmac=self._audit.prompt_hmac(prompt),
            prompt_bytes=len(prompt),
            addresses=cleared.allowed_addresses if cleared else (),
        )


def prompt_bytes(request: Request) -> bytes:
    """Return the messages of a request in canonical form: what the audit log's HMAC is taken of."""
    rows = [[one.role, one.content] for one in request.messages]
    return json.dumps(rows, separators=(",", ":")).encode()


def addresses_by_endpoint(clearance: Clearance) -> dict[str, tuple[str, ...]]:
    """Return the `host:port` pairs that each endpoint's connections may go to."""
    return {one.endpoint: one.allowed_addresses for one in clearance.endpoints}
