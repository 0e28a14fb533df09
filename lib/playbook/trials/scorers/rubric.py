"""The scorer `rubric`: a judge model reads the answer, in a phase of its own after the answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from playbook.records import Record
from playbook.trials.scorers.answer import Answer
from playbook.trials.scorers.registry import Expected, answer_scorer


class RubricOptions(Record):
    """What the judge is asked."""

    rubric: Annotated[str, Field(min_length=1, max_length=4_000)]
    """What a good answer does, in words that two people would apply alike."""
    scale: Annotated[int, Field(ge=2, le=10)] | None = None
    """Highest mark, 1 being the lowest; left out, the judge says pass or fail."""
    show_expected: bool = True
    """Whether the judge sees the prompt's `expected`, where it has one."""


@answer_scorer("rubric", expects=(), options=RubricOptions, read_by="judge")
def score_rubric(answer: Answer, expected: Expected, options: RubricOptions) -> None:
    """Return no score by itself: the model of `trials.judge` gives it, by the rubric.

    On a scale from 1 to n, mark m scores (m - 1) / (n - 1); set `at_least` with it. A reply that
    does not end as it was asked to is no verdict: the answer is not scored. No model judges its own
    answers or those of its family. Its rates count as uncalibrated below 30 labels by people, in
    `<set>.labels.jsonl` beside the prompt set.

    Example:
        >>> score_rubric(Answer("Sorry!"), None, RubricOptions(rubric="It apologises."))
    """
    del answer, expected, options
