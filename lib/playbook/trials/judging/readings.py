"""Which answers a judge is to read, and what it said of them; both follow from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from playbook.profile.endpoints import Endpoint
from playbook.profile.trial_settings import Trials
from playbook.trials.judging.asking import Question, mark_of, pair_question, rubric_question
from playbook.trials.judging.independence import judge_of, objection_to_judge
from playbook.trials.phases import Agenda, Phase
from playbook.trials.plan import Trial, run_key
from playbook.trials.prompt_records import Prompt, ScorerUse
from playbook.trials.records import Attempt
from playbook.trials.scorers import all_scorers
from playbook.trials.scoring import scoring_uses

Verdicts = Mapping[str, Mapping[str, float | None]]
"""By run key of the judged answer: the score of each use of `rubric`; None for no verdict."""


@dataclass(frozen=True)
class Reading:
    """One question to the judge about one answer, or about two."""

    trial: Trial
    """What is sent to the judge."""
    question: Question
    """What it is asked."""
    of: Trial
    """Whose answer it reads; of two, the one shown first."""
    against: Trial | None = None
    """Whose answer is shown second, if two are compared."""
    score: str = ""
    """Name of the score that it gives, or of the scorer that compares."""
    scale: int | None = None
    """Highest mark, or None for pass or fail."""
    known: str | None = None
    """Verdict that needs no judge: two answers in the same words are a tie."""

    @property
    def swapped(self) -> bool:
        """Return whether the answers are shown in the other order than their endpoints have."""
        return self.against is not None and self.score.endswith("/swapped")


def judge_phase(agenda: Agenda) -> Iterator[Phase]:
    """Plan what the judge reads, once the answers are there.

    An answer that is the same as another one of its prompt is read once for both; two answers in
    the same words are not compared at all.
    """
    section = agenda.profile.trials
    readings = plan_readings(section, agenda.trials, agenda.attempts())
    trials = {one.trial.run_key: one.trial for one in readings if one.known is None}
    if trials:
        asked = tuple(trials.values())
        yield Phase("judging", asked, section.concurrency, section.client, adapts=True)


def plan_readings(
    section: Trials, trials: Sequence[Trial], attempts: Iterable[Attempt]
) -> tuple[Reading, ...]:
    """Return what the judge is to read of the answers that there are.

    Args:
        section: Names the judge and the pairs.
        trials: The trials of the run.
        attempts: Lines of its ledger.
    """
    judge = judge_of(section)
    if judge is None:
        return ()
    finals = {one.run_key: one for one in attempts if one.final and one.purpose == "trial"}
    answered = [
        (trial, finals[trial.run_key])
        for trial in trials
        if trial.run_key in finals
        and finals[trial.run_key].outcome == "answered"
        and not objection_to_judge(judge, trial.endpoint)
    ]
    alone = (
        _reading(judge, rubric_question(trial.prompt, use, answer), trial, name, use)
        for trial, answer in answered
        for name, use in _rubrics(trial.prompt)
    )
    return (*alone, *_pairs(section, judge, answered))


def verdicts_of(readings: Iterable[Reading], attempts: Iterable[Attempt]) -> Verdicts:
    """Return what the judge said of single answers; what it did not say clearly is None."""
    replies = replies_of(attempts)
    verdicts: dict[str, dict[str, float | None]] = defaultdict(dict)
    for one in readings:
        if one.against is None:
            said = said_in(one, replies)
            verdicts[one.of.run_key][one.score] = None if said is None else mark_of(said, one.scale)
    return verdicts


def replies_of(attempts: Iterable[Attempt]) -> dict[str, Attempt]:
    """Return the judge's final replies by run key."""
    return {one.run_key: one for one in attempts if one.purpose == "judge" and one.final}


def said_in(reading: Reading, replies: Mapping[str, Attempt]) -> str | None:
    """Return the verdict of one reading; None where there is no whole reply, or no clear one."""
    if reading.known is not None:
        return reading.known
    reply = replies.get(reading.trial.run_key)
    if reply is None or reply.outcome != "answered":
        return None
    return reading.question.verdict(reply.text)


def pairs_to_compare(section: Trials) -> list[tuple[str, str]]:
    """Return the pairs of endpoints: those of the parity trials, or all without the judge."""
    if section.parity:
        return [(one.first, one.second) for one in section.parity]
    return list(combinations([one.id for one in section.endpoints if one.id != section.judge], 2))


def _rubrics(prompt: Prompt) -> Iterator[tuple[str, ScorerUse]]:
    for name, use, scorer in scoring_uses(prompt):
        if scorer.read_by == "judge" and "rubric" in scorer.options.model_fields:
            yield name, use


def _pairs(
    section: Trials, judge: Endpoint, answered: Sequence[tuple[Trial, Attempt]]
) -> Iterator[Reading]:
    of_prompt: dict[tuple[str, str, int], dict[str, tuple[Trial, Attempt]]] = defaultdict(dict)
    for trial, answer in answered:
        key = (trial.prompt_set, trial.prompt.id, trial.repeat)
        of_prompt[key][trial.endpoint.id] = (trial, answer)
    for by_endpoint in of_prompt.values():
        for names in pairs_to_compare(section):
            if all(name in by_endpoint for name in names):
                one, other = (by_endpoint[name] for name in names)
                yield from _both_orders(judge, one, other)


def _both_orders(
    judge: Endpoint, one: tuple[Trial, Attempt], other: tuple[Trial, Attempt]
) -> Iterator[Reading]:
    uses = [use for use in one[0].prompt.scorers if _compares(use)]
    for number, use in enumerate(uses, start=1):
        name = use.name if number == 1 else f"{use.name}#{number}"
        for (first, text), (second, against), order in (
            (one, other, name),
            (other, one, f"{name}/swapped"),
        ):
            question = pair_question(first.prompt, use, text, against)
            reading = _reading(judge, question, first, order, use)
            yield replace(reading, against=second, known="tie" if _same(text, against) else None)


def _same(one: Attempt, other: Attempt) -> bool:
    calls, others = (
        [(call.name, call.arguments) for call in each.tool_calls] for each in (one, other)
    )
    return one.text == other.text and calls == others


def _compares(use: ScorerUse) -> bool:
    return all_scorers()[use.name].read_by == "judge_of_pairs"


def _reading(judge: Endpoint, question: Question, of: Trial, score: str, use: ScorerUse) -> Reading:
    request = question.prompt.request()
    key = run_key(judge, request, prompt_set=of.prompt_set, prompt=of.prompt.id, repeat=0)
    sent = Trial(of.prompt_set, question.prompt, judge, 0, request, key, purpose="judge")
    return Reading(sent, question, of, score=score, scale=use.options.get("scale"))
