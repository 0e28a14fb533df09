"""Score an answer by the scorers that its prompt names."""

from __future__ import annotations

from playbook.trials.prompts import Prompt
from playbook.trials.scorers import all_scorers

FULL_MARKS = 1 - 1e-9


def score_answer(prompt: Prompt, text: str) -> dict[str, float]:
    """Return the score of each scorer, 0 to 1; a scorer used again is `name#2`.

    Args:
        prompt: The prompt with its scorers and expected value.
        text: The answer; may be hostile.
    """
    scores: dict[str, float] = {}
    for use in prompt.scorers:
        scorer = all_scorers()[use.name]
        options = scorer.options.model_validate(use.options)
        score = scorer.function(text, prompt.wanted, options)
        times = 1 + sum(name.partition("#")[0] == use.name for name in scores)
        scores[use.name if times == 1 else f"{use.name}#{times}"] = min(max(score, 0.0), 1.0)
    return scores


def passes(scores: dict[str, float]) -> bool | None:
    """Return whether every scorer gave full marks; None when nothing was scored.

    Example:
        >>> passes({"exact": 1.0, "regex": 0.0})
        False
    """
    return all(score >= FULL_MARKS for score in scores.values()) if scores else None
