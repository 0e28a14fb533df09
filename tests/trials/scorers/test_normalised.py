from __future__ import annotations

import pytest

from playbook.trials.scorers import NoOptions
from playbook.trials.scorers.normalised import score_normalised


@pytest.mark.parametrize(
    ("text", "score"),
    [("Not stated.", 1), ("NOT   STATED", 1), ("\uff2eot stated", 1), ("stated", 0), ("", 0)],
)
def test_case_punctuation_spaces_and_form_do_not_count(text: str, score: float) -> None:
    assert score_normalised(text, "not stated", NoOptions()) == score
