"""The loads of a sweep: how many calls in flight, or how many a second, and what they ask."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

from playbook.profile.endpoints import Endpoint
from playbook.profile.profile import Profile
from playbook.profile.trial_settings import Trials
from playbook.trials.load.arrivals import poisson_arrivals
from playbook.trials.load.filler import FILLER_SET, Fit, Length, filler_prompt, lengths_of
from playbook.trials.load.records import LoadKind
from playbook.trials.plan import Trial, run_key
from playbook.trials.prompt_records import Prompt

CALLS_PER_PLACE = 4
MOST_IN_FLIGHT = 256
"""An open load lets no more calls in at once; those that are due beyond it wait, and are told."""


@dataclass(frozen=True)
class Load:
    """The calls of one load on one endpoint."""

    kind: LoadKind
    """How they arrive."""
    in_flight: int
    """Calls in flight: exactly so many, or of an open load at most."""
    trials: tuple[Trial, ...]
    """What is asked; each is a trial with a key of its own. The first one finds the server cold:
    it is sent alone, and does not count."""
    rate_per_s: float = 0.0
    """Calls a second of an open load."""
    arrivals: tuple[float, ...] | None = None
    """When the calls after the first are due, in seconds; None of a closed load."""
    lengths: tuple[Length, ...] = ()
    """Length of each call, where they are filler; empty where they are prompts of the trials."""

    @property
    def endpoint(self) -> Endpoint:
        """Return the endpoint that is loaded."""
        return self.trials[0].endpoint

    @property
    def words(self) -> str:
        """Return the load in words."""
        how = f"{self.in_flight} in flight"
        return how if self.kind == "closed" else f"{self.rate_per_s:g} calls/s"

    def fitted(self, fit: Fit, *, seed: int) -> Load:
        """Return it with filler of the wanted length, now that the endpoint has counted some."""
        trials = tuple(
            _filled(trial, length, fit, seed)
            for trial, length in zip(self.trials, self.lengths, strict=False)
        )
        return replace(self, trials=trials) if self.lengths else self


def plan_sweep(
    profile: Profile, trials: Sequence[Trial], *, endpoints: Sequence[Endpoint] | None = None
) -> tuple[Load, ...]:
    """Return the loads of a sweep: by endpoint, closed before open, lowest first.

    Where the profile names lengths the calls are filler; else they are the trials' own prompts, in
    turn and as often as needed. Either way they pass the same gate and the same money cap.

    Args:
        profile: Names the loads, the calls at each and their lengths.
        trials: Trials that may be sent.
        endpoints: Endpoints to load; left out, its own that are an option, since only
            of them a measurement can be used.
    """
    loaded = [one for one in profile.trials.endpoints if can_be_measured(one)]
    by_endpoint: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        by_endpoint[trial.endpoint.id].append(trial)
    return tuple(
        load
        for endpoint in (loaded if endpoints is None else endpoints)
        for load in _loads_of(profile, endpoint, by_endpoint[endpoint.id])
    )


def can_be_measured(endpoint: Endpoint) -> bool:
    """Return whether what an endpoint measures can belong to an option."""
    return bool(endpoint.option) and not endpoint.embedded and not endpoint.stand_in


def closed_calls(section: Trials, in_flight: int) -> int:
    """Return the calls of a closed load after its first: the last ones end with fewer in flight."""
    return max(section.load_calls, CALLS_PER_PLACE * in_flight) + in_flight


def beyond_limit(endpoint: Endpoint, rate_per_s: float) -> bool:
    """Return whether a rate is above the requests a minute that an endpoint allows."""
    return endpoint.rpm is not None and rate_per_s * 60 > endpoint.rpm


def _loads_of(profile: Profile, endpoint: Endpoint, trials: Sequence[Trial]) -> Iterator[Load]:
    section = profile.trials
    if not section.load_lengths and not trials:
        return
    for places in sorted(set(section.load_sweep)):
        calls = 1 + closed_calls(section, places)
        asked, lengths = _calls(profile, endpoint, trials, load=f"{places}", calls=calls)
        yield Load(
            "closed", places, tuple(replace(one, load=places) for one in asked), lengths=lengths
        )
    for rate in sorted(set(section.load_rates)):
        if beyond_limit(endpoint, rate):
            continue
        name = f"rate {rate!r}"
        calls = 1 + section.load_calls
        asked, lengths = _calls(profile, endpoint, trials, load=name, calls=calls)
        rng = _rng(section.seed, endpoint.id, name)
        yield Load(
            "open",
            MOST_IN_FLIGHT,
            tuple(replace(one, load=MOST_IN_FLIGHT, rate_per_s=rate) for one in asked),
            rate_per_s=rate,
            arrivals=poisson_arrivals(rate, section.load_calls, rng),
            lengths=lengths,
        )


def _calls(
    profile: Profile, endpoint: Endpoint, trials: Sequence[Trial], *, load: str, calls: int
) -> tuple[list[Trial], tuple[Length, ...]]:
    """Return the calls of a load, and the length of each if they are filler."""
    section, kinds = profile.trials, lengths_of(profile)
    if not kinds:
        asked = list(islice(cycle(trials), calls))
        return [_again(trial, load, number) for number, trial in enumerate(asked)], ()
    weights = [one.weight for one in kinds]
    rng = _rng(section.seed, endpoint.id, load, "lengths")
    lengths = tuple(rng.choices(kinds, weights, k=calls))
    asked = [
        _filler(section, endpoint, f"{load.replace(' ', '-')}-{number}", length)
        for number, length in enumerate(lengths)
    ]
    return asked, lengths


def _again(trial: Trial, load: str, number: int) -> Trial:
    key = hashlib.sha256(f"{trial.run_key}:{load}:{number}".encode()).hexdigest()
    return replace(trial, run_key=key, purpose="load")


def _filler(section: Trials, endpoint: Endpoint, name: str, length: Length) -> Trial:
    prompt = _prompt(name, endpoint, length, Fit(), section.seed)
    request = prompt.request(temperature=section.temperature, seed=section.seed)
    wanted = replace(request, messages=())  # its text depends on what a token is there
    key = run_key(
        endpoint,
        wanted,
        prompt_set=FILLER_SET,
        prompt=f"{name}:{length.input_tokens:g}:{length.output_tokens}:{section.seed}",
        repeat=0,
    )
    return Trial(FILLER_SET, prompt, endpoint, 0, request, key, purpose="load")


def _filled(trial: Trial, length: Length, fit: Fit, seed: int) -> Trial:
    prompt = _prompt(trial.prompt.id, trial.endpoint, length, fit, seed)
    request = replace(trial.request, messages=prompt.request().messages)
    return replace(trial, prompt=prompt, request=request)


def _prompt(name: str, endpoint: Endpoint, length: Length, fit: Fit, seed: int) -> Prompt:
    return filler_prompt(
        name,
        input_tokens=length.input_tokens,
        output_tokens=length.output_tokens,
        fit=fit,
        rng=_rng(seed, endpoint.id, name),
    )


def _rng(seed: int, *names: str) -> random.Random:
    return random.Random(":".join((str(seed), *names)))  # noqa: S311  no secret hangs on it
