"""What a run will ask, cost and take, told before anything is sent.

Low figures rest on what recorded answers used, or on ordinary lengths where none is recorded yet;
high ones are ceilings: one token a byte, the longest answer, the full deadline, the money cap.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from playbook.catalog import PriceList, Usage, request_cost_usd
from playbook.clearance import Clearance
from playbook.profile import Endpoint, Profile, params_dir
from playbook.trials.connecting import speaks_openai
from playbook.trials.judging.forecast import judge_forecast
from playbook.trials.judging.readings import judge_phase
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.money import (
    charged_usd,
    endpoint_price,
    most_input_tokens,
    needs_price,
    worst_case_usd,
)
from playbook.trials.phases import Agenda, Phase, Planner
from playbook.trials.plan import Trial, plan_trials, ruling_on
from playbook.trials.preflight_answers import ANSWER_SHARE, BYTES_PER_TOKEN, expected_answers
from playbook.trials.preflight_records import Leg, RunPlan
from playbook.trials.prompt_records import PromptSet
from playbook.trials.prompts import load_prompt_sets
from playbook.trials.records import Attempt
from playbook.trials.run import PHASES
from playbook.trials.screening import screen_of
from playbook.trials.statistics.power import pairs_needed

if TYPE_CHECKING:
    from playbook.catalog import Catalog

SECONDS_PER_CALL = 2.0
"""Time of a call, where none is recorded; only for the low figure."""
DISCORDANT = 0.2
"""Share of prompts that only one of two endpoints passes, where none is recorded."""
TOKENS_PER_IMAGE = 1_000
"""Of a picture of ordinary size; only for the low figure."""
FEW_ANSWERS = 5


@dataclass(frozen=True)
class _Known:
    """What recorded answers of one endpoint tell."""

    output_tokens: float | None
    seconds: float | None

    @property
    def pace(self) -> float:
        return SECONDS_PER_CALL if self.seconds is None else self.seconds


@dataclass(frozen=True)
class _Grounds:
    """What every leg of a plan rests on."""

    attempts: Sequence[Attempt]
    may_send: Callable[[Trial], bool]
    prices: Mapping[str, PriceList | None]
    known: Mapping[str, _Known]
    deadline_s: float

    @cached_property
    def settled(self) -> frozenset[str]:
        """Return the run keys that have a result; a refusal may be none any more."""
        final = (one for one in self.attempts if one.final and one.outcome != "refused_by_gate")
        return frozenset(one.run_key for one in final)


def plan_run(  # noqa: PLR0913  what a run is made of, by name
    profile: Profile,
    catalog: Catalog,
    clearance: Clearance,
    *,
    folder: Path,
    as_of: date,
    prompt_sets: Sequence[PromptSet] | None = None,
    phases: Sequence[Planner] = PHASES,
) -> RunPlan:
    """Return what a run would ask, cost and take; nothing is sent or written.

    Args:
        profile: The profile to run.
        catalog: Prices.
        clearance: What may go where.
        folder: Run folder; what its ledger holds is not asked again.
        as_of: Day of the run.
        prompt_sets: The profile's sets; left out, they are read.
        phases: What the run consists of.

    Raises:
        PromptSetError: when a prompt set is missing or wrong.
        ArtefactError: when the ledger is damaged.
    """
    section = profile.trials
    sets = prompt_sets or load_prompt_sets(section.prompt_sets, params_dir() / "prompts")
    attempts = read_ledger(folder / LEDGER)
    trials = plan_trials(profile, sets) if section.endpoints else ()
    screen = screen_of(section, as_of=as_of)
    prices = {
        one.id: endpoint_price(one, profile, catalog, as_of=as_of) for one in section.endpoints
    }
    grounds = _Grounds(
        attempts,
        lambda trial: ruling_on(trial, clearance, screen).allowed,
        prices,
        {one.id: _known(one, attempts) for one in section.endpoints},
        section.deadline_s,
    )
    several = len(section.endpoints) > 1
    return RunPlan(
        team=profile.team.name,
        legs=tuple(_legs(profile, sets, trials, grounds, phases=phases)),
        prompts=len({(one.prompt_set, one.prompt.id) for one in trials if one.prompt.scorers}),
        prompts_needed=_needed(section.non_inferiority_margin) if several else None,
        margin=section.non_inferiority_margin,
        money_left_usd=max(0.0, section.money_cap_usd - charged_usd(attempts)),
        unpriced=tuple(
            one.id for one in section.endpoints if prices[one.id] is None and needs_price(one)
        ),
    )


def _legs(
    profile: Profile,
    sets: Sequence[PromptSet],
    trials: Sequence[Trial],
    grounds: _Grounds,
    *,
    phases: Sequence[Planner],
) -> Iterator[Leg]:
    awaited = expected_answers(trials, grounds.attempts, grounds.may_send)
    foreseen = (*grounds.attempts, *awaited)
    recorded = Agenda(
        profile,
        sets,
        trials,
        may_send=grounds.may_send,
        reached_by_lean=speaks_openai,
        attempts=lambda: grounds.attempts,
    )
    agenda = replace(recorded, attempts=lambda: foreseen)
    for planner in phases:
        legs = _legs_of(planner, agenda, grounds)
        if planner is judge_phase:
            longest = [
                *_legs_of(judge_phase, recorded, grounds),
                *_legs_of(judge_forecast, recorded, grounds),
            ]
            yield from (_up_to(one, longest) for one in legs)
        else:
            yield from legs


def _legs_of(planner: Planner, agenda: Agenda, grounds: _Grounds) -> Iterator[Leg]:
    for phase in planner(agenda):
        for of_one in _by_endpoint(phase.trials):
            yield _leg(phase, of_one, grounds)


def _up_to(usual: Leg, longest: Sequence[Leg]) -> Leg:
    """Return a judge's leg with the ceilings of reading answers that are as long as they may be."""
    usd = None
    if usual.usd is not None:
        highest = math.fsum(one.usd[1] for one in longest if one.usd is not None)
        usd = (usual.usd[0], max(usual.usd[1], highest))
    read = max(usual.input_tokens[1], sum(one.input_tokens[1] for one in longest))
    minutes = max(usual.minutes[1], math.fsum(one.minutes[1] for one in longest))
    return usual.changed(
        input_tokens=(usual.input_tokens[0], read),
        usd=usd,
        minutes=(usual.minutes[0], minutes),
    )


