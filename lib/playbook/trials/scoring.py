"""Score an answer by the scorers that its prompt names."""

from __future__ import annotations

import hashlib
import logging
import math
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import get_args

from playbook.runs import canonical_json
from playbook.trials.prompt_records import Prompt, ScorerUse
from playbook.trials.records import Attempt
from playbook.trials.scorers import Answer, Scorer, all_scorers
from playbook.trials.scorers.answer import Scored

LOGGER = logging.getLogger("playbook.trials")
ROUNDING = 1e-9
MOST_KEPT = 10_000
Scores = dict[str, float | None]

_kept: OrderedDict[str, float] = OrderedDict()
"""Scores of costly scorers that this process has worked out, by the hash of all they rest on."""


def scored(prompt: Prompt, attempt: Attempt) -> Attempt:
    """Return an attempt with its scores, and with what those of costly scorers rest on.

    Calls that measure latency or load are not scored where that takes long: it would take the CPU
    from the measurement.
    """
    if attempt.purpose in ("latency", "load") and takes_long(prompt):
        return attempt
    scores = score_attempt(prompt, attempt)
    hashes = {
        name: _hash(use, prompt, _answer(prompt, attempt))
        for name, use, scorer in scoring_uses(prompt)
        if scorer.costly and scores.get(name) is not None
    }
    return attempt.changed(scores=scores, scored_from=hashes, passed=passes(prompt, scores))


def scored_at_once(prompt: Prompt, attempt: Attempt) -> Attempt:
    """Return an attempt with its scores, or as it is where scoring takes long.

    A paid answer goes to the disk first; then `lacks_scores` tells of it. So does one on which a
    scorer breaks: the fault shows in the evidence, which is made anew once it is mended.
    """
    if takes_long(prompt):
        return attempt
    try:
        return scored(prompt, attempt)
    except Exception as error:  # noqa: BLE001  whatever it is, the answer must not be lost
        LOGGER.warning("answer to %s is not scored: %s", prompt.id, type(error).__name__)
        return attempt


def lacks_scores(prompt: Prompt, attempt: Attempt) -> bool:
    """Return whether a result has a costly score to be worked out that it does not hold yet."""
    measured = attempt.purpose in ("latency", "load")
    if measured or not takes_long(prompt) or not _may_be_scored(prompt, attempt):
        return False
    answer = _answer(prompt, attempt)
    return any(
        scorer.costly and attempt.scored_from.get(name) != _hash(use, prompt, answer)
        for name, use, scorer in scoring_uses(prompt)
    )


def _may_be_scored(prompt: Prompt, attempt: Attempt) -> bool:
    """Return whether every scorer takes what came."""
    takes = all(attempt.outcome in one.outcomes for _name, _use, one in scoring_uses(prompt))
    return takes and attempt.outcome in get_args(Scored)


def score_attempt(
    prompt: Prompt, attempt: Attempt, *, verdicts: Mapping[str, float | None] | None = None
) -> Scores:
    """Return the scores of an attempt's answer; none where nothing came that a scorer may see.

    What a content filter cut is scored only where every scorer of the prompt takes it: a refusal
    may be the right answer, an extraction never is. A costly score that the attempt holds is taken
    from there while answer, expected value and options are the same.

    Args:
        prompt: The prompt with its scorers and expected value.
        attempt: The result of one trial.
        verdicts: What judges said of this answer, by name of the score.
    """
    if not _may_be_scored(prompt, attempt):
        return {}
    answer = _answer(prompt, attempt)
    known: Scores = {}
    for name, use, scorer in scoring_uses(prompt):
        verdict = (verdicts or {}).get(name)
        if scorer.read_by == "judge" and verdict is not None:
            known[name] = use.turned(verdict)
        score = attempt.scores.get(name)
        if scorer.costly and score is not None:
            held = attempt.scored_from.get(name) == _hash(use, prompt, answer)
            known |= {name: score} if held else {}
    return score_answer(prompt, answer, known=known)


def score_answer(
    prompt: Prompt, answer: Answer, *, known: Mapping[str, float | None] | None = None
) -> Scores:
    """Return the score of each scorer, 0 to 1; a scorer used again is `name#2`.

    None stands where a scorer could give no score. A judge's score is one of those known.

    Args:
        prompt: The prompt with its scorers and expected value.
        answer: The answer; may be hostile.
        known: Scores that need not be worked out.
    """
    known = known or {}
    return {
        name: _bounded(known[name] if name in known else _score(use, scorer, prompt, answer))
        for name, use, scorer in scoring_uses(prompt)
    }


def scoring_uses(prompt: Prompt) -> Iterator[tuple[str, ScorerUse, Scorer]]:
    """Yield the scorers of a prompt that score an answer by itself, each with its score's name."""
    times: dict[str, int] = {}
    for use in prompt.scorers:
        scorer = all_scorers()[use.name]
        times[use.name] = times.get(use.name, 0) + 1
        if scorer.read_by != "judge_of_pairs":
            nth = times[use.name]
            yield (use.name if nth == 1 else f"{use.name}#{nth}"), use, scorer


def takes_long(prompt: Prompt) -> bool:
    """Return whether scoring an answer may take seconds, so belongs beside an event loop."""
    return any(scorer.costly for _name, _use, scorer in scoring_uses(prompt))


def passes(prompt: Prompt, scores: Mapping[str, float | None]) -> bool | None:
    """Return whether every scorer gave enough marks; None when nothing was scored.

    One score that is too low fails the answer, whatever another scorer could not say.

    Args:
        prompt: Its scorers need full marks, or their `at_least`.
        scores: Of one answer.
    """
    marks = [
        None if score is None else score >= use.at_least - ROUNDING
        for name, use, _scorer in scoring_uses(prompt)
        for score in [scores.get(name)]
    ]
    if not scores or not marks:
        return None
    if False in marks:
        return False
    return None if None in marks else True


def _answer(prompt: Prompt, attempt: Attempt) -> Answer:
    return Answer(
        attempt.text,
        outcome=next((one for one in get_args(Scored) if one == attempt.outcome), "answered"),
        tool_calls=attempt.tool_calls,
        documents=prompt.documents,
        asked=prompt.messages[-1].content,
    )


def _score(use: ScorerUse, scorer: Scorer, prompt: Prompt, answer: Answer) -> float | None:
    key = _hash(use, prompt, answer) if scorer.costly else ""
    if key in _kept:
        return _kept[key]
    options = scorer.options.model_validate(use.options)
    try:
        score = scorer.function(answer, use.compares_with(prompt.wanted), options)
    except Exception:
        if not scorer.added_by:
            raise
        return None  # a package's scorer must not end a paid run
    score = use.turned(score) if score is not None else None
    if key and score is not None:
        _kept[key] = score
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return score


def _bounded(score: float | None) -> float | None:
    if score is None or not math.isfinite(score):
        return None
    return min(max(score, 0.0), 1.0)


def _hash(use: ScorerUse, prompt: Prompt, answer: Answer) -> str:
    """Return the hash of all that a score rests on."""
    calls = [[one.name, one.arguments] for one in answer.tool_calls]
    wanted = [use.options, use.compares_with(prompt.wanted), use.unwanted]
    rests_on = [use.name, *wanted, answer.text, answer.outcome, calls]
    content = canonical_json([*rests_on, list(answer.documents), answer.asked])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
