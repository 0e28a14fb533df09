from __future__ import annotations

import pytest

from playbook.trials.scorers.set_f1 import SetF1Options, score_set_f1


@pytest.mark.parametrize(
    "text",
    [
        "refund, delay",
        "Delay; Refund.",
        "- delay\n- refund",
        "1. refund\n2) Delay",
        '["delay", "refund"]',
        "refund\nrefund\ndelay\n",
    ],
)
def test_order_marks_case_and_doubles_do_not_count(text: str) -> None:
    assert score_set_f1(text, ["refund", "delay"], SetF1Options()) == 1


@pytest.mark.parametrize(
    ("text", "score"),
    [("refund", 2 / 3), ("refund, delay, damage", 0.8), ("damage", 0), ("", 0), ("[1, [2]]", 0)],
)
def test_the_score_is_twice_the_common_items_over_all(text: str, score: float) -> None:
    """2 * common / (named + expected): of 1 named, 2 expected, 1 common: 2 / 3."""
    assert score_set_f1(text, ["refund", "delay"], SetF1Options()) == pytest.approx(score)


def test_expected_items_may_be_one_text() -> None:
    assert score_set_f1("a, b", "b\na", SetF1Options()) == 1


def test_items_with_commas_stand_on_lines_of_their_own() -> None:
    options = SetF1Options(items_have_commas=True)

    assert score_set_f1("- Lyon, France\n- Rome", ["Rome", "Lyon, France"], options) == 1
