"""Golden edits of textbook pairs: kitten to sitting 3 of 7, intention to execution 5 of 9."""

from __future__ import annotations

import pytest

from playbook.trials.scorers.edit_distance import EditDistanceOptions, score_edit_distance


@pytest.mark.parametrize(
    ("text", "expected", "score"),
    [
        ("kitten", "sitting", 0.5714285714285714),
        ("intention", "execution", 0.4444444444444444),
        ("Saturday", "Sunday", 0.625),
        ("AB-12345", "AB-12354", 0.75),
        (" AB-1\n", "AB-1", 1),
        ("", "abc", 0),
    ],
)
def test_the_share_of_the_longer_text_that_needs_no_edit(
    text: str, expected: str, score: float
) -> None:
    assert score_edit_distance(text, expected, EditDistanceOptions()) == pytest.approx(score)


def test_the_nearest_of_a_list_counts() -> None:
    assert score_edit_distance("flaw", ["claw", "lawn"], EditDistanceOptions()) == 0.75


def test_case_counts_unless_otherwise_asked() -> None:
    assert score_edit_distance("ABC", "abc", EditDistanceOptions()) == 0
    assert score_edit_distance("ABC", "abc", EditDistanceOptions(ignore_case=True)) == 1


def test_words_may_be_the_unit() -> None:
    by_words = EditDistanceOptions(by_words=True)

    assert score_edit_distance("refund in 30 days", "refund in thirty days", by_words) == 0.75
