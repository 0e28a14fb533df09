"""A latency that may be the client's own is told from one of the endpoint."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playbook.trials.client import Reply
from playbook.trials.load.honesty import LONGEST_LAG_S, client_bound

FINE = Reply(
    "hi", "m", "stop", 1, 1, first_token_s=0.2, total_s=2.0,
    client="lean", client_lag_s=0.002, client_busy=0.2,
)  # fmt: skip


def test_quiet_client_is_not_flagged() -> None:
    assert client_bound(FINE) == ""


@pytest.mark.parametrize(
    ("lag_s", "first_token_s", "flagged"),
    [
        (0.019, 0.2, False),
        (0.021, 0.2, True),
        (LONGEST_LAG_S, 0.01, False),
        (LONGEST_LAG_S + 0.001, 0.01, True),
        (0.19, 2.0, False),
        (0.19, None, False),
        (0.21, None, True),
    ],
)
def test_hold_up_counts_against_the_time_that_is_read(
    lag_s: float,
    first_token_s: float | None,
    flagged: bool,  # noqa: FBT001  a table of cases
) -> None:
    """A tenth of the time to the first token, or of the whole reply; 10 ms never count."""
    call = replace(FINE, client_lag_s=lag_s, first_token_s=first_token_s)

    assert bool(client_bound(call)) is flagged
    assert not flagged or "the client was held up for" in client_bound(call)


def test_busy_process_is_flagged_once_its_loop_is_late_too() -> None:
    busy = replace(FINE, client_busy=0.97)

    assert client_bound(busy) == ""
    assert client_bound(replace(busy, client_lag_s=0.009)) == (
        "the client's process used 97% of a core during the call"
    )


@pytest.mark.parametrize("field", ["client_lag_s", "client_busy"])
def test_unknown_is_never_taken_as_fine(field: str) -> None:
    assert "was not recorded" in client_bound(replace(FINE, **{field: None}))


@pytest.mark.parametrize("client", [None, "replay"])
def test_what_was_not_sent_by_a_client_of_ours_is_not_judged(client: str | None) -> None:
    old = replace(FINE, client=client, client_lag_s=None, client_busy=None)  # type: ignore[arg-type]  a table of cases

    assert client_bound(old) == ""
