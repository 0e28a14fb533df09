"""What a judge's readings come to: verdicts that count, rates, pairs, order bias, calibration."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from playbook.profile.trial_settings import Trials
from playbook.trials.interval import Interval
from playbook.trials.judging.calibration import Compared, calibrate, corrected_rate
from playbook.trials.judging.comparing import judged_pairs, order_bias
from playbook.trials.judging.independence import judge_of, objection_to_judge
from playbook.trials.judging.labels import HumanLabel
from playbook.trials.judging.readings import (
    Verdicts,
    plan_readings,
    replies_of,
    verdicts_of,
)
from playbook.trials.judging.records import Calibration, JudgedEndpoint, Judging
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt
from playbook.trials.scorers import all_scorers
from playbook.trials.scoring import ROUNDING, scoring_uses
from playbook.trials.statistics.intervals import clustered_share

Labels = Mapping[str, Sequence[HumanLabel]]
"""Labels of people by prompt set."""


@dataclass(frozen=True)
class Judgement:
    """What a judge said, and what may be made of it."""

    record: Judging | None = None
    """For the evidence; None where no judge was asked for."""
    verdicts: Verdicts = field(default_factory=dict)
    """Verdicts that count as scores: none while the judge is not calibrated."""
    compared: Sequence[Compared] = ()
    """Labelled answers that it gave a verdict on."""
    notes: tuple[str, ...] = ()
    """What the evidence must say of it."""

    def corrected(self, rate: Interval) -> Interval | None:
        """Return a rate of verdicts as people would have given it."""
        return corrected_rate(rate, self.compared)


def judgement_of(
    section: Trials, trials: Sequence[Trial], attempts: Sequence[Attempt], labels: Labels
) -> Judgement:
    """Return what the judge said, as far as the ledger and people's labels carry it.

    Args:
        section: Names the judge.
        trials: The trials of the run.
        attempts: Lines of its ledger.
        labels: What people said of the same answers.
    """
    if not any(_asks(trial) for trial in trials):
        return Judgement()
    judge = judge_of(section)
    if judge is None:
        words = "prompts ask for a judge, and trials.judge names no endpoint: no verdict was given"
        return Judgement(notes=(words,))
    readings = plan_readings(section, trials, attempts)
    verdicts = verdicts_of(readings, attempts)
    compared, left_out = _compared(trials, attempts, verdicts, labels)
    calibration = calibrate(compared, left_out=left_out)
    replies = replies_of(attempts)
    calls = [one for one in attempts if one.purpose == "judge"]
    costs = [one.cost_usd for one in calls if one.cost_usd is not None]
    record = Judging(
        judge=judge.id,
        models=tuple(sorted({one.model_answered for one in calls if one.outcome == "answered"})),
        calls=len(calls),
        cost_usd=math.fsum(costs) if costs else None,
        endpoints=tuple(_endpoints(section, trials, verdicts, compared)),
        pairs=judged_pairs(readings, replies),
        order=order_bias(readings, replies),
        calibration=calibration,
        notes=_notes(calibration),
    )
    return Judgement(
        record, verdicts if calibration.calibrated else {}, compared, notes=record.notes
    )


def _asks(trial: Trial) -> bool:
    return any(all_scorers()[use.name].read_by != "rule" for use in trial.prompt.scorers)


def _passed(trial: Trial, said: Mapping[str, float | None]) -> bool | None:
    """Return whether the judge passed an answer by all its rubrics; None where it did not say."""
    marks = [
        None if score is None else use.turned(score) >= use.at_least - ROUNDING
        for name, use, scorer in scoring_uses(trial.prompt)
        if scorer.read_by == "judge"
        for score in [said.get(name)]
    ]
    return None if not marks or None in marks else all(marks)


def _compared(
    trials: Sequence[Trial], attempts: Sequence[Attempt], verdicts: Verdicts, labels: Labels
) -> tuple[list[Compared], int]:
    """Return the labelled answers with a verdict, and the number of labels left over."""
    answers = {one.run_key: one for one in attempts if one.final and one.purpose == "trial"}
    by_place = {(one.prompt_set, one.prompt.id, one.endpoint.id, one.repeat): one for one in trials}
    compared, left_out = [], 0
    for prompt_set, given in labels.items():
        for label in given:
            trial = by_place.get((prompt_set, label.prompt, label.endpoint, label.repeat))
            answer = answers.get(trial.run_key) if trial else None
            said = _passed(trial, verdicts.get(trial.run_key, {})) if trial else None
            if said is None or answer is None or not label.is_of(answer):
                left_out += 1
                continue
            compared.append(Compared(person=label.passed is True, judge=said))
    return compared, left_out


def _endpoints(
    section: Trials, trials: Sequence[Trial], verdicts: Verdicts, compared: Sequence[Compared]
) -> Iterator[JudgedEndpoint]:
    judge = judge_of(section)
    calibrated = calibrate(compared).calibrated
    said: dict[str, list[tuple[Trial, bool | None]]] = defaultdict(list)
    for trial in trials:
        if trial.run_key in verdicts:
            said[trial.endpoint.id].append((trial, _passed(trial, verdicts[trial.run_key])))
    for endpoint in section.endpoints:
        if judge is not None and (objection := objection_to_judge(judge, endpoint)):
            yield JudgedEndpoint(endpoint=endpoint.id, objection=objection)
            continue
        of_one = said[endpoint.id]
        rate = _rate([(trial, passed) for trial, passed in of_one if passed is not None])
        yield JudgedEndpoint(
            endpoint=endpoint.id,
            verdicts=sum(passed is not None for _trial, passed in of_one),
            no_verdict=sum(passed is None for _trial, passed in of_one),
            pass_rate=rate,
            corrected=corrected_rate(rate, compared) if rate and calibrated else None,
        )


def _rate(marks: Sequence[tuple[Trial, bool]]) -> Interval | None:
    """Return the share that passed, by prompt: repeats of a prompt count as one."""
    passed: Counter[tuple[str, str]] = Counter()
    times: Counter[tuple[str, str]] = Counter()
    groups: dict[tuple[str, str], str] = {}
    for trial, mark in marks:
        name = (trial.prompt_set, trial.prompt.id)
        passed[name] += mark
        times[name] += 1
        groups[name] = f"{trial.prompt_set}/{trial.prompt.cluster}"
    return clustered_share([passed[one] / times[one] for one in times], list(groups.values()))


def _notes(calibration: Calibration) -> tuple[str, ...]:
    if calibration.calibrated:
        return ("verdicts are a model's; rates that rest on them are corrected by people's labels",)
    words = (
        f"the judge is uncalibrated ({calibration.because}): its verdicts count in no pass rate "
        "and decide nothing; label answers in <set>.labels.jsonl beside the prompt set"
    )
    return (words,)
