"""Whether a latency is the endpoint's, or may be that of the client that measured it."""

from __future__ import annotations

from typing import Protocol

from playbook.trials.client import ClientName
from playbook.trials.client_watch import TICK_S

LONGEST_LAG_S = 0.01
"""A loop held up for less is the scheduling of any machine, and no more than two good clients
differ by when they read the same server."""
LONGEST_LAG_SHARE = 0.1
"""Of the time that is read: a hold-up of a tenth of it would change what the figure says, while a
median of some dozen calls moves by less from one round to the next."""
MOST_BUSY = 0.9
"""CPU of the client's process over time. An event loop runs on one core; beyond nine tenths of it,
what is ready waits for more than four times as long as it takes to read. By itself it is no fault,
since other threads use CPU too: the loop has to be late as well, by more than the watch can miss.
Source: the wait in a queue of one server with equal work, load / (2 (1 - load)) of the work;
Kleinrock, Queueing Systems I, section 5.6 (1975)."""


class Timed(Protocol):
    """What has times and says what its client did: an `Attempt` or a `Reply`."""

    @property
    def client(self) -> ClientName | None:
        """What sent it."""

    @property
    def first_token_s(self) -> float | None:
        """Time to the first token."""

    @property
    def total_s(self) -> float | None:
        """Time to the last byte."""

    @property
    def client_lag_s(self) -> float | None:
        """Longest hold-up of the client's loop."""

    @property
    def client_busy(self) -> float | None:
        """CPU of the client's process over the time."""


def client_bound(attempt: Timed) -> str:
    """Return why a latency may be the client's own, in words; empty if nothing says so.

    Such a latency is shown as flagged and takes no part in a figure. What was replayed, or sent
    before these figures were kept, is not judged here: its times say nothing new of any client.

    Example:
        >>> from playbook.trials.client import Reply
        >>> quick = Reply("hi", "m", "stop", 1, 1, first_token_s=0.2, total_s=0.5, client="lean",
        ...               client_lag_s=0.1, client_busy=0.3)
        >>> client_bound(quick)
        'the client was held up for 100 ms of a first token that took 200 ms'
    """
    if attempt.client in {None, "replay"}:
        return ""
    if attempt.client_lag_s is None or attempt.client_busy is None:
        return "what the client did during the call was not recorded"
    if attempt.client_busy > MOST_BUSY and attempt.client_lag_s > TICK_S:
        return f"the client's process used {attempt.client_busy:.0%} of a core during the call"
    took_s, what = attempt.first_token_s, "a first token"
    if took_s is None:
        took_s, what = attempt.total_s or 0.0, "a reply"
    if attempt.client_lag_s > max(LONGEST_LAG_S, LONGEST_LAG_SHARE * took_s):
        held_ms, took_ms = attempt.client_lag_s * 1000, took_s * 1000
        return f"the client was held up for {held_ms:.0f} ms of {what} that took {took_ms:.0f} ms"
    return ""
