"""Score an answer by the scorers that its prompt names."""

from __future__ import annotations

from typing import get_args

from playbook.trials.prompt_records import Prompt
from playbook.trials.records import Attempt
from playbook.trials.scorers import Answer, all_scorers
from playbook.trials.scorers.answer import Scored

FULL_MARKS = 1 - 1e-9


def score_attempt(prompt: Prompt, attempt: Attempt) -> dict[str, float]:
    """Return the scores of an attempt's answer; none where nothing came that a scorer may see.

    What a content filter cut is scored only where every scorer of the prompt takes it: a refusal
    may be the right answer, an extraction never is.

    Args:
        prompt: The prompt with its scorers and expected value.
        attempt: The result of one trial.
    """
    outcome = next((one for one in get_args(Scored) if one == attempt.outcome), None)
    if outcome is None or any(
        outcome not in all_scorers()[use.name].outcomes for use in prompt.scorers
    ):
        return {}
    answer = Answer(
        attempt.text,
        outcome=outcome,
        tool_calls=attempt.tool_calls,
        documents=prompt.documents,
        asked=prompt.messages[-1].content,
    )
    return score_answer(prompt, answer)


def score_answer(prompt: Prompt, answer: Answer) -> dict[str, float]:
    """Return the score of each scorer, 0 to 1; a scorer used again is `name#2`.

    Args:
        prompt: The prompt with its scorers and expected value.
        answer: The answer; may be hostile.
    """
    scores: dict[str, float] = {}
    for use in prompt.scorers:
        scorer = all_scorers()[use.name]
        options = scorer.options.model_validate(use.options)
        score = use.turned(scorer.function(answer, use.compares_with(prompt.wanted), options))
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
