"""Clock, sleep and jitter of a run, so that tests need not wait."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Timing:
    """What a run knows of time."""

    clock: Callable[[], float] = time.monotonic
    """Seconds that only grow."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    """Wait so many seconds."""
    now: Callable[[], datetime] = _utc_now
    """Time of day, UTC."""
    jitter: random.Random = field(default_factory=random.Random)
    """Source of jitter between attempts."""
    backstop_s: float = 0.5
    """Seconds past its deadline after which a call is cut off if its client did not."""
