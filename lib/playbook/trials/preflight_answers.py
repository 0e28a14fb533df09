"""Answers that a run may expect, so that what rests on answers can be planned before any came.

A judge reads answers, and a noise floor asks again what was answered. Made-up answers of ordinary
length stand in for those to come; they are in no ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from playbook.trials.plan import Trial
from playbook.trials.records import Attempt

ANSWER_SHARE = 0.25
"""Part of the longest answer that is used, where none is recorded; only for the low figure."""
BYTES_PER_TOKEN = 4
"""Of ordinary prose; only for the low figure."""
_WHEN = datetime(2000, 1, 1, tzinfo=UTC)


def expected_answers(
    trials: Sequence[Trial], attempts: Sequence[Attempt], may_send: Callable[[Trial], bool]
) -> Iterator[Attempt]:
    """Yield an answer for each trial that may be sent and has no result, each in its own words.

    Args:
        trials: The trials of a run.
        attempts: What its ledger holds.
        may_send: What clearance and scan say.
    """
    final = {one.run_key for one in attempts if one.final and one.outcome != "refused_by_gate"}
    for trial in trials:
        if trial.run_key not in final and may_send(trial):
            length = round(ANSWER_SHARE * BYTES_PER_TOKEN * trial.request.max_tokens)
            text = trial.run_key.ljust(length, "x")[: max(length, len(trial.run_key))]
            yield made_up_answer(trial, text)


def made_up_answer(trial: Trial, text: str) -> Attempt:
    """Return an answer that is in no ledger, for a plan alone."""
    return Attempt(
        run_key=trial.run_key,
        prompt_set=trial.prompt_set,
        prompt=trial.prompt.id,
        task=trial.prompt.task,
        group=trial.prompt.cluster,
        data_class=trial.prompt.data_class,
        endpoint=trial.endpoint.id,
        repeat=trial.repeat,
        attempt=1,
        final=True,
        outcome="answered",
        text=text,
        at=_WHEN,
    )
