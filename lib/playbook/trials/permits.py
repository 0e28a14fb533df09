"""Permits: the wire stays shut but for the one request of a call that the gate has allowed.

A permit is the audit line of a call, already on disk. Only the gate gives one. Who takes the
library's client and calls it past the gate has none, and sends nothing. It guards against
mistakes, not against code that forges a permit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from playbook.trials.audit import AuditLog
from playbook.trials.audit_chain import AuditEntry

LONGEST_ADDRESS = 300


@dataclass
class Permit:
    """One request to the addresses of one endpoint, until its call ends."""

    entry: AuditEntry
    """What the audit log says of the call."""
    spent: bool = False
    """Whether its request was sent, or its call has ended."""


_permit: ContextVar[Permit | None] = ContextVar("permit", default=None)


@contextmanager
def permitted(entry: AuditEntry) -> Iterator[None]:
    """Let one request of this call pass; tasks that outlive the call keep nothing of it.

    Args:
        entry: The call as it stands in the audit log.
    """
    permit = Permit(entry)
    token = _permit.set(permit)
    try:
        yield
    finally:
        permit.spent = True
        _permit.reset(token)


def permit_for(endpoint: str) -> Permit | None:
    """Return the permit of the call under way, if it is for this endpoint."""
    permit = _permit.get()
    return permit if permit is not None and permit.entry.endpoint == endpoint else None


def write_blocked(audit: AuditLog, endpoint: str, address: str, because: str) -> None:
    """Write that an attempt was stopped at the wire; what was to be sent is in no field.

    Args:
        audit: Log of the run.
        endpoint: Endpoint id.
        address: `host:port` that was aimed at.
        because: Why it was stopped.

    Raises:
        OSError: when it can't be written.
    """
    permit = permit_for(endpoint)
    call = permit.entry if permit else AuditEntry(event="blocked", endpoint=endpoint)
    shown = address[:LONGEST_ADDRESS]
    audit.append(call.changed(event="blocked", address=shown, because=because))
