from __future__ import annotations

import pytest

from playbook.trials.scorers import NoOptions
from playbook.trials.scorers.exact import score_exact


@pytest.mark.parametrize(
    ("text", "expected", "score"),
    [("yes", "yes", 1), (" yes\n", "yes", 1), ("Yes", "yes", 0), ("no", ["yes", "no"], 1)],
)
def test_only_the_text_itself_counts(text: str, expected: str | list[str], score: float) -> None:
    assert score_exact(text, expected, NoOptions()) == score
