"""Permits and logs for tests that look at the wire below the gate."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from playbook.trials.audit import AuditEntry, AuditLog
from playbook.trials.permits import permitted


def a_permit(*addresses: str, endpoint: str = "place") -> AbstractContextManager[None]:
    """Let one request to some addresses pass, as the gate does once it has written its line."""
    return permitted(AuditEntry(event="send", endpoint=endpoint, addresses=addresses))


@contextmanager
def a_log() -> Iterator[AuditLog]:
    """Open an audit log that nobody reads."""
    with tempfile.TemporaryDirectory() as name, AuditLog(Path(name) / "audit.jsonl") as log:
        yield log
