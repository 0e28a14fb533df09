from __future__ import annotations

import pytest

from playbook.trials.scorers import Answer
from playbook.trials.scorers.citations import CitationsOptions, citations, score_citations

ALLOWED = [
    "Harrow v. Venn (2031)",
    "Larkdale Tenancy Act 2029, section 14(2)",
    "Okoro et al. 2030",
    "Guideline LK-204",
    "[1]",
]


def score(text: str, fewest: int = 1) -> float:
    return score_citations(Answer(text), ALLOWED, CitationsOptions(fewest=fewest))


@pytest.mark.parametrize(
    "text",
    [
        "Harrow v. Venn decides it.",
        "See section 14(2) of the Larkdale Tenancy Act 2029.",
        "The dose is safe (Okoro et al., 2030).",
        "In Harrow v Venn, and in LK-204, the court said so [1].",
        "Under \u00a714(2) no notice is needed.",
        "Under section 14 of the Tenancy Act no notice is needed.",
        "The 2029 text, the Larkdale Tenancy Act, says so.",
        "Okoro et al. found it.",
    ],
)
def test_citations_of_the_list_pass_in_any_spelling(text: str) -> None:
    assert score(text) == 1


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Harrow v. Venn and Stone v. Marsh.", 1 / 2),
        ("Section 15 applies.", 0),
        ("Section 142 applies.", 0),
        ("Section 2 applies.", 0),
        ("Section 1 applies.", 0),
        ("[14] applies.", 0),
        ("The Larkdale Housing Act 2029 applies.", 0),
        ("Brandt et al. (2030) found it.", 0),
        ("Guideline LK-205 and [1] and [2].", 1 / 3),
        ("See https://law.example.org/14 for it.", 0),
        ("See doi 10.5555/12345678.", 0),
        ("Nobody knows.", 0),
    ],
)
def test_each_invented_citation_costs_its_share(text: str, share: float) -> None:
    assert score(text) == pytest.approx(share)


def test_an_answer_may_go_without_citations_only_when_so_asked() -> None:
    assert score("Nobody knows.", fewest=0) == 1
    assert score("Harrow v. Venn.", fewest=2) == 0


def test_dates_and_plain_words_are_no_citations() -> None:
    assert (
        citations("In May 2031 the Court of Larkdale sat on 3 March 2031. USD 45. The Act.") == ()
    )
