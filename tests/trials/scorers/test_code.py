from __future__ import annotations

import pytest

from playbook.trials.scorers import Answer
from playbook.trials.scorers.code import ALLOWED_BY, CodeOptions, fenced_code, score_code

ANSWER = Answer("Here:\n```python\ndef double(n):\n    return 2 * n\n```\nUse it as `double(2)`.")
TESTS = ["assert double(2) == 4", "assert double('a') == 'aa'", "assert double(0) == 1"]


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOWED_BY, "1")


@pytest.mark.parametrize("value", ["", "0", "no"])
def test_without_leave_nothing_is_run_and_there_is_no_score(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(ALLOWED_BY, value)
    monkeypatch.setattr("playbook.trials.code_runs.running.count_passed", None)

    assert score_code(ANSWER, TESTS, CodeOptions()) is None


@pytest.mark.usefixtures("allowed")
def test_the_share_of_tests_that_pass_is_the_score() -> None:
    assert score_code(ANSWER, TESTS, CodeOptions()) == pytest.approx(2 / 3)


@pytest.mark.usefixtures("allowed")
def test_one_text_is_one_test_and_code_may_be_put_before() -> None:
    options = CodeOptions(before="import math")

    assert score_code(Answer("x = math.floor(1.5)"), "assert x == 1", options) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 1", "x = 1"),
        ("```\nx = 1\n```", "x = 1\n"),
        ("```Python\nx = 1\n```\n```py\nlonger = 2\n```", "longer = 2\n"),
        ("```sh\npip install something-long\n```\n```python\nx = 1\n```", "x = 1\n"),
        ("```python\nx = 1", "x = 1"),
        ("``` ``` ```", ""),
    ],
)
def test_the_longest_block_of_python_counts(text: str, code: str) -> None:
    assert fenced_code(text).strip() == code.strip()
