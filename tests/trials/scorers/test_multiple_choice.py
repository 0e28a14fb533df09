from __future__ import annotations

import pytest

from playbook.trials.scorers import NoOptions
from playbook.trials.scorers.multiple_choice import chosen_letter, score_multiple_choice


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("C", "C"),
        ("(c)", "C"),
        ("C) It is cheaper than B", ""),
        ("**C**", "C"),
        ("C. It is cheaper.", "C"),
        ("The answer is C.", "C"),
        ("Answer: (C)", "C"),
        ("A is tempting, but the correct answer is **C**", "C"),
        ("I first thought the answer is B. No: the answer is C", "C"),
        ("I would choose (C) here", "C"),
        ("A plan like this needs option C", "C"),
        ("A refund is due", ""),
        ("B or C", ""),
        ("the answer isn't clear", ""),
        ("", ""),
        ("C" * 20_000, ""),
    ],
)
def test_the_letter_that_is_chosen_is_found_or_none(text: str, letter: str) -> None:
    assert chosen_letter(text) == letter


def test_one_of_several_letters_may_be_expected() -> None:
    assert score_multiple_choice("B", ["(a)", "b."], NoOptions()) == 1
    assert score_multiple_choice("no letter here", ["A", "B"], NoOptions()) == 0
