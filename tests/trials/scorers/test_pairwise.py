from __future__ import annotations

from playbook.trials.scorers import Answer, all_scorers
from playbook.trials.scorers.pairwise import PairwiseOptions


def test_it_scores_no_single_answer() -> None:
    one = all_scorers()["pairwise"]

    assert one.read_by == "judge_of_pairs"
    assert one.function(Answer("Sorry!"), None, PairwiseOptions(rubric="It is kinder.")) is None
