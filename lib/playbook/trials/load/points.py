"""From the calls of one load to a point: throughput, latency, goodput, each with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from playbook.trials.interval import Interval
from playbook.trials.load.honesty import client_bound
from playbook.trials.load.in_flight import Call, Span, Stopwatch, settled_state
from playbook.trials.load.rates import rate_interval
from playbook.trials.load.records import MOST_CLIENT_BOUND, LoadKind, LoadPoint
from playbook.trials.records import Attempt
from playbook.trials.statistics.intervals import quantile, wilson

WROTE = ("answered", "truncated")
"""A load's answers are cut at the length that was asked for: that is no failure of it."""
HELD_BACK_S = 0.05
"""A call of an open load that is sent later than this after it was due had to wait for a place."""
FEWEST_CALLS = 10
_INSTANT_S = 1e-3
"""Time in which an answer that was not streamed arrives."""


@dataclass(frozen=True)
class Level:
    """A service level: what one call must do, and how many of them must."""

    first_token_s: float
    """Time to the first token, seconds."""
    tokens_per_second: float
    """Speed from then on."""
    deadline_s: float = 60.0
    """Total time of a call: one that ran past it took at least so long."""
    share: float = 0.95
    """Share of the calls that must meet it."""


@dataclass(frozen=True)
class Asked:
    """What a load asked for."""

    kind: LoadKind
    """How its calls arrive."""
    in_flight: int
    """Calls in flight, or of an open load at most."""
    rate_per_s: float
    """Calls a second of an open load; 0 of a closed one."""
    calls: int
    """Calls after the first."""


def load_point(attempts: Sequence[Attempt], asked: Asked, level: Level) -> LoadPoint:
    """Return what the calls of one load showed.

    The first call finds the server cold and is left out; so are calls in which this machine may
    have been what was slow. Calls that failed stay in every share.

    Args:
        attempts: Calls of that load on one endpoint, in any order.
        asked: What it asked for.
        level: What a call must do to count as good.
    """
    warm = sorted((one for one in attempts if one.outcome != "refused_by_gate"), key=_begun_s)[1:]
    used = [one for one in warm if not client_bound(one)]
    wrote = [one for one in used if one.outcome in WROTE]
    calls = [Call(_begun_s(one), one.at.timestamp(), one.output_tokens or 0) for one in wrote]
    writing = calls if asked.kind == "closed" else [_writing(one) for one in wrote]
    spans = _spans(writing, asked.kind)
    watch = Stopwatch(spans)
    counted = [one for one in writing if one.output_tokens]
    tokens = rate_interval(counted, [one.output_tokens for one in counted], spans)
    answered_per_s = rate_interval(writing, [1.0] * len(writing), spans)
    met = [meets(one, level) for one in wrote]
    return LoadPoint(
        kind=asked.kind,
        in_flight=asked.in_flight,
        rate_per_s=asked.rate_per_s,
        planned_calls=asked.calls,
        calls=len(used),
        seconds=watch.seconds,
        mean_in_flight=_in_flight(calls, watch),
        output_tokens_per_second=tokens,
        requests_per_second=answered_per_s,
        **_latencies(used, level),
        error_share=_share(len(used) - len(wrote), len(used)),
        outcomes=dict(sorted(Counter(one.outcome for one in used).items())),
        slo_share=_share(met.count(True), len(used)) if set(met) != {None} else None,
        slo_unknown=met.count(None),
        goodput_per_s=_goodput(met, answered_per_s),
        mean_input_tokens=_mean([one.input_tokens for one in wrote]),
        mean_output_tokens=_mean([one.output_tokens for one in wrote]),
        client_bound_calls=len(warm) - len(used),
        held_back_calls=sum((one.late_s or 0.0) > HELD_BACK_S for one in used),
        because=_why_unusable(warm, used, wrote, asked),
    )


