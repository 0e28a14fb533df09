from __future__ import annotations

import pytest

from playbook.trials.scorers.json_field import JsonFieldOptions, score_json_field

ORDER = {"order_id": "AB-1", "amount": 12.5, "paid": True, "items": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ('{"order_id": "AB-1", "amount": 12.50, "paid": true, "items": ["a", "b"]}', 1),
        ('Here:\n```json\n{"order_id": "AB-1 ", "amount": 12.5}\n```', 0.5),
        ('{"order_id": "AB-2", "amount": "12.5", "paid": 1, "items": ["b", "a"]}', 0),
        ("{broken", 0),
        ("[1]", 0),
        ('{x} then {"amount": 12.5}', 0.25),
    ],
)
def test_the_share_of_right_fields_is_the_score(text: str, score: float) -> None:
    assert score_json_field(text, ORDER, JsonFieldOptions()) == score


def test_a_field_that_was_not_asked_for_counts_only_when_so_asked() -> None:
    text = '{"a": 1, "b": 2}'

    assert score_json_field(text, {"a": 1}, JsonFieldOptions()) == 1
    assert score_json_field(text, {"a": 1}, JsonFieldOptions(extra_fields_count=True)) == 0.5