def _needed(margin: float) -> int | None:
    return pairs_needed(DISCORDANT, margin) if margin > 0 else None


def _by_endpoint(trials: Iterable[Trial]) -> list[list[Trial]]:
    found: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        found[trial.endpoint.id].append(trial)
    return list(found.values())


def _known(endpoint: Endpoint, attempts: Sequence[Attempt]) -> _Known:
    own = [one for one in attempts if one.endpoint == endpoint.id and one.outcome == "answered"]
    written = [one.output_tokens for one in own if one.output_tokens is not None]
    seconds = [one.total_s for one in own if one.total_s is not None and not one.load]
    return _Known(
        fmean(written) if len(written) >= FEW_ANSWERS else None,
        fmean(seconds) if len(seconds) >= FEW_ANSWERS else None,
    )


def _leg(phase: Phase, trials: Sequence[Trial], grounds: _Grounds) -> Leg:
    endpoint = trials[0].endpoint
    recorded = [one for one in trials if one.run_key in grounds.settled]
    waiting = [one for one in trials if one.run_key not in grounds.settled]
    asked = [one for one in waiting if grounds.may_send(one)]
    price, known = grounds.prices[endpoint.id], grounds.known[endpoint.id]
    uses = [_usage(one, known) for one in asked]
    low = Usage(
        input_tokens=sum(one.input_tokens for one in uses),
        output_tokens=sum(one.output_tokens for one in uses),
    )
    high = (
        sum(most_input_tokens(one.request) for one in asked),
        sum(one.request.max_tokens for one in asked),
    )
    return Leg(
        phase=phase.name,
        endpoint=endpoint.id,
        queue="this machine" if endpoint.embedded else endpoint.id,
        calls=len(asked),
        recorded=len(recorded),
        refused=len(waiting) - len(asked),
        input_tokens=(low.input_tokens, high[0]),
        output_tokens=(low.output_tokens, high[1]),
        usd=_usd(asked, uses, price, free=not needs_price(endpoint)),
        minutes=(
            _minutes(endpoint, phase, len(asked), low.input_tokens + low.output_tokens, known.pace),
            _minutes(endpoint, phase, len(asked), sum(high), grounds.deadline_s),
        ),
    )


def _usage(trial: Trial, known: _Known) -> Usage:
    bytes_sent = sum(len(one.content.encode()) for one in trial.request.spoken)
    images = TOKENS_PER_IMAGE * sum(len(one.images) for one in trial.request.messages)
    longest = trial.request.max_tokens
    written = ANSWER_SHARE * longest if known.output_tokens is None else known.output_tokens
    return Usage(
        input_tokens=math.ceil(bytes_sent / BYTES_PER_TOKEN) + images,
        output_tokens=min(longest, math.ceil(written)),
    )


def _usd(
    trials: Sequence[Trial], uses: Sequence[Usage], price: PriceList | None, *, free: bool
) -> tuple[float, float] | None:
    if price is None:
        return (0.0, 0.0) if free else None
    low = math.fsum(request_cost_usd(price, one) for one in uses)
    return low, math.fsum(worst_case_usd(price, one.request) for one in trials)


def _minutes(
    endpoint: Endpoint, phase: Phase, calls: int, tokens: float, seconds_per_call: float
) -> float:
    """Return the time of some calls: the slowest of requests, tokens and calls in flight."""
    by_arrival = phase.arrivals[-1] / 60 if phase.arrivals and calls else 0.0
    return max(
        calls / endpoint.rpm if endpoint.rpm else 0.0,
        tokens / endpoint.tpm if endpoint.tpm else 0.0,
        math.ceil(calls / phase.in_flight) * seconds_per_call / 60,
        by_arrival,
    )
