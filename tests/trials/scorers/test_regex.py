from __future__ import annotations

import time

import pytest
from pydantic import ValidationError

from playbook.trials.scorers.regex import RegexOptions, score_regex


@pytest.mark.parametrize(
    ("pattern", "text", "score"),
    [
        (r"\b[A-Z]{2}-\d{5}\b", "order AB-12345.", 1),
        (r"^(yes|no)\b", "yes, it is", 1),
        (r"^(yes|no)\b", "oh yes", 0),
        (r"refund.*days", "refund within 30 days", 1),
    ],
)
def test_a_pattern_is_looked_for_anywhere(pattern: str, text: str, score: float) -> None:
    assert score_regex(text, None, RegexOptions(pattern=pattern)) == score


def test_the_whole_answer_must_match_when_so_asked() -> None:
    options = RegexOptions(pattern="YES|no", whole=True, ignore_case=True)

    assert score_regex(" yes ", None, options) == 1
    assert score_regex("yes sir", None, options) == 0


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(a+)+b", "a repeat or alternatives inside a repeat"),
        ("(a|a)*b", "a repeat or alternatives inside a repeat"),
        ("((a{1,9}){1,9}){1,9}b", "a repeat or alternatives inside a repeat"),
        ("(x*)?(x*)?(x*)?y", "too many variable repeats"),
        (".*a.*b.*c", "too many variable repeats"),
        (r"(.)\1", "groupref is not supported"),
        ("(?=a)b", "assert is not supported"),
        ("(a", "not a regular expression"),
    ],
)
def test_patterns_that_could_run_for_long_are_refused(pattern: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        RegexOptions(pattern=pattern)


@pytest.mark.parametrize("pattern", ["a{0,900}a{0,900}b", "^a*a*a{0,300}b", ".*b", "(ab|a)?c"])
def test_the_worst_allowed_pattern_ends_soon_on_a_hostile_answer(pattern: str) -> None:
    options = RegexOptions(pattern=pattern)
    started = time.process_time()

    score_regex("a" * 1_000_000, None, options)

    assert time.process_time() - started < 5
