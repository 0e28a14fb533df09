"""The phases of a run: trials that are run together, before the next ones are planned."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

from playbook.profile.endpoints import Endpoint
from playbook.profile.profile import Profile
from playbook.trials.plan import ClientChoice, Trial
from playbook.trials.prompt_records import PromptSet
from playbook.trials.records import Attempt, Purpose


@dataclass(frozen=True)
class Phase:
    """Trials that are run together; the next phase begins when each has its result."""

    name: str
    """What it is called while it runs, such as `load of 4`."""
    trials: Sequence[Trial]
    """What is asked; each has a run key of its own."""
    in_flight: int
    """Calls in flight at one endpoint: exactly so many, or at most where it adapts."""
    client: ClientChoice = "litellm"
    """What sends them; `lean` where it can, litellm elsewhere."""
    adapts: bool = False
    """Whether it starts with few calls in flight and takes more while the endpoint keeps up."""
    attempts: int | None = None
    """Attempts per trial; None for as many as the profile allows. Measurements make one."""
    arrivals: Sequence[float] | None = None
    """When each trial is sent, in seconds from the start of the phase and in the order of the
    trials, whether earlier ones have ended or not; None to send each when a place is free."""


@dataclass(frozen=True)
class Agenda:
    """What phases are planned from."""

    profile: Profile
    """The profile that is run."""
    prompt_sets: Sequence[PromptSet]
    """Its prompt sets."""
    trials: Sequence[Trial]
    """The trials themselves."""
    may_send: Callable[[Trial], bool]
    """Whether clearance and scan let a trial's prompt go to its endpoint."""
    reached_by_lean: Callable[[Endpoint], bool]
    """Whether the lean client can ask an endpoint in this run."""
    attempts: Callable[[], Sequence[Attempt]]
    """What is in the ledger by now: the answers of the phases before."""


Planner = Callable[[Agenda], Iterable[Phase]]
"""Plans phases. What it yields is run before it is asked for more, so that a later phase may rest
on the answers of an earlier one. Before anything is asked it is run through once, to see which
endpoints are needed."""


def quality_phase(agenda: Agenda) -> Iterator[Phase]:
    """Plan the trials themselves."""
    section = agenda.profile.trials
    yield Phase("trials", agenda.trials, section.concurrency, section.client, adapts=True)


def latency_phase(agenda: Agenda) -> Iterator[Phase]:
    """Plan the calls, one at a time, that measure latency where litellm sent the trials.

    Of litellm's own work the times of its trials hold too much; the lean client's hold little. An
    endpoint that answered no trial is not asked again.
    """
    section = agenda.profile.trials
    if section.client == "lean" or not section.latency_calls:
        return
    answered = {one.endpoint for one in agenda.attempts() if one.outcome == "answered"}
    by_endpoint: dict[str, list[Trial]] = defaultdict(list)
    for trial in agenda.trials:
        if trial.endpoint.id not in answered:
            continue
        if agenda.reached_by_lean(trial.endpoint) and agenda.may_send(trial):
            by_endpoint[trial.endpoint.id].append(trial)
    trials = [
        asked_again(trial, "latency", number)
        for of_one in by_endpoint.values()
        for number, trial in enumerate(_spread(of_one, section.latency_calls))
    ]
    if trials:
        yield Phase("latency", trials, in_flight=1, client="lean", attempts=1)


def _spread(trials: Sequence[Trial], calls: int) -> Iterator[Trial]:
    """Yield so many of some trials, spread over them, so that all tasks are among them."""
    step = max(1, len(trials) // calls)
    return islice(cycle(trials[::step]), calls)


def asked_again(trial: Trial, purpose: Purpose, number: int) -> Trial:
    """Return a trial to be asked once more for another purpose, with a run key of its own.

    Args:
        trial: The trial.
        purpose: What it is asked for.
        number: Which of the calls for this purpose it is.
    """
    key = hashlib.sha256(f"{trial.run_key}:{purpose}:{number}".encode()).hexdigest()
    return replace(trial, run_key=key, purpose=purpose)


def sent_by(phase: Phase, reached_by_lean: Callable[[Endpoint], bool]) -> list[Trial]:
    """Return the trials of a phase with the client that sends each of them."""
    lean = phase.client == "lean"
    return [
        replace(one, client="lean" if lean and reached_by_lean(one.endpoint) else "litellm")
        for one in phase.trials
    ]