def meets(attempt: Attempt, level: Level) -> bool | None:
    """Return whether an answered call met the service level; None where it can't be said.

    The time to the first token counts from when the call was due.
    """
    first_s, total_s, tokens = attempt.first_token_s, attempt.total_s, attempt.output_tokens
    if first_s is None or total_s is None or tokens is None:
        return None
    if (attempt.late_s or 0.0) + first_s > level.first_token_s:
        return False
    return (tokens - 1) >= level.tokens_per_second * (total_s - first_s) or tokens <= 1


def client_limits(attempts: Sequence[Attempt]) -> str:
    """Return why some calls say more of this machine than of the endpoint; empty if they do not."""
    bound = sum(bool(client_bound(one)) for one in attempts)
    if bound <= MOST_CLIENT_BOUND * len(attempts):
        return ""
    return (
        f"in {bound} of {len(attempts)} calls this machine, not the endpoint, may have been what "
        "was slow; measure from a machine with more free cores"
    )


def _latencies(used: Sequence[Attempt], level: Level) -> dict[str, Interval | None]:
    first, total, gaps = [], [], []
    for one in used:
        late_s = one.late_s or 0.0
        if one.outcome == "timeout":
            first.append(late_s + level.deadline_s)
            total.append(late_s + level.deadline_s)
        elif one.outcome in WROTE:
            first += [late_s + one.first_token_s] if one.first_token_s is not None else []
            total += [late_s + one.total_s] if one.total_s is not None else []
            gaps += [one.token_gap_s] if one.token_gap_s is not None else []
    streamed = any(one.first_token_s is not None for one in used)
    return {
        **{
            f"first_token_{name}_s": quantile(first, share) if streamed else None
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
        },
        "total_p50_s": quantile(total, 0.5),
        "total_p95_s": quantile(total, 0.95),
        "token_gap_s": quantile(gaps, 0.5),
    }


def _begun_s(attempt: Attempt) -> float:
    return attempt.at.timestamp() - (attempt.total_s or 0.0)


def _writing(attempt: Attempt) -> Call:
    """Return the time in which a call wrote: in an open load most of its time may be a queue's."""
    end_s, total_s = attempt.at.timestamp(), attempt.total_s or 0.0
    first_s = total_s if attempt.first_token_s is None else attempt.first_token_s
    wrote_s = max(_INSTANT_S, total_s - first_s)
    return Call(end_s - wrote_s, end_s, attempt.output_tokens or 0)


def _spans(writing: Sequence[Call], kind: LoadKind) -> Sequence[Span]:
    """Return the times over which throughput is taken.

    In an open load from when the first call began to be answered to when the last one did: before,
    nobody had called yet, and after it the queue runs dry.
    """
    if kind == "closed":
        steady = settled_state(writing)
        return steady.spans if steady else ()
    begun = [one.start_s for one in writing]
    return [(min(begun), max(begun))] if len(begun) > 1 else ()


def _in_flight(calls: Sequence[Call], watch: Stopwatch) -> float:
    """Return how many calls were in flight on average."""
    return sum(watch.inside_s(one) for one in calls) / watch.seconds if watch.seconds else 0.0


def _share(some: int, of_all: int) -> Interval | None:
    if not of_all:
        return None
    low, high = wilson(some, of_all)
    share = some / of_all
    return Interval(
        value=share, low=min(low, share), high=max(high, share), n=of_all, method="Wilson (95%)"
    )


def _goodput(met: Sequence[bool | None], answered_per_s: Interval | None) -> float | None:
    if answered_per_s is None or not met or set(met) == {None}:
        return None
    return answered_per_s.value * met.count(True) / len(met)


def _mean(counts: Sequence[int | None]) -> float | None:
    known = [one for one in counts if one is not None]
    return sum(known) / len(known) if known else None


def _why_unusable(
    warm: Sequence[Attempt], used: Sequence[Attempt], wrote: Sequence[Attempt], asked: Asked
) -> str:
    if why := client_limits(warm):
        return why
    if len(warm) < asked.calls:
        return f"only {len(warm)} of {asked.calls} calls were made"
    if len(wrote) < FEWEST_CALLS:
        return f"only {len(wrote)} of {len(used)} calls were answered"
    if any(one.recorded for one in wrote):
        return "its answers were replayed"
    return ""
