"""Results of trials: what passed, by prompt, by task and by endpoint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from playbook.trials.interval import Interval
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt, TaskResult
from playbook.trials.scoring import passes, score_attempt, scoring_uses
from playbook.trials.statistics.intervals import clustered_share


@dataclass(frozen=True)
class Result:
    """A trial with the attempt that is its result; scored anew from the recorded answer."""

    trial: Trial
    attempt: Attempt
    passed: bool | None
    unscored: bool = False
    """Whether it answered, and a scorer could not say whether rightly."""


def result_of(trial: Trial, attempt: Attempt) -> Result:
    """Return a result, scored anew by the prompt as it is now."""
    scores = score_attempt(trial.prompt, attempt)
    passed = passes(trial.prompt, scores)
    return Result(trial, attempt, passed, unscored=bool(scores) and passed is None)


def marks_by_endpoint(
    results: Mapping[str, Sequence[Result]],
) -> dict[str, dict[str, tuple[float, str]]]:
    """Return for each endpoint the pass share and group of each scored prompt that was sent."""
    return {
        endpoint: _by_prompt([one for one in of_one if _counts(one) and not one.unscored])
        for endpoint, of_one in results.items()
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


def task_results(results: Sequence[Result]) -> tuple[TaskResult, ...]:
    """Return the results of one endpoint, of all tasks first and then by task."""
    by_task: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        by_task[one.trial.prompt.task].append(one)
    return (_task_result("all", results), *(_task_result(*item) for item in by_task.items()))
