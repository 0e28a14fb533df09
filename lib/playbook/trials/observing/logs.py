"""Log lines of a run: one JSON object each, with the fields of the spans and no text of a prompt.

They go to the logger `playbook.trials` of the standard library. `PLAYBOOK_LOG=json` writes them to
the standard error stream; without it they are off, and a program's own handlers may turn them on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

LOGGER = logging.getLogger("playbook.trials")
_FIELDS = "fields"


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        known = {"at": at, "level": record.levelname, "event": record.getMessage()}
        return json.dumps(known | dict(getattr(record, _FIELDS, {})), default=str)


def log(event: str, fields: Mapping[str, object], *, level: int = logging.INFO) -> None:
    """Write one line if anybody listens."""
    if LOGGER.isEnabledFor(level):
        LOGGER.log(level, event, extra={_FIELDS: dict(fields)})


@contextmanager
def written_as_json() -> Iterator[None]:
    """Write the lines to the standard error stream meanwhile."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    level, passed_on = LOGGER.level, LOGGER.propagate
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)
        LOGGER.propagate = passed_on
