"""The scorer `pairwise`: a judge model compares the answers of two endpoints."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from playbook.records import Record
from playbook.trials.scorers.answer import Answer
from playbook.trials.scorers.registry import Expected, answer_scorer


class PairwiseOptions(Record):
    """What the judge is asked."""

    rubric: Annotated[str, Field(min_length=1, max_length=4_000)]
    """What makes one answer better than another, in words that two people would apply alike."""
    show_expected: bool = True
    """Whether the judge sees the prompt's `expected`, where it has one."""


@answer_scorer("pairwise", expects=(), options=PairwiseOptions, read_by="judge_of_pairs")
def score_pairwise(answer: Answer, expected: Expected, options: PairwiseOptions) -> None:
    """Return no score: the model of `trials.judge` says which of two answers is better.

    Each pair is judged twice, each answer once in the first place; where the two verdicts differ,
    it is a tie, and how often that is so, and for which place, is told. The pairs are those of
    `trials.parity`, or all pairs of endpoints. It is no part of whether an answer passes.

    Example:
        >>> score_pairwise(Answer("Sorry!"), None, PairwiseOptions(rubric="It is kinder."))
    """
    del answer, expected, options
