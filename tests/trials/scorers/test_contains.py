from __future__ import annotations

from playbook.trials.scorers.contains import ContainsOptions, score_contains


def test_a_list_scores_the_share_that_is_found() -> None:
    assert score_contains("30 days", ["30", "days", "receipt"], ContainsOptions()) == 2 / 3


def test_any_of_a_list_is_enough_when_so_asked() -> None:
    assert score_contains("30 days", ["30", "receipt"], ContainsOptions(need="any")) == 1


def test_case_counts_only_when_so_asked() -> None:
    assert score_contains("REFUND", "refund", ContainsOptions()) == 1
    assert score_contains("REFUND", "refund", ContainsOptions(ignore_case=False)) == 0
