"""Evidence from a ledger: a pure function of profile, prompt sets and attempts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from playbook.profile.endpoints import Endpoint
from playbook.profile.profile import Profile
from playbook.provenance import Provenance
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.load.measuring import call_speed, mean_count, measurements_of_trials
from playbook.trials.plan import Trial, plan_trials
from playbook.trials.prompt_records import PromptSet
from playbook.trials.records import Attempt, EndpointEvidence, TaskResult
from playbook.trials.samples import sample_answers
from playbook.trials.scoring import passes, score_attempt, scoring_uses
from playbook.trials.screening import CONTROL, Screen, scan_notes
from playbook.trials.statistics.intervals import clustered_share, quantile
from playbook.trials.statistics.versus import compare_endpoints

NOT_CONSIDERED = (
    "answers are scored by rules only; no person and no judge model read them",
    "latency is that of the trial's own few calls at a time, not of production load",
    "the exact test takes prompts as independent; the intervals do not where prompts share a group",
    "calls in flight when a run is killed may have been billed and are in no ledger",
)


@dataclass(frozen=True)
class Result:
    """A trial with the attempt that is its result; scored anew from the recorded answer."""

    trial: Trial
    attempt: Attempt
    passed: bool | None
    unscored: bool = False
    """Whether it answered, and a scorer could not say whether rightly."""


@dataclass(frozen=True)
class Book:
    """What a run left behind, by endpoint and in the order of the plan."""

    results: Mapping[str, Sequence[Result]]
    attempts: Mapping[str, Sequence[Attempt]]
    missing: int
    planned: int
    stopped: Sequence[str] = field(default_factory=tuple)

    @property
    def all_attempts(self) -> list[Attempt]:
        """Return the attempts of all endpoints."""
        return [one for tries in self.attempts.values() for one in tries]


def make_evidence(
    profile: Profile,
    prompt_sets: Sequence[PromptSet],
    attempts: Sequence[Attempt],
    *,
    as_of: date,
    stopped: Sequence[str] = (),
    screen: Screen | None = None,
) -> Evidence:
    """Return the evidence of a run; needs no key and no network.

    Args:
        profile: The profile that was run.
        prompt_sets: Its prompt sets, as they are now; answers are scored anew.
        attempts: Lines of the ledger, in any order; those of other plans are left out.
        as_of: Day of the run.
        stopped: Why trials were left out, as the runner said.
        screen: The scan of the run.
    """
    if not profile.trials.endpoints or not prompt_sets:
        return untested(profile, as_of=as_of)
    book = _book(profile, prompt_sets, attempts, stopped)
    endpoints = tuple(_endpoint(one, book) for one in profile.trials.endpoints)
    priced = [one.cost_usd for one in endpoints if one.cost_usd is not None]
    swept = [one for one in attempts if one.load]
    others = [one for one in attempts if one.load or one.purpose != "trial"]
    measured, not_measured = measurements_of_trials(profile, [*book.all_attempts, *swept])
    return Evidence(
        as_of=as_of,
        status="partial" if book.missing else "complete",
        because=_because(book, prompt_sets),
        prompt_sets={one.id: one.sha256 for one in prompt_sets},
        endpoints=endpoints,
        comparisons=compare_endpoints(_marks(book), margin=profile.trials.non_inferiority_margin),
        samples=sample_answers(
            [
                (one.trial, one.attempt, one.passed)
                for of_one in book.results.values()
                for one in of_one
            ]
        ),
        attempts=len(book.all_attempts) + len(others),
        cost_usd=math.fsum([*priced, *(one.cost_usd or 0.0 for one in others)]),
        not_considered=(
            *_not_considered(profile, book),
            *scan_notes(profile.trials, prompt_sets, as_of=as_of, screen=screen),
        ),
        measurements=measured,
        not_measured=not_measured,
    )


def untested(profile: Profile, *, as_of: date) -> Evidence:
    """Return the evidence of a profile that tries nothing, with the reason."""
    lacking = [
        words
        for words, there in (
            ("endpoints", profile.trials.endpoints),
            ("prompt_sets", profile.trials.prompt_sets),
        )
        if not there
    ]
    return Evidence(
        as_of=as_of,
        status="untested",
        because=f"the profile names no {' and no '.join(lacking)} in its section trials",
        prompt_sets={},
        endpoints=(),
        comparisons=(),
        samples=(),
        attempts=0,
        cost_usd=0.0,
        not_considered=("no prompt was sent to any endpoint",),
    )


def _book(
    profile: Profile,
    prompt_sets: Sequence[PromptSet],
    attempts: Sequence[Attempt],
    stopped: Sequence[str],
) -> Book:
    by_key: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_key[attempt.run_key].append(attempt)
    results: dict[str, list[Result]] = defaultdict(list)
    kept: dict[str, list[Attempt]] = defaultdict(list)
    plan = plan_trials(profile, prompt_sets)
    for trial in plan:
        tries = by_key.get(trial.run_key, [])
        kept[trial.endpoint.id] += tries
        final = next((one for one in reversed(tries) if one.final), None)
        if final is not None:
            results[trial.endpoint.id].append(_result(trial, final))
    missing = len(plan) - sum(map(len, results.values()))
    return Book(results, kept, missing, len(plan), tuple(stopped))


def _result(trial: Trial, attempt: Attempt) -> Result:
    scores = score_attempt(trial.prompt, attempt)
    passed = passes(trial.prompt, scores)
    return Result(trial, attempt, passed, unscored=bool(scores) and passed is None)


def _marks(book: Book) -> dict[str, dict[str, tuple[float, str]]]:
    """Return for each endpoint the pass share and group of each scored prompt that was sent."""
    return {
        endpoint: _by_prompt([one for one in results if _counts(one) and not one.unscored])
        for endpoint, results in book.results.items()
    }


def _counts(result: Result) -> bool:
    scorers = any(scoring_uses(result.trial.prompt))
    return result.attempt.outcome != "refused_by_gate" and scorers


def _by_prompt(results: Sequence[Result]) -> dict[str, tuple[float, str]]:
    """Return the share of repeats that passed, and the group, by prompt: repeats are no prompts."""
    passed: dict[str, list[bool]] = defaultdict(list)
    groups: dict[str, str] = {}
    for one in results:
        name = f"{one.trial.prompt_set}/{one.trial.prompt.id}"
        passed[name].append(bool(one.passed))
        groups[name] = f"{one.trial.prompt_set}/{one.trial.prompt.cluster}"
    return {name: (sum(marks) / len(marks), groups[name]) for name, marks in passed.items()}


def _rate(results: Sequence[Result]) -> Interval | None:
    """Return the share that passed; what is not scored may all have failed, or all have passed."""
    known = _share([one for one in results if not one.unscored])
    unscored = sum(one.unscored for one in results)
    if known is None or not unscored:
        return known
    worst = _share(results)
    best = _share([replace(one, passed=True) if one.unscored else one for one in results])
    if worst is None or best is None:
        return None
    method = f"{known.method}, {unscored} not scored: from all failed to all passed"
    return known.changed(low=worst.low, high=best.high, method=method)


def _share(results: Sequence[Result]) -> Interval | None:
    marks = _by_prompt(results).values()
    return clustered_share([share for share, _group in marks], [group for _share, group in marks])


def _task_result(task: str, results: Sequence[Result]) -> TaskResult:
    outcomes: dict[str, int] = {}
    for one in results:
        outcomes[one.attempt.outcome] = outcomes.get(one.attempt.outcome, 0) + 1
    counted = [one for one in results if _counts(one)]
    return TaskResult(
        task=task,
        pass_rate=_rate(counted),
        pass_rate_answered=_rate([one for one in counted if one.attempt.outcome == "answered"]),
        outcomes=dict(sorted(outcomes.items())),
        not_scored=sum(one.unscored for one in counted),
    )


def _task_results(results: Sequence[Result]) -> tuple[TaskResult, ...]:
    by_task: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        by_task[one.trial.prompt.task].append(one)
    return (_task_result("all", results), *(_task_result(*item) for item in by_task.items()))


def _endpoint(endpoint: Endpoint, book: Book) -> EndpointEvidence:
    results, attempts = book.results.get(endpoint.id, ()), book.attempts.get(endpoint.id, ())
    answered = [one.attempt for one in results if one.attempt.outcome == "answered"]
    refused = [one.attempt for one in results if one.attempt.outcome == "refused_by_gate"]
    first_token = [one.first_token_s for one in answered if one.first_token_s is not None]
    costs = [one.cost_usd for one in attempts if one.cost_usd is not None]
    cost = math.fsum(costs) if costs else None
    successes = sum(one.passed is True for one in results)
    return EndpointEvidence(
        endpoint=endpoint.id,
        title=endpoint.title or endpoint.id,
        option=endpoint.option,
        model_answered=tuple(sorted({one.model_answered for one in answered})),
        stand_in=endpoint.stand_in,
        demonstration=endpoint.embedded is not None,
        recorded=any(one.recorded for one in attempts),
        provenance=Provenance.MEASURED if answered else Provenance.ASSUMED,
        results=_task_results(results),
        first_token_p50_s=quantile(first_token, 0.5),
        first_token_p95_s=quantile(first_token, 0.95),
        output_tokens_per_second=quantile(
            [rate for one in answered if (rate := call_speed(one))], 0.5
        ),
        mean_input_tokens=mean_count([one.input_tokens for one in answered]),
        mean_output_tokens=mean_count([one.output_tokens for one in answered]),
        cost_usd=cost,
        usd_per_success=cost / successes if cost is not None and successes else None,
        refused_by_gate=len(refused),
        refusal_reasons=_reasons(refused),
        answered_since=min((one.at.date() for one in answered), default=None),
    )


def _reasons(refused: Sequence[Attempt]) -> tuple[str, ...]:
    """Return the distinct reasons; those of the scan by rule, for each names its own place."""
    scanned: dict[str, int] = defaultdict(int)
    for one in refused:
        for control in one.controls:
            scanned[control] += control.startswith(CONTROL)
    others = dict.fromkeys(one.error for one in refused if not _by_scan(one))
    by_rule = (
        f"{control}: found above the label in {count} of the prompts; the ledger says where"
        for control, count in sorted(scanned.items())
        if count
    )
    return (*others, *by_rule)


def _by_scan(attempt: Attempt) -> bool:
    return any(one.startswith(CONTROL) for one in attempt.controls)


def _because(book: Book, prompt_sets: Sequence[PromptSet]) -> str:
    if not book.missing:
        names = ", ".join(one.id for one in prompt_sets)
        return f"all {book.planned} trials of {names} have a result"
    reasons = "; ".join(book.stopped) or "the run was interrupted; run it again to go on"
    return f"{book.missing} of {book.planned} trials have no result: {reasons}"


def _not_considered(profile: Profile, book: Book) -> tuple[str, ...]:
    lines = list(NOT_CONSIDERED)
    unknown = sum(one.at_most_usd is not None for tries in book.attempts.values() for one in tries)
    if unknown:
        lines.append(
            f"{unknown} attempts told no cost; they count in the cap, not in the cost shown"
        )
    if profile.trials.load_sweep:
        lines.append("a load sweep repeats prompts: an endpoint that caches them shows as too fast")
    if profile.trials.repeats == 1:
        lines.append("each prompt was sent once, so an answer's own variation is not measured")
    return tuple(lines)
