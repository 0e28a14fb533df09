"""How much of an endpoint's limits a run used, and what it waited for: all from the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pydantic import Field

from playbook.profile.endpoints import Endpoint
from playbook.records import Record
from playbook.trials.records import Attempt, WaitCause

MINUTE = timedelta(seconds=60)
IDLE = timedelta(seconds=120)
"""After a longer time without a call a run was over; the next one began anew."""
LEAST_MINUTES = 1 / 60


class RateFigures(Record):
    """What one endpoint was asked a minute, against its limits, and what calls waited for."""

    endpoint: str
    """Endpoint id."""
    requests: int
    """Calls that were sent, failed ones included."""
    tokens: int
    """Input and output of all calls, as the endpoint counted them."""
    active_minutes: float
    """Time with calls, without the pauses between runs."""
    requests_per_minute: float
    """Calls over that time."""
    tokens_per_minute: float
    """Tokens over that time."""
    busiest_minute_requests: int
    """Most calls that began within any 60 s."""
    busiest_minute_tokens: int
    """Most tokens of calls that ended within any 60 s."""
    rpm: int | None = None
    """Stated limit of requests a minute; None where none is stated."""
    tpm: int | None = None
    """Stated limit of tokens a minute."""
    share_of_rpm: float | None = None
    """The busiest minute's requests over the limit; None where none is stated."""
    share_of_tpm: float | None = None
    """The busiest minute's tokens over the limit."""
    refused_for_limits: int = 0
    """Calls that the endpoint refused with 429."""
    failures: dict[str, int] = Field(default_factory=dict)
    """Failed calls by kind."""
    retries: int = 0
    """Calls that were another attempt at the same trial."""
    breaker_openings: int = 0
    """Times that the endpoint was left alone after many failures, until one call tried again."""
    waits_s: dict[WaitCause, float] = Field(default_factory=dict)
    """Seconds that calls waited, by cause; calls that waited together count each for itself."""


def rate_figures(
    endpoints: Sequence[Endpoint], attempts: Iterable[Attempt]
) -> tuple[RateFigures, ...]:
    """Return the figures of each endpoint that was asked in this folder, in the given order.

    Answers from a recording or from the store of answers are no calls.

    Args:
        endpoints: They state the limits.
        attempts: Lines of the ledger, for whatever purpose, in any order.
    """
    by_endpoint: dict[str, list[Attempt]] = defaultdict(list)
    for one in attempts:
        if one.attempt > 0 and not one.recorded and one.stored_on is None:
            by_endpoint[one.endpoint].append(one)
    return tuple(_figures(one, by_endpoint[one.id]) for one in endpoints if by_endpoint.get(one.id))


def _figures(endpoint: Endpoint, calls: Sequence[Attempt]) -> RateFigures:
    began = sorted((_began(one), 1) for one in calls)
    ended = sorted((one.at, (one.input_tokens or 0) + (one.output_tokens or 0)) for one in calls)
    minutes = _active_minutes([at for at, _count in began], ended[-1][0])
    requests, tokens = _most_in_a_minute(began), _most_in_a_minute(ended)
    all_tokens = sum(count for _at, count in ended)
    kinds = Counter(one.error.partition(":")[0] for one in calls if _failed(one))
    waits: Counter[WaitCause] = Counter()
    for one in calls:
        waits.update(one.waits_s)
    return RateFigures(
        endpoint=endpoint.id,
        requests=len(calls),
        tokens=all_tokens,
        active_minutes=minutes,
        requests_per_minute=len(calls) / minutes,
        tokens_per_minute=all_tokens / minutes,
        busiest_minute_requests=requests,
        busiest_minute_tokens=tokens,
        rpm=endpoint.rpm,
        tpm=endpoint.tpm,
        share_of_rpm=requests / endpoint.rpm if endpoint.rpm else None,
        share_of_tpm=tokens / endpoint.tpm if endpoint.tpm else None,
        refused_for_limits=kinds["rate_limit"],
        failures=dict(sorted(kinds.items())),
        retries=sum(one.attempt > 1 for one in calls),
        breaker_openings=sum("probe" in one.waits_s for one in calls),
        waits_s={cause: round(seconds, 3) for cause, seconds in sorted(waits.items())},
    )


def _failed(attempt: Attempt) -> bool:
    return attempt.outcome in {"error", "timeout"}


def _began(attempt: Attempt) -> datetime:
    return attempt.at - timedelta(seconds=attempt.total_s or 0.0)


def _most_in_a_minute(amounts: Sequence[tuple[datetime, int]]) -> int:
    """Return the largest sum of amounts within 60 s, given in order."""
    window: deque[tuple[datetime, int]] = deque()
    inside = most = 0
    for at, amount in amounts:
        window.append((at, amount))
        inside += amount
        while window[0][0] <= at - MINUTE:
            inside -= window.popleft()[1]
        most = max(most, inside)
    return most


def _active_minutes(began: Sequence[datetime], last: datetime) -> float:
    """Return the time from each run's first call to its last, given in order."""
    active, start, before = timedelta(), began[0], began[0]
    for at in began:
        if at - before > IDLE:
            active += before - start
            start = at
        before = at
    active += max(last, before) - start
    return max(LEAST_MINUTES, active / MINUTE)
