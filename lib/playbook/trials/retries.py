"""When a failed call is tried again, and after how long."""

from __future__ import annotations

import random
from collections.abc import Mapping

from playbook.trials.client import CallError
from playbook.trials.records import Outcome

FIRST_WAIT_S: Mapping[str, float] = {
    "timeout": 0.5,
    "connection": 0.5,
    "server": 1.0,
    "rate_limit": 2.0,
}
"""Kinds of failure that are tried again, with the mean wait before the second attempt, seconds."""
LONGEST_WAIT_S = 60.0
LONGEST_RETRY_AFTER_S = 300.0
BILLED_KINDS = frozenset({"timeout", "connection", "other"})
"""Kinds of failure after which the provider may have done, and billed, the work."""
NO_RESULT_KINDS = frozenset({"auth", "other"})
"""Kinds of failure that say nothing of the model: the trial has no result and stays open."""


def is_transient(error: CallError) -> bool:
    """Return whether a failure may pass by itself."""
    return error.kind in FIRST_WAIT_S and error.retry


def asks_too_long(error: CallError) -> bool:
    """Return whether the endpoint asks for a longer wait than a run has patience for."""
    return error.retry_after_s is not None and error.retry_after_s > LONGEST_RETRY_AFTER_S


def is_retried(error: CallError) -> bool:
    """Return whether another attempt makes sense in this run."""
    return is_transient(error) and not asks_too_long(error)


def may_be_billed(error: CallError) -> bool:
    """Return whether the provider may have done the work; where the call says so, it counts."""
    return error.kind in BILLED_KINDS if error.billed is None else error.billed


def wait_before_retry_s(error: CallError, attempt: int, rng: random.Random) -> float:
    """Return the seconds to wait after a failed attempt: doubled each time, with jitter.

    A `Retry-After` of the endpoint is a lower bound.

    Args:
        error: The failure.
        attempt: Number of the attempt that failed, from 1.
        rng: Source of the jitter, a factor of 0.5 to 1.5.
    """
    mean = FIRST_WAIT_S[error.kind] * 2.0 ** (attempt - 1)
    jittered = min(mean, LONGEST_WAIT_S) * rng.uniform(0.5, 1.5)
    return max(jittered, error.retry_after_s or 0.0)


def outcome_of(error: CallError) -> Outcome:
    """Return the outcome word of a failure."""
    return "timeout" if error.kind == "timeout" else "error"
