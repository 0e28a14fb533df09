"""The curve through the loads of a sweep: its knee, where it ends, and what was not tried."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from playbook.profile.endpoints import Endpoint
from playbook.profile.profile import Profile
from playbook.trials.load.filler import FILLER_SET
from playbook.trials.load.points import Asked, Level, load_point
from playbook.trials.load.records import LoadCurve, LoadKind, LoadPoint
from playbook.trials.load.sweep import (
    MOST_IN_FLIGHT,
    beyond_limit,
    can_be_measured,
    closed_calls,
)
from playbook.trials.records import Attempt

LEAST_GAIN = 0.5
"""Share of the growth in proportion to the load that throughput must reach at each step."""
NO_GAIN = 0.15
"""Share of that growth below which throughput stands still."""
SLOWER = 1.2
"""Latency that is so many times that of the load before it grows."""
MOST_ERRORS = 0.2
"""Share of calls without an answer at which a sweep ends."""


def load_curves(profile: Profile, attempts: Sequence[Attempt]) -> tuple[LoadCurve, ...]:
    """Return the curves of a profile's load sweep, by endpoint, closed before open.

    Args:
        profile: Its section `trials` names the loads, its section `workload` the service level.
        attempts: Lines of the ledger, in any order; those of no load, or of a load of other prompts
            than are asked for now, are left out.
    """
    section, level = profile.trials, level_of(profile)
    filler = bool(section.load_lengths)
    swept = [one for one in attempts if one.load and (one.prompt_set == FILLER_SET) is filler]
    named = {one.endpoint for one in swept}
    curves = []
    for endpoint in section.endpoints:
        if not can_be_measured(endpoint) and endpoint.id not in named:
            continue
        of_one = [one for one in swept if one.endpoint == endpoint.id]
        for kind in ("closed", "open"):
            asked = _asked(profile, kind)
            if asked:
                curves.append(_curve(endpoint, asked, of_one, level))
    return tuple(curves)


def level_of(profile: Profile) -> Level:
    """Return the service level that a profile's workload asks for."""
    work = profile.workload
    return Level(
        first_token_s=work.first_token_p95_s,
        tokens_per_second=work.output_tokens_per_second,
        deadline_s=profile.trials.deadline_s,
    )


def points_of(
    asked: Sequence[Asked], attempts: Sequence[Attempt], level: Level
) -> tuple[LoadPoint, ...]:
    """Return the points of the loads that some attempts belong to, in the order asked for."""
    points = []
    for one in asked:
        rate = one.rate_per_s if one.kind == "open" else 0.0
        of_one = [
            each for each in attempts if (each.load, each.rate_per_s) == (one.in_flight, rate)
        ]
        if of_one:
            points.append(load_point(of_one, one, level))
    return tuple(points)


def saturated(points: Sequence[LoadPoint]) -> str:
    """Return why no higher load need be tried, or an empty text.

    Args:
        points: Loads that were tried, lowest first.
    """
    for before, after in pairwise((None, *points)):
        if after is None:
            continue
        if after.client_limited:
            return f"from {after.words} on this machine, not the endpoint, may be what is slow"
        if after.error_share and after.error_share.value > MOST_ERRORS:
            return f"{after.error_share.value:.0%} of the calls at {after.words} had no answer"
        if before is None or after.because or before.because:
            continue
        if _stands_still(before, after) and _slower(before, after):
            return (
                f"from {before.words} to {after.words} throughput no longer grew "
                f"({_throughput(before):.3g} to {_throughput(after):.3g} calls/s) and calls took "
                "longer"
            )
    return ""


def knee_of(points: Sequence[LoadPoint], level: Level) -> tuple[float | None, str]:
    """Return the highest load before throughput falls behind the load, or the level is missed.

    Args:
        points: Loads that were tried, lowest first.
        level: The service level, and the share of calls that must meet it.

    Returns:
        The load, or None if the first one already misses the level, and why it ends there.
    """
    if not points:
        return None, "no load was tried"
    if why := _misses(points[0], level):
        return None, f"already at {points[0].words} {why}"
    for before, after in pairwise(points):
        if why := _misses(after, level):
            return before.load, f"at {after.words} {why}"
        asked = after.load / before.load - 1
        gained = _throughput(after) / _throughput(before) - 1 if _throughput(before) else 0.0
        if gained < LEAST_GAIN * asked:
            return before.load, (
                f"from {before.words} to {after.words} throughput grew by {gained:.0%}, the load "
                f"by {asked:.0%}"
            )
    return points[-1].load, "no higher load was tried"


def _curve(
    endpoint: Endpoint, asked: Sequence[Asked], attempts: Sequence[Attempt], level: Level
) -> LoadCurve:
    points = points_of(asked, attempts, level)
    tried = {one.load for one in points}
    ended = saturated(points)
    knee, because = knee_of(points, level)
    good = [one.load for one in points if one.usable and not _misses(one, level)]
    return LoadCurve(
        endpoint=endpoint.id,
        kind=asked[0].kind,
        slo_first_token_s=level.first_token_s,
        slo_tokens_per_second=level.tokens_per_second,
        slo_share_wanted=level.share,
        points=points,
        not_tried=tuple(
            f"{_words(one)}: {_why_not_tried(one, endpoint, ended)}"
            for one in asked
            if _load(one) not in tried
        ),
        knee=knee,
        knee_because=because,
        best=max(good, default=None),
        saturated=ended,
        measures_option=can_be_measured(endpoint),
    )


def _asked(profile: Profile, kind: LoadKind) -> list[Asked]:
    section = profile.trials
    if kind == "closed":
        return [
            Asked("closed", places, 0.0, closed_calls(section, places))
            for places in sorted(set(section.load_sweep))
        ]
    return [
        Asked("open", MOST_IN_FLIGHT, rate, section.load_calls)
        for rate in sorted(set(section.load_rates))
    ]


def _load(asked: Asked) -> float:
    return float(asked.in_flight) if asked.kind == "closed" else asked.rate_per_s


def _words(asked: Asked) -> str:
    closed = asked.kind == "closed"
    return f"{asked.in_flight} in flight" if closed else f"{asked.rate_per_s:g} calls/s"


def _why_not_tried(asked: Asked, endpoint: Endpoint, ended: str) -> str:
    if asked.kind == "open" and beyond_limit(endpoint, asked.rate_per_s):
        return f"not tried: the endpoint allows {endpoint.rpm} requests a minute"
    return f"not tried: {ended}" if ended else "not tried: the run ended before it"


def _throughput(point: LoadPoint) -> float:
    """Return the calls answered a second; 0 where that is not known."""
    return point.requests_per_second.value if point.requests_per_second else 0.0


def _stands_still(before: LoadPoint, after: LoadPoint) -> bool:
    """Return whether throughput did not grow, and by its interval did not well grow unseen."""
    rate, base, asked = after.requests_per_second, _throughput(before), after.load / before.load - 1
    if rate is None or rate.value >= (1 + NO_GAIN * asked) * base:
        return False
    return rate.high < (1 + LEAST_GAIN * asked) * base


def _slower(before: LoadPoint, after: LoadPoint) -> bool:
    if before.total_p50_s is None or after.total_p50_s is None:
        return False
    return after.total_p50_s.value > SLOWER * before.total_p50_s.value


def _misses(point: LoadPoint, level: Level) -> str:
    """Return how a load misses the service level, empty if it does not or nobody can say."""
    if point.slo_share is None or point.slo_share.value >= level.share:
        return ""
    return (
        f"{point.slo_share.value:.0%} of the calls met the service level, less than "
        f"{level.share:.0%}"
    )
