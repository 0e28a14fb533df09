"""Measurements from trials: what an endpoint's own answers say of its speed, tokens and success."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median
from typing import get_args

from playbook.catalog.measurements import Measurement
from playbook.catalog.schema import Precision
from playbook.profile.endpoints import Endpoint
from playbook.profile.profile import Profile
from playbook.provenance import Source
from playbook.trials.load.curves import load_curves
from playbook.trials.load.filler import FILLER_SET
from playbook.trials.load.honesty import client_bound
from playbook.trials.load.in_flight import Call, Steady, settled_state, steady_state
from playbook.trials.load.points import client_limits
from playbook.trials.records import Attempt
from playbook.trials.statistics.intervals import quantile

LEAST_SECONDS = 30.0
LEAST_CALLS = 50
"""Less than both of these says too little about a steady load."""
FEWEST_TOKENS_TIMED = 8
MOST_CALLS_PER_SECOND = 10.0
"""Above it the client on this machine, not the endpoint, may be what limits the rate; of calls that
do not say how busy the client was."""
_LONGEST_RUN = timedelta(hours=12)
_WROTE = ("answered", "truncated")
_OWN = "self:"


def measurements_of_trials(
    profile: Profile, attempts: Sequence[Attempt]
) -> tuple[tuple[Measurement, ...], tuple[str, ...]]:
    """Return what the attempts measured of endpoints that are options, and what was not used.

    A demonstration model, a stand-in and a replayed answer measure no market model. Each load of an
    endpoint is one measurement, of the number of calls that was in flight for the longest time; its
    first call, which finds the server cold, does not count. Of open loads, whose number in flight
    comes and goes, the highest one that met the service level is one, of the number on average.

    Args:
        profile: Names the endpoints with their option, engine, GPUs and precision.
        attempts: Lines of the ledger, in any order.

    Returns:
        Measurements, and a reason for each endpoint or load without one.
    """
    found: list[Measurement] = []
    reasons: list[str] = []
    by_endpoint: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        if attempt.load or attempt.purpose == "trial":  # a judge's prompts are no work of the team
            by_endpoint[attempt.endpoint].append(attempt)
    for endpoint in profile.trials.endpoints:
        of_one = by_endpoint.get(endpoint.id, [])
        if why := _why_not(endpoint, of_one):
            reasons.append(f"{endpoint.id}: {why}")
            continue
        for load, lines in _by_load(of_one):
            one = _measurement(profile, endpoint, lines)
            if isinstance(one, str):
                at = f" at {load} calls in flight" if load else ""
                reasons.append(f"{endpoint.id}{at}: {one}")
            else:
                found.append(one)
        found += _of_open_loads(profile, endpoint, of_one)
    return tuple(found), tuple(reasons)


def _why_not(endpoint: Endpoint, attempts: Sequence[Attempt]) -> str:
    if endpoint.embedded or endpoint.stand_in:
        return "a demonstration model or stand-in on this machine measures no other model or GPU"
    if not endpoint.option:
        return "it names no option, so its speed belongs to none"
    if any(one.recorded for one in attempts):
        return "its answers were replayed, not measured in this run"
    if not any(one.outcome in _WROTE for one in attempts):
        return "nothing was answered"
    return ""


def _by_load(attempts: Sequence[Attempt]) -> Iterator[tuple[int, list[Attempt]]]:
    """Yield the attempts of each load, those of the newest run only."""
    by_load: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in sorted(attempts, key=lambda one: one.at):
        if not attempt.rate_per_s:
            by_load[attempt.load].append(attempt)
    for load, lines in sorted(by_load.items()):
        newest = lines[-1].at
        yield load, [one for one in lines if newest - one.at <= _LONGEST_RUN]


def _measurement(
    profile: Profile, endpoint: Endpoint, attempts: Sequence[Attempt]
) -> Measurement | str:
    """Return the measurement of one load, or why there is none."""
    if why := client_limits(attempts):
        return why
    calls = _warm_calls(attempts)
    steady = settled_state(calls) if attempts[0].load else steady_state(calls)
    if steady is None:
        return "the endpoint counted no tokens, or no call has its times"
    if steady.seconds < LEAST_SECONDS and steady.calls < LEAST_CALLS:
        return (
            f"{steady.calls} calls in {steady.seconds:.0f} s with {steady.in_flight} in flight are "
            f"too few: {LEAST_CALLS} calls or {LEAST_SECONDS:.0f} s are needed"
        )
    blind = any(one.client_busy is None for one in attempts if one.outcome in _WROTE)
    if blind and steady.calls / steady.seconds > MOST_CALLS_PER_SECOND:
        return (
            f"{steady.calls / steady.seconds:.0f} calls a second may be what this machine can "
            "send, not what the endpoint can answer: take prompts with longer answers"
        )
    return _of(profile, endpoint, attempts, steady=steady)


def _warm_calls(attempts: Sequence[Attempt]) -> list[Call]:
    timed = [
        (one.at.timestamp() - one.total_s, one)
        for one in attempts
        if one.outcome in _WROTE and one.total_s and one.output_tokens and not client_bound(one)
    ]
    timed.sort(key=lambda pair: pair[0])
    return [Call(start, one.at.timestamp(), one.output_tokens or 0) for start, one in timed[1:]]


def _of(
    profile: Profile, endpoint: Endpoint, attempts: Sequence[Attempt], *, steady: Steady
) -> Measurement:
    model, _, where = endpoint.option.partition("@")
    filler = attempts[0].prompt_set == FILLER_SET  # its lengths are asked for, not found
    counted = _WROTE if filler else ("answered",)
    answered = [one for one in attempts if one.outcome in counted and not client_bound(one)]
    final = [one for one in attempts if one.final and one.outcome != "refused_by_gate"]
    first_tokens = [
        (one.late_s or 0.0) + one.first_token_s for one in answered if one.first_token_s is not None
    ]
    slowest = quantile(first_tokens, 0.95)
    day = attempts[-1].at.date()
    named = endpoint.title or endpoint.id
    return Measurement(
        model=model,
        endpoint=endpoint.id,
        provider="" if where.startswith(_OWN) else where,
        engine=endpoint.engine,
        gpu=endpoint.gpu,
        gpus=endpoint.gpus or 0,
        precision=_precision(endpoint.precision),
        concurrency=steady.in_flight,
        requests=steady.calls,
        output_tokens_per_second=steady.output_tokens_per_second,
        output_tokens_per_second_per_call=_median_speed(answered),
        first_token_p95_s=slowest.value if slowest else None,
        mean_input_tokens=mean_count([one.input_tokens for one in answered]),
        mean_output_tokens=mean_count([one.output_tokens for one in answered]),
        success_rate=None if filler else _success_rate(final),
        filler=filler,
        measured_on=day,
        source=Source(
            title=f"Trials of {profile.team.name} at {named}", as_of=day, kind="measured"
        ),
    )


def _of_open_loads(
    profile: Profile, endpoint: Endpoint, attempts: Sequence[Attempt]
) -> Iterator[Measurement]:
    """Yield the measurement of the highest open load that met the service level, if one did."""
    curves = load_curves(profile, [one for one in attempts if one.rate_per_s])
    for curve in curves:
        for point in curve.points:
            tokens = point.output_tokens_per_second
            if curve.kind != "open" or point.load != curve.best or tokens is None:
                continue
            if point.seconds < LEAST_SECONDS and point.calls < LEAST_CALLS:
                continue
            lines = [one for one in attempts if one.rate_per_s == point.rate_per_s]
            steady = Steady(
                max(1, round(point.mean_in_flight)), point.seconds, point.calls, tokens.value
            )
            yield _of(profile, endpoint, lines, steady=steady)


def _success_rate(final: Sequence[Attempt]) -> float:
    return sum(one.outcome == "answered" for one in final) / len(final)


def _precision(name: str) -> Precision | None:
    known: tuple[Precision, ...] = get_args(Precision)
    return next((one for one in known if one == name), None)


def call_speed(attempt: Attempt) -> float | None:
    """Return the tokens a second after the first one, or of the whole call without its time.

    None for answers of a few tokens: their time is the client's own, not the model's.
    """
    tokens, total = attempt.output_tokens, attempt.total_s
    if tokens is None or total is None:
        return None
    if attempt.first_token_s is not None:
        tokens, total = tokens - 1, total - attempt.first_token_s
    return tokens / total if tokens >= FEWEST_TOKENS_TIMED and total > 0 else None


def mean_count(counts: Sequence[int | None]) -> float | None:
    """Return the mean of the counts that are known; None if none is."""
    known = [one for one in counts if one is not None]
    return math.fsum(known) / len(known) if known else None


def _median_speed(answered: Sequence[Attempt]) -> float | None:
    speeds = [
        speed for one in answered if one.first_token_s is not None and (speed := call_speed(one))
    ]
    return median(speeds) if speeds else None
