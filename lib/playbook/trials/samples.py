"""A few prompts with all answers, telling ones first, of prompts that may be shown at all."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from playbook.runs import canonical_json
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt, ShownAnswer, SideBySide
from playbook.trials.screening import Screen
from playbook.vocabulary import DataClass

SHOWN_CLASSES = frozenset({DataClass.PUBLIC, DataClass.INTERNAL})
MOST_SHOWN = 24
SHOWN_OF_A_TASK = (4, 2, 1)
"""Prompts of one task: on which endpoints differ, that all failed, that all passed."""
LONGEST_SHOWN = 400
_FAILURES = frozenset({"error", "timeout", "truncated", "filtered", "wrong_model"})
Result = tuple[Trial, Attempt, bool | None]
_KIND_AND_STATUS = re.compile(r"\w+(: HTTP \d{3}\b)?")


def sample_answers(results: Iterable[Result]) -> tuple[SideBySide, ...]:
    """Return a few prompts of each task with what every endpoint made of them.

    Those on which endpoints differ come first, then those that all failed, then one that all
    passed. Answers to confidential and restricted prompts are as sensitive as the prompts, so
    neither is shown; nor is a prompt or an answer in which the scan finds more than the label says.

    Args:
        results: Trial, its result, and whether it passed.
    """
    by_prompt: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in results:
        trial = one[0]
        if trial.repeat == 0 and trial.prompt.data_class in SHOWN_CLASSES:
            by_prompt[trial.prompt_set, trial.prompt.id].append(one)
    answered = [
        rows for rows in by_prompt.values() if any(one[1].outcome == "answered" for one in rows)
    ]
    screen = Screen()
    shown = (_side_by_side(rows, screen) for rows in _chosen(answered))
    return tuple(islice((each for each in shown if each is not None), MOST_SHOWN))


def _chosen(prompts: Iterable[Sequence[Result]]) -> Iterator[Sequence[Result]]:
    """Yield the prompts worth reading: by what they tell, so many of each task."""
    count: Counter[tuple[str, int]] = Counter()
    for rows in sorted(prompts, key=_rank):
        kind = (rows[0][0].prompt.task, _rank(rows))
        count[kind] += 1
        if count[kind] <= SHOWN_OF_A_TASK[kind[1]]:
            yield rows


def _rank(rows: Sequence[Result]) -> int:
    """Return 0 where endpoints differ, 1 where all failed, 2 where all passed or nobody scored."""
    marks = {one[2] is True for one in rows if one[2] is not None or one[1].outcome in _FAILURES}
    if len(marks) > 1:
        return 0
    return 1 if marks == {False} else 2


def _side_by_side(rows: Sequence[Result], screen: Screen) -> SideBySide | None:
    """Return one prompt with its answers, or None where the scan finds more than the label says."""
    trial = rows[0][0]
    wanted = trial.prompt.wanted
    shown = SideBySide(
        prompt_set=trial.prompt_set,
        prompt=trial.prompt.id,
        task=trial.prompt.task,
        asked=shorten(trial.prompt.messages[-1].content),
        expected=shorten(_in_words(wanted)),
        answers=tuple(_answer(attempt, passed=passed) for _trial, attempt, passed in rows),
    )
    texts = (shown.asked, shown.expected, *(one.text for one in shown.answers))
    return None if screen.above(texts, trial.prompt.data_class) else shown


def _answer(attempt: Attempt, *, passed: bool | None) -> ShownAnswer:
    calls = [f"calls {one.name}({one.arguments})" for one in attempt.tool_calls]
    text = "\n".join(one for one in (attempt.text, *calls, attempt.error) if one)
    return ShownAnswer(
        endpoint=attempt.endpoint, outcome=attempt.outcome, text=shorten(text), passed=passed
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


def _in_words(wanted: object) -> str:
    """Return what is expected as a reader sees it; nothing where no answer is set down.

    Example:
        >>> _in_words(None), _in_words({"a": 1})
        ('', '{"a":1}')
    """
    if wanted is None or isinstance(wanted, str):
        return wanted or ""
    return canonical_json(wanted)
