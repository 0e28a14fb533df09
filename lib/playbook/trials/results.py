"""Results of trials: what passed, by prompt, by task and by endpoint."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from playbook.trials.interval import Interval
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt, TaskResult
from playbook.trials.safety_parts import part_of
from playbook.trials.scoring import Scores, passes, score_attempt, scoring_uses
from playbook.trials.statistics.intervals import clustered_share
from playbook.trials.statistics.versus import Spent

Correct = Callable[[Interval], Interval | None]
"""Turns a rate of a judge's verdicts into that of people."""


@dataclass(frozen=True)
class Result:
    """A trial with the attempt that is its result; scored anew from the recorded answer."""

    trial: Trial
    attempt: Attempt
    passed: bool | None
    unscored: bool = False
    """Whether it answered, and a scorer could not say whether rightly."""
    by_judge: bool = False
    """Whether it rests on a judge's verdict: every rule passed it, so the verdict decided."""


def result_of(
    trial: Trial, attempt: Attempt, verdicts: Mapping[str, float | None] | None = None
) -> Result:
    """Return a result, scored anew by the prompt as it is now.

    Args:
        trial: The trial.
        attempt: Its result in the ledger.
        verdicts: What a judge said of the answer, by name of the score; none where it may not
            count.
    """
    scores = score_attempt(trial.prompt, attempt, verdicts=verdicts)
    passed = passes(trial.prompt, scores)
    return Result(
        trial,
        attempt,
        passed,
        unscored=bool(scores) and passed is None,
        by_judge=_decided_by_judge(trial, scores),
    )


def _decided_by_judge(trial: Trial, scores: Scores) -> bool:
    """Return whether all depends on a judge: with the judge's full marks it would pass."""
    uses = scoring_uses(trial.prompt)
    judged = {name for name, _use, scorer in uses if scorer.read_by == "judge" and name in scores}
    return bool(judged) and passes(trial.prompt, scores | dict.fromkeys(judged, 1.0)) is True


def marks_by_endpoint(
    results: Mapping[str, Sequence[Result]],
) -> dict[str, dict[str, tuple[float, str]]]:
    """Return for each endpoint the pass share and group of each scored prompt that was sent."""
    return {
        endpoint: _by_prompt([one for one in of_one if in_n(one) and not one.unscored])
        for endpoint, of_one in results.items()
    }


def spent_by_prompt(results: Sequence[Result], attempts: Sequence[Attempt]) -> Spent:
    """Return what each scored prompt cost and how often it passed.

    Those without a price are left out, and those of a safety part, in which a pass is no work done.

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
        counts = in_n(each) and not each.unscored and is_own_work(each.trial)
        if not counts or each.trial.run_key not in money:
            continue
        before = spent.get(_name(each), (0.0, 0.0, ""))
        usd = before[0] + money[each.trial.run_key]
        spent[_name(each)] = (usd, before[1] + (each.passed is True), _group(each))
    return spent


def is_own_work(trial: Trial) -> bool:
    """Return whether a trial is of the team's own work, and not of a safety part.

    Safety is told part by part; in a rate of all tasks it would only change what the rate is of.
    """
    return part_of(trial.prompt_set, trial.prompt) is None


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


def _rate(results: Sequence[Result], corrected: Correct | None) -> Interval | None:
    """Return the share that passed; what is not scored may all have failed, or all have passed."""
    known = _corrected_share([one for one in results if not one.unscored], corrected)
    unscored = sum(one.unscored for one in results)
    if known is None or not unscored:
        return known
    worst, best = (
        _corrected_share(
            [replace(one, passed=mark, by_judge=False) if one.unscored else one for one in results],
            corrected,
        )
        for mark in (False, True)
    )
    if worst is None or best is None:
        return None
    method = f"{known.method}, {unscored} not scored: from all failed to all passed"
    return known.changed(low=worst.low, high=best.high, method=method)


def _corrected_share(results: Sequence[Result], corrected: Correct | None) -> Interval | None:
    """Return the share that passed, that of a judge's verdicts as people would have given it."""
    judged = [one for one in results if one.by_judge]
    rate = _share(judged)
    if corrected is None or rate is None:
        return _share(results)
    by_judge, by_rule = corrected(rate), _share([one for one in results if not one.by_judge])
    if by_judge is None or by_rule is None:
        return by_judge
    weight = len(judged) / len(results)
    ends = {
        end: weight * getattr(by_judge, end) + (1 - weight) * getattr(by_rule, end)
        for end in ("value", "low", "high")
    }
    words = f"{by_rule.method}; of {len(judged)} verdicts {by_judge.method}"
    return by_rule.changed(n=by_rule.n + by_judge.n, method=words, **ends)


def _share(results: Sequence[Result]) -> Interval | None:
    marks = _by_prompt(results).values()
    return clustered_share([share for share, _group in marks], [group for _share, group in marks])


def _task_result(
    task: str, results: Sequence[Result], missing: Sequence[Trial], corrected: Correct | None
) -> TaskResult:
    outcomes = Counter(one.attempt.outcome for one in results)
    counted = [one for one in results if in_n(one)]
    lost = {(one.prompt_set, one.prompt.id) for one in missing if any(scoring_uses(one.prompt))}
    rate = _rate(counted, corrected)
    answered = [one for one in counted if one.attempt.outcome == "answered"]
    passed = rate.value * rate.n if rate else 0.0
    n = (rate.n if rate else 0) + len(lost)
    return TaskResult(
        task=task,
        pass_rate=rate,
        pass_rate_answered=_rate(answered, corrected),
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
    results: Sequence[Result],
    *,
    missing: Sequence[Trial] = (),
    corrected: Correct | None = None,
) -> tuple[TaskResult, ...]:
    """Return the results of one endpoint, of all tasks first and then by task.

    Prompts of a safety part are tasks of their own and not in `all`.

    Args:
        results: Of one endpoint.
        missing: Its trials without a result.
        corrected: Turns a rate of a judge's verdicts into that of people; none where no verdict
            counts.
    """
    by_task: dict[str, list[Result]] = defaultdict(list)
    lost: dict[str, list[Trial]] = defaultdict(list)
    for one in results:
        by_task[one.trial.prompt.task].append(one)
    for trial in missing:
        lost[trial.prompt.task].append(trial)
    tasks = [
        _task_result(task, by_task[task], lost[task], corrected)
        for task in dict.fromkeys([*by_task, *lost])
    ]
    own = [one for one in results if is_own_work(one.trial)]
    whole = _task_result("all", own, [one for one in missing if is_own_work(one)], corrected)
    return (whole, *tasks)
