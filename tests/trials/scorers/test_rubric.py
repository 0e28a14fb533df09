from __future__ import annotations

import pytest
from pydantic import ValidationError

from playbook.trials.scorers import Answer, all_scorers
from playbook.trials.scorers.rubric import RubricOptions


def test_only_a_judge_gives_its_score() -> None:
    one = all_scorers()["rubric"]

    assert one.read_by == "judge"
    assert one.function(Answer("Sorry!"), None, RubricOptions(rubric="It apologises.")) is None


@pytest.mark.parametrize("options", [{}, {"rubric": ""}, {"rubric": "x", "scale": 1}])
def test_a_rubric_and_a_scale_of_two_marks_or_more_are_needed(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RubricOptions.model_validate(options)
