"""The natural figure of each criterion, drawn for one option.

Draws of what options share (a lane's lead time, a model's unknown quality) are the same for all of
them, and each is seeded by its name alone: leaving an option out changes no other's draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from playbook.catalog import least_class
from playbook.costs import token_flow
from playbook.decision.criteria import BEST_LATENCY_SHARE, CRITERIA
from playbook.decision.situation import Candidate, Situation, months_left
from playbook.profile.profile import Profile
from playbook.trials.interval import Interval
from playbook.uncertainty import Samples, draw
from playbook.units import tokens_per_month
from playbook.vocabulary import DataClass, Lane

STANDARD_ERRORS_IN_95_PERCENT = 2 * 1.959964
FAR_OFF_MONTHS = 120.0


@dataclass(frozen=True)
class Streams:
    """Random streams by name, all from one seed."""

    seed: int
    draws: int

    @classmethod
    def from_rng(cls, rng: np.random.Generator, draws: int) -> Streams:
        """Return streams whose seed is the generator's next number."""
        return cls(seed=int(rng.integers(2**32)), draws=draws)

    def of(self, *names: str) -> np.random.Generator:
        """Return the stream of a name, whatever was drawn before."""
        return np.random.default_rng([self.seed, *(crc32(name.encode()) for name in names)])

    def evenly(self, *names: str) -> Samples:
        """Return draws from 0 to 1, one in each of equal strips, in the shuffled order of a name.

        Their mean is exactly a half, so that chance does not order what nobody knows.
        """
        return (self.of(*names).permutation(self.draws) + 0.5) / self.draws


def draw_measures(
    candidate: Candidate, situation: Situation, streams: Streams
) -> dict[str, Samples]:
    """Return samples of every criterion's natural figure for a priced option.

    Returns:
        Criterion to samples of shape `(draws,)`, in the units of the anchors.
    """
    passing = draw_pass_rate(candidate, streams)
    monthly = np.asarray(candidate.cost.draws_usd_per_month if candidate.cost else (), dtype=float)
    drawn = {
        "cost": monthly + failure_cost(passing, situation.profile),
        "quality": passing,
        "latency": _first_token(candidate, situation, streams),
        "infrastructure": _fte_short(candidate, situation, streams),
        "residency": np.full(streams.draws, contract_only_share(candidate, situation)),
        "time_to_production": draw_lead_weeks(candidate.lane, situation, streams),
        "lifecycle": np.full(streams.draws, _months(candidate, situation)),
    }
    return {name: drawn[name] for name in CRITERIA}


def contract_only_share(candidate: Candidate, situation: Situation) -> float:
    """Return the share of tokens whose protection rests on contract terms only, 0 to 1.

    Public data, of no type that is more than that, needs no protection; the team's own servers,
    rented machines included, are under its own technical control. An unknown data class counts as
    one to protect.
    """
    data = situation.profile.data
    implied = least_class(data.data_types or (), situation.catalog.least_classes)
    if data.data_class is DataClass.PUBLIC and implied is DataClass.PUBLIC:
        return 0.0
    return 0.0 if candidate.option.operator == "self" else 1.0


def failure_cost(passing: Samples, profile: Profile) -> Samples:
    """Return USD a month that failed tasks cost: tasks of the likely volume times failed share.

    Below the minimum pass rate an option would not stay live, so no more failures are counted.
    """
    workload = profile.workload
    tokens_per_task = token_flow(workload).tokens_per_call * workload.calls_per_task
    tasks = tokens_per_month(workload.tokens_per_day.likely) / tokens_per_task
    live = np.maximum(passing, profile.trials.minimum_pass_rate)
    return profile.weights.usd_per_failure * tasks * (1 - live)


def draw_pass_rate(candidate: Candidate, streams: Streams) -> Samples:
    """Return draws of the pass rate: from its interval if tested, else anything from 0 to 1.

    An untested model gets one draw for all its options: the same weights served elsewhere most
    likely do alike. Evidence itself is never carried over to another option.
    """
    rate = candidate.pass_rate
    if rate is None:
        return streams.evenly("pass rate", candidate.option.model)
    return draw_rate(rate, streams.of("pass rate", candidate.id), streams.draws)


def draw_rate(rate: Interval, rng: np.random.Generator, draws: int) -> Samples:
    """Return draws of a Beta distribution with the middle and spread of a 95% interval.

    Taking the spread from the interval keeps its correction for prompts that share a template.
    """
    middle = (rate.low + rate.high) / 2
    spread = (rate.high - rate.low) / STANDARD_ERRORS_IN_95_PERCENT
    if spread <= 0:
        return np.full(draws, rate.value)
    strength = middle * (1 - middle) / spread**2 - 1
    if strength <= 0:
        return rng.uniform(rate.low, rate.high, draws)
    return rng.beta(middle * strength, (1 - middle) * strength, draws)


def _first_token(candidate: Candidate, situation: Situation, streams: Streams) -> Samples:
    """Return draws of the p95 time to the first token; untested is anything between the anchors."""
    target = situation.profile.workload.first_token_p95_s
    seen = candidate.tested.first_token_p95_s if candidate.tested else None
    if seen is None:
        even = streams.evenly("first token", candidate.id)
        return target * (BEST_LATENCY_SHARE + (1 - BEST_LATENCY_SHARE) * even)
    spread = (seen.high - seen.low) / STANDARD_ERRORS_IN_95_PERCENT
    rng = streams.of("first token", candidate.id)
    return np.clip(rng.normal(seen.value, spread, streams.draws), 0, None)


def _fte_short(candidate: Candidate, situation: Situation, streams: Streams) -> Samples:
    people = situation.profile.infrastructure
    own = candidate.lane is Lane.SELF_HOSTED
    needed = people.fte_needed_self_hosted if own else people.fte_needed_api
    rng = streams.of("people", "own" if own else "api")
    return np.clip(draw(needed, rng, streams.draws) - people.staff_free_fte, 0, None)


def draw_lead_weeks(lane: Lane, situation: Situation, streams: Streams) -> Samples:
    """Return draws of a lane's lead time in weeks, the same for all its options."""
    estimate = situation.profile.infrastructure.lead_times.of(lane)
    return draw(estimate, streams.of("lead time", lane.value), streams.draws)


def _months(candidate: Candidate, situation: Situation) -> float:
    months = months_left(candidate, situation)
    return FAR_OFF_MONTHS if months is None else months
