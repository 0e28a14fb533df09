from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.trials.client import CallError
from playbook.trials.retries import (
    LONGEST_WAIT_S,
    is_retried,
    is_transient,
    may_be_billed,
    wait_before_retry_s,
)


@pytest.mark.parametrize("kind", ["timeout", "connection", "server", "rate_limit"])
def test_failures_that_may_pass_are_retried_unless_the_client_says_no(kind: str) -> None:
    assert is_retried(CallError(kind, "", retry=True))  # type: ignore[arg-type]
    assert not is_retried(CallError(kind, "", retry=False))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["auth", "bad_request", "other"])
def test_failures_that_stay_are_not_retried(kind: str) -> None:
    assert not is_retried(CallError(kind, "", retry=True))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "billed"),
    [("timeout", True), ("connection", True), ("server", False), ("rate_limit", False)],
)
def test_what_reached_the_provider_may_be_billed_unless_the_call_knows_better(
    kind: str, *, billed: bool
) -> None:
    assert may_be_billed(CallError(kind, "", retry=True)) is billed  # type: ignore[arg-type]
    for known in (True, False):
        assert may_be_billed(CallError(kind, "", retry=True, billed=known)) is known  # type: ignore[arg-type]


def test_a_failure_that_asks_for_a_long_wait_is_transient_all_the_same() -> None:
    assert is_transient(CallError("rate_limit", "", retry=True, retry_after_s=3_600))


def test_an_endpoint_that_asks_for_more_than_five_minutes_is_not_waited_for() -> None:
    assert not is_retried(CallError("rate_limit", "", retry=True, retry_after_s=301))


@given(st.integers(1, 12), st.floats(0, 300), st.integers(0, 99))
def test_the_wait_is_bounded_and_never_below_retry_after(
    attempt: int, retry_after_s: float, seed: int
) -> None:
    error = CallError("rate_limit", "", retry=True, retry_after_s=retry_after_s)

    wait = wait_before_retry_s(error, attempt, random.Random(seed))  # noqa: S311  jitter

    assert retry_after_s <= wait <= max(retry_after_s, 1.5 * LONGEST_WAIT_S)


def test_the_mean_wait_doubles() -> None:
    """Server errors: 1 s, 2 s, 4 s, each times 0.5 to 1.5."""
    error = CallError("server", "", retry=True)

    waits = [
        sum(wait_before_retry_s(error, n, random.Random(seed)) for seed in range(400)) / 400  # noqa: S311  jitter
        for n in (1, 2, 3)
    ]

    assert waits == pytest.approx([1, 2, 4], rel=0.1)
