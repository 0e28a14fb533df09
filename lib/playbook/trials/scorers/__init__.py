"""Scorers: each compares an answer with what was expected and gives 0 to 1."""

from playbook.trials.scorers.registry import Expected, NoOptions, Scorer, all_scorers, scorer

__all__ = ["Expected", "NoOptions", "Scorer", "all_scorers", "scorer"]
