"""Scorers: each compares an answer with what was expected and gives 0 to 1."""

from playbook.trials.scorers.answer import Answer
from playbook.trials.scorers.loading import all_scorers, scorer_problems
from playbook.trials.scorers.registry import Expected, NoOptions, Scorer, answer_scorer, scorer

__all__ = [
    "Answer",
    "Expected",
    "NoOptions",
    "Scorer",
    "all_scorers",
    "answer_scorer",
    "scorer",
    "scorer_problems",
]
