"""The day for which results hold, set once at the edge."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from playbook.errors import ParamsError


def today() -> date:
    """Return the day for which results hold: PLAYBOOK_AS_OF (ISO date), else today (UTC).

    Raises:
        ParamsError: when the variable is not a date.
    """
    text = os.environ.get("PLAYBOOK_AS_OF", "")
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError as error:
        fault = f"{text!r} is not a day; write it as 2026-11-23"
        raise ParamsError("PLAYBOOK_AS_OF", [fault]) from error
