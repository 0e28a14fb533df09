from __future__ import annotations

import pytest

from playbook.trials.scorers import Answer, NoOptions, all_scorers
from playbook.trials.scorers.abstention import score_abstention

LEASE = ("The lease of Alder House runs for two years. Notice is 30 days.",)
ASKED = "How high is the deposit in clause 9?"


def score(text: str) -> float:
    return score_abstention(Answer(text, documents=LEASE, asked=ASKED), None, NoOptions())


@pytest.mark.parametrize(
    "text",
    [
        "The lease does not say.",
        "Not stated.",
        "The deposit isn\u2019t mentioned in the lease.",
        "There is no information about a deposit.",
        "I can't find that in the document.",
        "The lease is silent on the deposit; it only sets notice at 30 days.",
        "I don't know: clause 9 is not part of the text.",
        "The text doesn't tell how high the deposit is.",
        "No deposit is mentioned.",
        "Unknown.",
    ],
)
def test_saying_that_the_documents_do_not_tell_passes(text: str) -> None:
    assert score(text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The deposit is 900 dollars.",
        "The lease does not say, but it is usually one month's rent.",
        "It is not stated; I would guess a month.",
        "The deposit is not stated in clause 9, it is 900 dollars.",
        "It must not be late.",
        "The deposit is two months of rent.",
    ],
)
def test_an_invented_or_guessed_answer_fails(text: str) -> None:
    assert score(text) == 0


def test_a_filtered_answer_is_not_scored_as_one_that_abstains() -> None:
    assert all_scorers()["abstention"].outcomes == {"answered"}
