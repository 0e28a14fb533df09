"""The chain of the audit log: what a line says, and how it holds on to the one before."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from playbook.records import Record
from playbook.vocabulary import DataClass, DataType

FIRST = "0" * 64
"""What the first line has for the hash of the line before."""
_NO_HASH = b'"hash":""'


class AuditEntry(Record):
    """What one line says, without its place in the chain."""

    event: Literal["send", "list_models", "refuse", "override", "blocked", "torn_line"]
    """send, list_models: about to be sent; refuse: kept back; override: a hit of the scan is passed
    over by a named decision, before the prompt is sent; blocked: stopped at the wire; torn_line: a
    line was cut short by a crash."""
    endpoint: str = ""
    """Endpoint id."""
    data_class: DataClass | None = None
    """Data class of the prompt."""
    data_types: tuple[DataType, ...] = ()
    """Types of data that its label names."""
    controls: tuple[str, ...] = ()
    """Controls that decided."""
    because: str = ""
    """Why."""
    prompt_hmac: str = ""
    """HMAC-SHA256 of the prompt under the run's key; never the text."""
    prompt_bytes: int = 0
    """Length of the prompt."""
    addresses: tuple[str, ...] = ()
    """`host:port` pairs that the clearance allows for the endpoint."""
    clearance_sha256: str = ""
    """Hash of the clearance that decided."""
    address: str = ""
    """Where a blocked attempt was aimed."""


class AuditLine(Record):
    """One line of the log."""

    number: int
    """1 for the first."""
    at: datetime
    """When, UTC."""
    entry: AuditEntry
    """What happened."""
    previous: str
    """Hash of the line before."""
    hash: str
    """SHA-256 of this line with this field empty."""
    run: str = ""
    """Name of the run folder."""


class AuditCheck(Record):
    """The outcome of checking a log."""

    lines: int
    """Whole lines that continue the chain, up to the first fault."""
    head: str
    """Hash of the last of them."""
    problems: tuple[str, ...]
    """What is wrong, with line numbers; empty when nothing is."""
    torn_bytes: int
    """Bytes of a last line that a crash cut short; it says nothing of tampering."""

    @property
    def intact(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.problems


def chained(
    entry: AuditEntry, *, after: tuple[int, str], at: datetime, run: str
) -> tuple[AuditLine, bytes]:
    """Return the line that says something after another line, and its bytes.

    Args:
        entry: What happened.
        after: Number and hash of the line before; 0 and `FIRST` before the first one.
        at: When, UTC.
        run: Name of the run folder.
    """
    number, previous = after
    line = AuditLine(number=number + 1, at=at, entry=entry, previous=previous, hash="", run=run)
    empty = canonical(line)  # its only unescaped `"hash":""` is its own: quotes in texts are not
    digest = hashlib.sha256(empty).hexdigest()
    raw = empty.replace(_NO_HASH, f'"hash":"{digest}"'.encode(), 1)
    return line.model_copy(update={"hash": digest}), raw


def check_line(raw: bytes, number: int, previous: str) -> tuple[str, str | None]:
    """Return ("", hash) of a line that goes on the chain, or (what is wrong, None)."""
    try:
        line = AuditLine.model_validate_json(raw)
    except ValidationError:
        return "is not a line of this log", None
    if canonical(line) != raw or _hash_of(line) != line.hash:
        return "was edited", None
    if line.number != number or line.previous != previous:
        return "does not follow the line before: one was deleted, moved or added", None
    return "", line.hash


def canonical(line: AuditLine) -> bytes:
    """Return the bytes of a line; only what it says, so that a log of before a new field holds."""
    values = line.model_dump(mode="json", exclude_unset=True)
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()


def _hash_of(line: AuditLine) -> str:
    empty = AuditLine.model_construct(line.model_fields_set, **dict(line) | {"hash": ""})
    return hashlib.sha256(canonical(empty)).hexdigest()
