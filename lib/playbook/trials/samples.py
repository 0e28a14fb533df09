"""A few answers to show, failures first, of prompts that may be shown at all."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playbook.runs import canonical_json
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt, SampleAnswer
from playbook.trials.screening import Screen
from playbook.vocabulary import DataClass

SHOWN_CLASSES = frozenset({DataClass.PUBLIC, DataClass.INTERNAL})
SAMPLES_PER_ENDPOINT = 4
LONGEST_SHOWN = 400
_KIND_AND_STATUS = re.compile(r"\w+(: HTTP \d{3}\b)?")


def sample_answers(
    results: Iterable[tuple[Trial, Attempt, bool | None]],
) -> tuple[SampleAnswer, ...]:
    """Return a few answers of each endpoint: one of each task, failed ones first.

    Answers to confidential and restricted prompts are as sensitive as the prompts, so neither
    is shown; nor is a prompt or an answer in which the scan finds more than the label says.

    Args:
        results: Trial, its result, and whether it passed.
    """
    by_endpoint: dict[str, list[tuple[Trial, Attempt, bool | None]]] = {}
    for trial, attempt, passed in results:
        if attempt.outcome == "answered" and trial.prompt.data_class in SHOWN_CLASSES:
            by_endpoint.setdefault(trial.endpoint.id, []).append((trial, attempt, passed))
    screen = Screen()
    samples = (
        (trial, _sample(trial, attempt, passed=passed))
        for shown in by_endpoint.values()
        for trial, attempt, passed in _one_of_each_task(shown)
    )
    return tuple(
        one
        for trial, one in samples
        if not screen.above((one.asked, one.expected, one.text), trial.prompt.data_class)
    )


def _one_of_each_task(
    results: list[tuple[Trial, Attempt, bool | None]],
) -> list[tuple[Trial, Attempt, bool | None]]:
    failures_first = sorted(results, key=lambda one: one[2] is not False)
    of_task = {one[0].prompt.task: one for one in reversed(failures_first)}
    return [one for one in failures_first if of_task[one[0].prompt.task] is one][
        :SAMPLES_PER_ENDPOINT
    ]


def _sample(trial: Trial, attempt: Attempt, *, passed: bool | None) -> SampleAnswer:
    wanted = trial.prompt.wanted
    return SampleAnswer(
        endpoint=trial.endpoint.id,
        prompt=trial.prompt.id,
        task=trial.prompt.task,
        asked=shorten(trial.prompt.messages[-1].content),
        expected=shorten(wanted if isinstance(wanted, str) else canonical_json(wanted)),
        text=shorten(attempt.text),
        passed=passed,
    )


def may_be_told(attempt: Attempt) -> str:
    """Return the error of an attempt as the report may show it.

    A server may repeat the prompt in its error. Of a confidential or restricted prompt only kind
    and status are told; the ledger, which only its owner can read, has the words.
    """
    if attempt.data_class in SHOWN_CLASSES:
        return attempt.error
    found = _KIND_AND_STATUS.match(attempt.error)
    return f"{found[0] if found else 'error'}; the ledger has the words"


def shorten(text: str) -> str:
    """Return a text of at most 400 characters, with `...` where it was cut.

    Example:
        >>> len(shorten("x" * 1_000))
        400
    """
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
