from __future__ import annotations

from playbook.trials.prompt_records import Prompt
from playbook.trials.scorers import Answer
from playbook.trials.scoring import passes, score_answer
from tests.trials.conftest import a_prompt


def a_scored_prompt(*uses: dict[str, object]) -> Prompt:
    return Prompt.model_validate(a_prompt(1, scorers=list(uses)) | {"data_class": "public"})


def test_each_scorer_gives_its_own_score_with_its_options() -> None:
    prompt = a_scored_prompt(
        {"name": "exact"},
        {"name": "regex", "options": {"pattern": "answer"}},
        {"name": "regex", "options": {"pattern": "nothing"}},
    )

    assert score_answer(prompt, Answer("answer 1")) == {"exact": 1, "regex": 1, "regex#2": 0}


def test_a_pass_needs_full_marks_of_every_scorer() -> None:
    assert passes({"a": 1.0, "b": 1.0}) is True
    assert passes({"a": 1.0, "b": 0.99}) is False
    assert passes({}) is None
