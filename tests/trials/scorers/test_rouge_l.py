"""Golden numbers by rouge-score 0.1.2 (`RougeScorer(["rougeL"])`, without stemmer)."""

from __future__ import annotations

import pytest

from playbook.trials.scorers.rouge_l import RougeLOptions, score_rouge_l


@pytest.mark.parametrize(
    ("text", "expected", "score"),
    [
        (
            "The parcel was delayed by snow, so the fee is waived.",
            "Because of snow the parcel was delayed and the fee was waived.",
            0.6086956521739131,
        ),
        (
            "Refund within 30 days of delivery.",
            "A refund is paid within 30 days after delivery",
            0.6666666666666667,
        ),
        ("AB-123: 2 boxes, 14.5 kg", "Two boxes of AB-123 weigh 14.5 kg", 0.6250000000000001),
    ],
)
def test_scores_agree_with_the_package_rouge_score(text: str, expected: str, score: float) -> None:
    assert score_rouge_l(text, expected, RougeLOptions()) == pytest.approx(score, abs=1e-6)


def test_the_worked_example_of_the_paper() -> None:
    """Lin (2004), section 3.1: S2 shares `police the gunman`, S3 only `the gunman`."""
    reference = "police killed the gunman"

    assert score_rouge_l("police kill the gunman", reference, RougeLOptions()) == 0.75
    assert score_rouge_l("the gunman kill police", reference, RougeLOptions()) == 0.5


def test_the_nearest_of_several_references_counts() -> None:
    assert score_rouge_l("a b", ["x y", "a b"], RougeLOptions()) == 1


def test_letters_outside_ascii_are_letters() -> None:
    assert score_rouge_l("Gebühr erlassen", "Gebühr bezahlt", RougeLOptions()) == 0.5


def test_case_counts_only_when_so_asked() -> None:
    assert score_rouge_l("A b", "a b", RougeLOptions()) == 1
    assert score_rouge_l("A b", "a b", RougeLOptions(ignore_case=False)) == 0.5


def test_no_words_are_no_match() -> None:
    assert score_rouge_l("...", "!", RougeLOptions()) == 0
