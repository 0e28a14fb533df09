"""Results of trials: what passed, by prompt, by task and by endpoint."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from playbook.trials.interval import Interval
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt, TaskResult
from playbook.trials.scoring import passes, score_attempt, scoring_uses
from playbook.trials.statistics.intervals import clustered_share
from playbook.trials.statistics.versus import Spent


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
        endpoint: _by_prompt([one for one in of_one if in_n(one) and not one.unscored])
        for endpoint, of_one in results.items()
    }


def spent_by_prompt(results: Sequence[Result], attempts: Sequence[Attempt]) -> Spent:
    """Return what each scored prompt cost and how often it passed; those without a price left out.

    Args:
        results: Of one endpoint.
        attempts: All attempts at its trials, failed ones too.
    """
    known = [one for one in attempts if one.cost_usd is not None]
    money: dict[str, float] = defaultdict(float)
    for one in known:
        money[one.run_key] += one.cost_usd or 0.0
    spent: dict[str, tuple[float, float, str]] = {}
    for each in results:
        if not in_n(each) or each.unscored or each.trial.run_key not in money:
            continue
        before = spent.get(_name(each), (0.0, 0.0, ""))
        usd = before[0] + money[each.trial.run_key]
        spent[_name(each)] = (usd, before[1] + (each.passed is True), _group(each))
    return spent


def in_n(result: Result) -> bool:
    """Return whether a result counts: it was sent, and its prompt has scorers."""
    scorers = any(scoring_uses(result.trial.prompt))
    return result.attempt.outcome != "refused_by_gate" and scorers


def _name(result: Result) -> str:
    return f"{result.trial.prompt_set}/{result.trial.prompt.id}"


def _group(result: Result) -> str:
    return f"{result.trial.prompt_set}/{result.trial.prompt.cluster}"


def _by_prompt(results: Sequence[Result]) -> dict[str, tuple[float, str]]:
    """Return the share of repeats that passed, and the group, by prompt: repeats are no prompts."""
    passed: dict[str, list[bool]] = defaultdict(list)
    groups: dict[str, str] = {}
    for one in results:
        passed[_name(one)].append(bool(one.passed))
        groups[_name(one)] = _group(one)
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


def _task_result(task: str, results: Sequence[Result], missing: Sequence[Trial]) -> TaskResult:
    outcomes = Counter(one.attempt.outcome for one in results)
    counted = [one for one in results if in_n(one)]
    lost = {(one.prompt_set, one.prompt.id) for one in missing if any(scoring_uses(one.prompt))}
    rate = _rate(counted)
    passed = rate.value * rate.n if rate else 0.0
    n = (rate.n if rate else 0) + len(lost)
    return TaskResult(
        task=task,
        pass_rate=rate,
        pass_rate_answered=_rate([one for one in counted if one.attempt.outcome == "answered"]),
        outcomes={name: outcomes[name] for name in sorted(outcomes)},
        not_scored=sum(one.unscored for one in counted),
        no_scorers=sum(
            not in_n(one) for one in results if one.attempt.outcome != "refused_by_gate"
        ),
        missing=len(missing),
        lowest_if_missing=passed / n if lost else None,
        highest_if_missing=(passed + len(lost)) / n if lost else None,
    )


def task_results(
    results: Sequence[Result], *, missing: Sequence[Trial] = ()
) -> tuple[TaskResult, ...]:
    """Return the results of one endpoint, of all tasks first and then by task.

    Args:
        results: Of one endpoint.
        missing: Its trials without a result.
    """
    by_task: dict[str, list[Result]] = defaultdict(list)
    lost: dict[str, list[Trial]] = defaultdict(list)
    for one in results:
        by_task[one.trial.prompt.task].append(one)
    for trial in missing:
        lost[trial.prompt.task].append(trial)
    tasks = [
        _task_result(task, by_task[task], lost[task]) for task in dict.fromkeys([*by_task, *lost])
    ]
    return (_task_result("all", results, missing), *tasks)
