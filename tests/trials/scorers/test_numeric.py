from __future__ import annotations

import pytest

from playbook.trials.scorers.numeric import NumericOptions, score_numeric


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42", 42), ("It is 42.", 42), ("-3.5 degrees", -3.5), ("1,234.50 USD", 1234.5),
        ("1e3", 1000), ("first 1, then 2", 2), ("12,34", 34),
    ],
)  # fmt: skip
def test_the_last_number_of_an_answer_counts(text: str, number: float) -> None:
    assert score_numeric(text, number, NumericOptions()) == 1


def test_no_number_is_wrong() -> None:
    assert score_numeric("none", 0, NumericOptions()) == 0


def test_the_first_number_counts_when_so_asked() -> None:
    assert score_numeric("first 1, then 2", 1, NumericOptions(which="first")) == 1


def test_the_wider_of_both_tolerances_holds() -> None:
    assert score_numeric("105", 100, NumericOptions(tolerance=5)) == 1
    assert score_numeric("105.1", 100, NumericOptions(tolerance=5)) == 0
    assert score_numeric("105.1", 100, NumericOptions(tolerance=5, relative_tolerance=0.06)) == 1


@pytest.mark.parametrize(
    ("text", "score"),
    [("3 boxes, 4 kg\n#### 12 and 5 more", 1), ("12", 0), ("#### 1, or #### 12", 1), ("####", 0)],
)
def test_words_may_say_where_the_number_stands(text: str, score: float) -> None:
    assert score_numeric(text, 12, NumericOptions(after="####", which="first")) == score


def test_words_before_the_number_are_found_in_any_case() -> None:
    assert score_numeric("So the Answer is 12.", 12, NumericOptions(after="answer is")) == 1


@pytest.mark.parametrize("text", ["12%", "12 percent", "12.0 %", "0.12"])
def test_a_percentage_is_read_as_a_share_when_so_asked(text: str) -> None:
    assert score_numeric(text, 0.12, NumericOptions(percent_is_share=True)) == 1
    assert score_numeric(text, 0.12, NumericOptions()) == (1 if text == "0.12" else 0)
