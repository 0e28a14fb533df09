"""The noise floor of a parity trial: the first endpoint is asked the same once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbook.profile.trial_settings import Trials
from playbook.trials.phases import Agenda, Phase, asked_again
from playbook.trials.plan import Trial


def noise_phase(agenda: Agenda) -> Iterator[Phase]:
    """Plan to ask the first endpoint of each parity pair once more, with the same settings.

    Only prompts that it has answered are asked again, each once, whatever the number of repeats.
    """
    section = agenda.profile.trials
    if not section.parity:
        return
    answered = {one.run_key for one in agenda.attempts() if one.outcome == "answered"}
    trials = [
        again
        for trial, again in noise_trials(section, agenda.trials)
        if trial.run_key in answered and agenda.may_send(trial)
    ]
    if trials:
        yield Phase("noise floor", trials, section.concurrency, section.client, adapts=True)


def noise_trials(section: Trials, trials: Sequence[Trial]) -> list[tuple[Trial, Trial]]:
    """Return each trial that sets a noise floor with the one that asks it again.

    Args:
        section: Names the parity pairs.
        trials: All trials of the run.
    """
    firsts = {pair.first for pair in section.parity}
    return [
        (one, asked_again(one, "again", 0))
        for one in trials
        if one.endpoint.id in firsts and one.repeat == 0
    ]
