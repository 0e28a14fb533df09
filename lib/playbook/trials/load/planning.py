"""Plan the phases of a load sweep: one load after another, until one of them says it is enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from playbook.profile.endpoints import Endpoint
from playbook.trials.load.curves import level_of, points_of, saturated
from playbook.trials.load.filler import Fit, size_of
from playbook.trials.load.points import Asked
from playbook.trials.load.sweep import Load, can_be_measured, plan_sweep
from playbook.trials.phases import Agenda, Phase
from playbook.trials.plan import Trial


def load_phases(agenda: Agenda) -> Iterator[Phase]:
    """Plan the load sweep of the endpoints that are an option, lowest load first."""
    endpoints = [one for one in agenda.profile.trials.endpoints if can_be_measured(one)]
    return sweep_phases(agenda, endpoints)


def sweep_phases(agenda: Agenda, endpoints: Sequence[Endpoint]) -> Iterator[Phase]:
    """Plan a sweep of some endpoints, one after another.

    It goes on to the next kind of load where throughput no longer grows but latency does, or where
    too many calls have no answer.

    Args:
        agenda: The profile, the trials whose prompts are asked again, and the answers so far.
        endpoints: Endpoints to load.
    """
    allowed = [one for one in agenda.trials if agenda.may_send(one)]
    loads = plan_sweep(agenda.profile, allowed, endpoints=endpoints)
    for (endpoint, _), of_kind in groupby(loads, key=lambda one: (one.endpoint.id, one.kind)):
        yield from _phases(agenda, endpoint, of_kind)


def _phases(agenda: Agenda, endpoint: str, loads: Iterable[Load]) -> Iterator[Phase]:
    fit, before = Fit(), list[Load]()
    for planned in loads:
        if _enough(agenda, endpoint, before):
            return
        load = planned.fitted(fit, seed=agenda.profile.trials.seed)
        name = f"load of {load.words}"
        if load.arrivals is None and (before or not load.lengths):
            yield _phase(name, load, load.trials)
        else:
            yield _phase(f"{name}, first call", replace(load, arrivals=None), load.trials[:1])
            fit = _learnt(agenda, load.trials[0], fit)
            load = load.fitted(fit, seed=agenda.profile.trials.seed)
            for one in load.trials[1:]:
                agenda.may_send(one)  # scanned now, the scan takes no time of the load's
            yield _phase(name, load, load.trials[1:])
        before.append(load)


def _phase(name: str, load: Load, trials: Sequence[Trial]) -> Phase:
    return Phase(name, trials, load.in_flight, client="lean", attempts=1, arrivals=load.arrivals)


def _enough(agenda: Agenda, endpoint: str, before: Sequence[Load]) -> bool:
    """Return whether the loads so far say that a higher one would show no more."""
    asked = [Asked(one.kind, one.in_flight, one.rate_per_s, len(one.trials) - 1) for one in before]
    swept = [one for one in agenda.attempts() if one.endpoint == endpoint and one.load]
    return bool(saturated(points_of(asked, swept, level_of(agenda.profile))))


def _learnt(agenda: Agenda, trial: Trial, fit: Fit) -> Fit:
    """Return how long a token is, after the endpoint has counted those of a prompt."""
    for one in agenda.attempts():
        if one.run_key == trial.run_key and one.outcome in ("answered", "truncated"):
            return fit.learnt(size_of(trial.prompt), one.input_tokens)
    return fit
