"""The book of a run: which attempt is the result of which trial, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from playbook.profile.profile import Profile
from playbook.trials.judging.judgement import Judgement, Labels, judgement_of
from playbook.trials.plan import Trial, plan_trials
from playbook.trials.prompt_records import PromptSet
from playbook.trials.records import Attempt
from playbook.trials.results import Result, result_of


@dataclass(frozen=True)
class Book:
    """What a run left behind, by endpoint and in the order of the plan."""

    results: Mapping[str, Sequence[Result]]
    """Trials with their results."""
    attempts: Mapping[str, Sequence[Attempt]]
    """All attempts at these trials."""
    probes: Mapping[str, Sequence[Attempt]]
    """Answers of calls that were sent to measure latency."""
    missing: Sequence[Trial]
    """Trials without a result."""
    planned: int
    """Trials in all."""
    stopped: Sequence[str] = field(default_factory=tuple)
    """Why trials were left out, as the runner said."""
    judgement: Judgement = field(default_factory=Judgement)
    """What a judge said."""

    @property
    def all_results(self) -> list[Result]:
        """Return the results of all endpoints."""
        return [one for of_one in self.results.values() for one in of_one]

    @property
    def all_attempts(self) -> list[Attempt]:
        """Return the attempts of all endpoints."""
        return [one for tries in self.attempts.values() for one in tries]

    def missing_at(self, endpoint: str) -> list[Trial]:
        """Return the trials of one endpoint without a result."""
        return [one for one in self.missing if one.endpoint.id == endpoint]


def open_book(
    profile: Profile,
    prompt_sets: Sequence[PromptSet],
    attempts: Sequence[Attempt],
    stopped: Sequence[str] = (),
    *,
    labels: Labels | None = None,
) -> Book:
    """Return the book of a run; attempts of other plans or purposes are no results.

    Args:
        profile: The profile that was run.
        prompt_sets: Its prompt sets, as they are now; answers are scored anew.
        attempts: Lines of the ledger, in any order but that of each trial.
        stopped: Why trials were left out, as the runner said.
        labels: What people said of the answers, by prompt set; a judge is calibrated with them.
    """
    by_key: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        if attempt.purpose == "trial":
            by_key[attempt.run_key].append(attempt)
    results: dict[str, list[Result]] = defaultdict(list)
    kept: dict[str, list[Attempt]] = defaultdict(list)
    missing = []
    plan = plan_trials(profile, prompt_sets)
    judgement = judgement_of(profile.trials, plan, attempts, labels or {})
    for trial in plan:
        tries = by_key.get(trial.run_key, [])
        kept[trial.endpoint.id] += tries
        final = next((one for one in reversed(tries) if one.final), None)
        if final is None:
            missing.append(trial)
        else:
            said = judgement.verdicts.get(trial.run_key)
            results[trial.endpoint.id].append(result_of(trial, final, said))
    probes = _probes(plan, attempts)
    return Book(results, kept, probes, missing, len(plan), tuple(stopped), judgement)


def _probes(plan: Sequence[Trial], attempts: Sequence[Attempt]) -> dict[str, list[Attempt]]:
    """Return the answered latency calls with prompts of the plan, by endpoint."""
    asked = {(one.endpoint.id, one.prompt_set, one.prompt.id) for one in plan}
    found: dict[str, list[Attempt]] = defaultdict(list)
    for one in attempts:
        same = (one.endpoint, one.prompt_set, one.prompt) in asked
        if one.purpose == "latency" and one.outcome == "answered" and same:
            found[one.endpoint].append(one)
    return found
