"""A load sweep: the same prompts again, with more and more calls in flight, to measure speed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

from playbook.profile.endpoints import Endpoint
from playbook.profile.trial_settings import Trials
from playbook.trials.plan import Trial

CALLS_PER_PLACE = 4


@dataclass(frozen=True)
class Load:
    """The calls at one load, of all endpoints."""

    in_flight: int
    """Calls in flight at each endpoint."""
    trials: tuple[Trial, ...]
    """What is asked; each is a trial with a key of its own."""


def plan_sweep(section: Trials, trials: Sequence[Trial]) -> tuple[Load, ...]:
    """Return the calls of a profile's load sweep, lowest load first; none where it asks for none.

    Its prompts are those of the trials, in turn and as often as needed: they pass the same gate and
    the same money cap. Only endpoints that are an option are loaded, since only of them a
    measurement can be used.

    Args:
        section: Names the loads and the calls at each.
        trials: Trials that may be sent.
    """
    by_endpoint: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        if can_be_measured(trial.endpoint):
            by_endpoint[trial.endpoint.id].append(trial)
    return tuple(
        Load(
            in_flight=load,
            trials=tuple(
                _loaded(trial, load, number)
                for of_one in by_endpoint.values()
                for number, trial in enumerate(islice(cycle(of_one), _calls(section, load)))
            ),
        )
        for load in sorted(set(section.load_sweep))
    )


def can_be_measured(endpoint: Endpoint) -> bool:
    """Return whether what an endpoint measures can belong to an option."""
    return bool(endpoint.option) and not endpoint.embedded and not endpoint.stand_in


def _calls(section: Trials, load: int) -> int:
    """Return the calls at a load: the first warms up, the last ones end with fewer in flight."""
    return 1 + max(section.load_calls, CALLS_PER_PLACE * load) + load


def _loaded(trial: Trial, load: int, number: int) -> Trial:
    key = hashlib.sha256(f"{trial.run_key}:{load}:{number}".encode()).hexdigest()
    return replace(trial, run_key=key, load=load, purpose="load")
