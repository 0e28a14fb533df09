"""A ledger alone says how two endpoints compare by a margin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from playbook.errors import TrialError
from playbook.trials.ledger_comparison import MarginComparison, compare_in_ledger
from playbook.trials.records import Attempt
from playbook.vocabulary import DataClass


def a_line(endpoint: str, prompt: int, passed: object, **changes: object) -> Attempt:
    values = {
        "run_key": f"{endpoint}-{prompt}-{changes.get('repeat', 0)}",
        "prompt_set": "set",
        "prompt": f"p{prompt}",
        "task": "t",
        "group": f"prompt:p{prompt}",
        "data_class": DataClass.PUBLIC,
        "endpoint": endpoint,
        "repeat": 0,
        "attempt": 1,
        "final": True,
        "outcome": "answered",
        "passed": passed,
        "at": datetime(2026, 11, 23, tzinfo=UTC),
    }
    return Attempt.model_validate(values | changes)


def a_ledger(both: int, only_a: int, only_b: int, neither: int) -> list[Attempt]:
    marks = [(True, True)] * both + [(True, False)] * only_a
    marks += [(False, True)] * only_b + [(False, False)] * neither
    return [
        a_line(endpoint, number, mark)
        for number, pair in enumerate(marks)
        for endpoint, mark in zip("ab", pair, strict=True)
    ]


def compared(lines: Sequence[Attempt], margin: float = 0.05) -> MarginComparison:
    return compare_in_ledger(lines, "a", "b", margin=margin)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((900, 10, 10, 80), "equivalent"),
        ((800, 150, 20, 30), "different"),
        ((300, 20, 10, 70), "not inferior"),
        ((600, 10, 200, 190), "inferior"),
        ((20, 3, 3, 4), "inconclusive"),
    ],
)
def test_the_verdict_follows_the_interval_and_the_margin(
    counts: tuple[int, int, int, int], verdict: str
) -> None:
    assert compared(a_ledger(*counts)).verdict == verdict


def test_the_table_is_that_of_the_prompts_and_the_test_is_exact() -> None:
    """Of 14 discordant prompts 2 or fewer one way: 2 * (1 + 14 + 91) / 2^14."""
    found = compared(a_ledger(20, 12, 2, 16))

    assert (found.n, found.only_first_passed, found.only_second_passed) == (50, 12, 2)
    assert found.difference.value == pytest.approx(0.2)
    assert found.difference.low < 0.2 < found.difference.high
    assert found.difference.method.startswith("Tango, paired")
    assert found.p_value == pytest.approx(2 * (1 + 14 + 91) / 2**14)


def test_a_failed_call_is_no_pass_and_what_was_kept_back_is_in_no_comparison() -> None:
    lines = [
        a_line("a", 1, None, outcome="error"),
        a_line("b", 1, True),
        a_line("a", 2, True),
        a_line("b", 2, None, outcome="refused_by_gate"),
        a_line("a", 3, None),
        a_line("b", 3, None),
    ]

    found = compared(lines)

    assert (found.n, found.first_rate, found.second_rate) == (1, 0.0, 1.0)
    assert (found.left_out, found.unscored) == (1, 1)


def test_a_prompt_that_both_failed_to_answer_counts_against_both() -> None:
    lines = [a_line(name, 1, None, outcome="timeout") for name in "ab"]

    found = compared(lines)

    assert (found.n, found.first_rate, found.second_rate) == (1, 0.0, 0.0)


def test_only_the_trials_own_last_results_count() -> None:
    lines = [
        a_line("a", 1, True),
        a_line("b", 1, False, final=False, outcome="error"),
        a_line("b", 1, True, attempt=2),
        a_line("b", 1, False, run_key="load", load=4, purpose="load"),
        a_line("b", 1, False, run_key="slow", purpose="latency"),
    ]

    found = compared(lines)

    assert (found.n, found.second_rate) == (1, 1.0)


def test_a_prompt_passes_where_most_of_its_repeats_did() -> None:
    lines = [a_line("a", 1, mark, repeat=number) for number, mark in enumerate([True, True, False])]
    lines += [a_line("b", 1, mark, repeat=number) for number, mark in enumerate([True, False])]

    found = compared(lines)

    assert (found.n, found.first_rate, found.second_rate) == (1, 1.0, 0.0)


def test_an_inconclusive_comparison_says_how_many_prompts_would_settle_it() -> None:
    found = compared(a_ledger(20, 3, 3, 4))

    assert found.prompts_to_settle is not None
    assert found.prompts_to_settle > found.n


def test_without_a_common_scored_prompt_there_is_no_comparison() -> None:
    with pytest.raises(TrialError, match="no scored prompt was sent to both a and b"):
        compared([a_line("a", 1, True), a_line("b", 2, True)])


def test_answers_of_an_endpoint_as_it_was_before_are_no_repeats_of_the_new_ones() -> None:
    before = [a_line("a", number, False, run_key=f"old-{number}") for number in range(30)]
    ledger = [*before, *a_ledger(30, 0, 0, 0)]

    found = compared(ledger)

    assert (found.n, found.first_rate, found.second_rate) == (30, 1.0, 1.0)
