"""What a judge will be asked once the answers are there, for the plan before a run."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.trials.judging.readings import plan_readings
from playbook.trials.phases import Agenda, Phase
from playbook.trials.plan import Trial
from playbook.trials.preflight_answers import made_up_answer
from playbook.trials.records import Attempt

CHARACTERS_PER_TOKEN = 4


def judge_forecast(agenda: Agenda) -> Iterator[Phase]:
    """Plan the judge's readings of answers that are not there yet, as long as they may be.

    Only for a plan of money and time; what a run really asks is `judge_phase`.
    """
    section = agenda.profile.trials
    there = {one.run_key for one in agenda.attempts() if one.final}
    awaited = [one for one in agenda.trials if one.run_key not in there and agenda.may_send(one)]
    readings = plan_readings(section, awaited, map(_longest_answer, awaited))
    trials = {one.trial.run_key: one.trial for one in readings}
    if trials:
        yield Phase("judging", tuple(trials.values()), section.concurrency, section.client)


def _longest_answer(trial: Trial) -> Attempt:
    """Return an answer as long as it may be, in words that no other trial's has."""
    longest = CHARACTERS_PER_TOKEN * trial.request.max_tokens
    return made_up_answer(trial, trial.run_key + "x" * longest)
