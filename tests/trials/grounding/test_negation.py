from __future__ import annotations

import pytest

from playbook.trials.grounding.negation import polarities


@pytest.mark.parametrize(
    ("answer", "document", "expected"),
    [
        ("Pets are allowed.", "Pets are not allowed.", ("opposite",)),
        ("Pets are prohibited.", "Pets are not allowed.", ("unknown",)),
        ("Guests can't use the pool.", "Guests may not use the pool.", ("same",)),
        ("Pets are allowed.", "Dogs are barred; pets are allowed.", ("same",)),
        (
            "Rosa Dahl is the partner.",
            "The partner, Rosa Dahl, grants no exceptions to it.",
            ("unknown",),
        ),
        ("Sunny.", "Pets are not allowed.", ("unknown",)),
    ],
)
def test_the_nearest_clause_decides(answer: str, document: str, expected: tuple[str, ...]) -> None:
    assert polarities(answer, "", [document]) == expected


def test_of_two_clauses_that_are_as_near_one_that_agrees_is_enough() -> None:
    documents = ["Pets are not allowed.", "Pets are allowed in summer."]

    assert polarities("Pets are allowed.", "", documents) == ("same",)
