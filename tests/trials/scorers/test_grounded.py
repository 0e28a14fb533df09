from __future__ import annotations

import time

import pytest

from playbook.trials.scorers import Answer
from playbook.trials.scorers.grounded import GroundedCheck, GroundedOptions, score_grounded

POLICY = (
    (
        "Norvane Travel Policy. Hotels are paid up to 140 dollars a night. Taxis are not covered, "
        "but trains are covered in second class."
    ),
    (
        "Claims must be filed within 30 days of the trip. Harbour House approves claims above "
        "2,000 dollars. The policy starts on 12 March 2031."
    ),
)


def score(
    text: str, *checks: GroundedCheck, expected: str | list[str] | None = None, asked: str = ""
) -> float | None:
    options = GroundedOptions(checks=checks) if checks else GroundedOptions()
    return score_grounded(Answer(text, documents=POLICY, asked=asked), expected, options)


@pytest.mark.parametrize(
    "text",
    [
        "You have 30 days.",
        "You have thirty days.",
        "Within 30-day limits: 30 days.",
        "Within one month.",
    ],
)
def test_a_fact_counts_in_any_of_its_writings(text: str) -> None:
    assert score(text, "facts", expected="30 days|one month") == 1


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("12 March 2031", "It starts on March 12th, 2031."),
        ("12 March 2031", "It starts on 2031-03-12."),
        ("2,000 dollars", "Above $2000."),
        ("500 mg", "Take 0.5 g."),
        ("20%", "It is twenty percent."),
    ],
)
def test_dates_amounts_and_units_are_compared_by_value(fact: str, text: str) -> None:
    assert score(text, "facts", expected=fact) == 1


@pytest.mark.parametrize(
    ("fact", "text"),
    [("30 days", "30 weeks"), ("30 days", "300 days"), ("500 mg", "500 ml"), ("140", "1,140")],
)
def test_another_unit_or_number_is_another_fact(fact: str, text: str) -> None:
    assert score(text, "facts", expected=fact) == 0


def test_each_missing_fact_costs_its_share() -> None:
    assert score("Up to 140 dollars.", "facts", expected=["140 dollars", "30 days"]) == 0.5


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ('It says "hotels are paid up to 140 dollars".', 1),
        ("It says \u201cpaid up to 140 dollars a night.\u201d", 1),
        ('It says "hotels are paid ... 140 dollars a night".', 1),
        ('It says "hotels are always paid in full".', 0),
    ],
)
def test_a_quote_must_stand_in_a_document_word_by_word(text: str, supported: float) -> None:
    assert score(text, "quotes") == supported


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("Hotels cost up to 140 dollars [1].", 1),
        ("Hotels cost up to 140 dollars. [1] File within 30 days. [2]", 1),
        ("Hotels cost up to 140 dollars [1] and claims are due in 30 days [2].", 1),
        ("Hotels cost up to 140 dollars [2] and claims are due in 30 days [1].", 0),
        ("Claims go to Harbour House [2].", 1),
        ("Claims go to Harbour House [1].", 0),
        ("Claims go to Meadow House [2].", 0),
        ("Hotels cost up to 140 dollars [3].", 0),
        ("Up to 140 dollars and 30 days [1][2].", 1),
    ],
)
def test_a_marker_must_exist_and_its_passage_hold_what_stands_beside_it(
    text: str, supported: float
) -> None:
    assert score(text, "markers") == supported


def test_an_answer_without_markers_fails_where_they_are_asked_for() -> None:
    answer = Answer("30 days", documents=POLICY)

    assert score_grounded(answer, "30 days", GroundedOptions(needs_markers=True)) == 0.75


def test_a_number_that_is_in_no_document_and_not_asked_is_unsupported() -> None:
    assert score("140 dollars, or 155 with breakfast", "numbers") == 0.5
    assert score("No, 155 is too much", "numbers", asked="Is 155 fine?") == 1
    assert score("1. It is 140.\n2. It is 30 days [2].", "numbers") == 1


@pytest.mark.parametrize(
    ("text", "asked", "supported"),
    [
        ("Taxis are covered.", "", 0),
        ("Taxis are not covered.", "", 1),
        ("Trains are covered in second class.", "", 1),
        ("Trains aren't covered in second class.", "", 0),
        ("Yes.", "Are taxis covered?", 0),
        ("No.", "Are taxis covered?", 1),
        ("No, taxis are not covered.", "Are taxis covered?", 1),
        ("Yes, taxis are covered.", "Are taxis covered?", 0),
    ],
)
def test_an_answer_must_not_turn_a_negation_round(text: str, asked: str, supported: float) -> None:
    assert score(text, "negation", asked=asked) == supported


def test_a_clause_that_no_document_has_is_not_judged_by_its_negation() -> None:
    assert score("The moon is not green. You have 30 days.", "negation", "numbers") == 1


def test_without_documents_or_claims_there_is_no_score_and_an_empty_answer_has_none_right() -> None:
    assert score("Fine.") is None
    assert score_grounded(Answer("30 days"), "30 days", GroundedOptions()) is None
    assert score("") == 0


def test_facts_that_are_no_texts_give_no_score_rather_than_a_pass() -> None:
    answer = Answer("30 days", documents=POLICY)

    assert score_grounded(answer, {"days": 30}, GroundedOptions()) is None
    assert score_grounded(answer, 30, GroundedOptions()) is None


@pytest.mark.parametrize(
    "piece", ['"a ', "[1]", "1,", "not covered, but ", "A B ", "12 march ", ".", "Step 1. "]
)
def test_hostile_answers_and_documents_end_soon(piece: str) -> None:
    hostile = piece * 100_000
    started = time.process_time()

    score_grounded(Answer(hostile, documents=(hostile,), asked=hostile), "x 1", GroundedOptions())

    assert time.process_time() - started < 5
