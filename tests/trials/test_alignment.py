"""Golden numbers by rapidfuzz 3.14.6 (`Levenshtein.distance`, `LCSseq.similarity`)."""

from __future__ import annotations

import random

import pytest

from playbook.trials.alignment import common_length, edit_distance


@pytest.mark.parametrize(
    ("first", "second", "edits", "common"),
    [
        ("kitten", "sitting", 3, 4),
        ("intention", "execution", 5, 5),
        ("Saturday", "Sunday", 3, 5),
        ("flaw", "lawn", 2, 3),
        ("", "abc", 3, 0),
        ("abc", "", 3, 0),
        ("same", "same", 0, 4),
    ],
)
def test_edits_and_common_parts_of_known_words(
    first: str, second: str, edits: int, common: int
) -> None:
    assert edit_distance(first, second) == edits
    assert common_length(first, second) == common


def by_table(first: str, second: str) -> tuple[int, int]:
    """The textbook's tables: edits by Wagner and Fischer, common part likewise."""
    edits = [[i + j if i * j == 0 else 0 for j in range(len(second) + 1)]
             for i in range(len(first) + 1)]  # fmt: skip
    common = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, a in enumerate(first, start=1):
        for j, b in enumerate(second, start=1):
            swap = edits[i - 1][j - 1] + (a != b)
            edits[i][j] = min(edits[i - 1][j] + 1, edits[i][j - 1] + 1, swap)
            longer = max(common[i - 1][j], common[i][j - 1])
            common[i][j] = common[i - 1][j - 1] + 1 if a == b else longer
    return edits[-1][-1], common[-1][-1]


def test_both_agree_with_the_textbook_s_table_on_random_texts() -> None:
    rng = random.Random(5)  # noqa: S311  texts for a test
    for _ in range(300):
        first, second = (
            "".join(rng.choice("abcd") for _ in range(rng.randrange(80))) for _ in range(2)
        )

        assert (edit_distance(first, second), common_length(first, second)) == by_table(
            first, second
        )
