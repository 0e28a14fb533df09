"""CSV reads back as it was written, and no cell is a formula."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from playbook.compliance.records import OpenQuestion
from playbook.decision.criteria import CRITERIA
from playbook.exports.tables import (
    QUESTION_COLUMNS,
    RANKED_COLUMNS,
    open_questions_csv,
    ranked_csv,
)
from playbook.vocabulary import Verdict
from tests.decision.builders import HOSTED, Spec, a_profile, a_rate, decision_on, some_compliance

ALPHA = Spec("alpha", usd=1_500, rate=a_rate(0.94, half=0.01))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_ranked_options_are_rows_best_first_with_all_columns() -> None:
    rows = read(ranked_csv(decision_on(ALPHA, Spec("beta", HOSTED, "hostco", usd=9_000))))

    assert tuple(rows[0]) == RANKED_COLUMNS
    assert [(row["rank"], row["option"]) for row in rows] == [
        ("1", "alpha@acme"), ("2", "beta@hostco"),
    ]  # fmt: skip
    assert rows[0]["usd_per_month_p50"] == "1500.0"
    assert (rows[0]["evidence"], rows[1]["open_gates"]) == ("measured", "quality")


def test_a_blocked_decision_has_only_a_header() -> None:
    text = ranked_csv(decision_on(Spec("alpha", verdict=Verdict.OUT)))

    assert text == ",".join(RANKED_COLUMNS) + "\n"


def test_open_questions_are_rows() -> None:
    rows = read(open_questions_csv(some_compliance([Spec("alpha", questions=("gdpr-1",))])))

    assert tuple(rows[0]) == QUESTION_COLUMNS
    assert rows[0] == {
        "id": "gdpr-1", "question": "Is gdpr-1 met?", "owner": "DPO", "options_it_can_change": "1",
    }  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\uff1d"])
def test_no_cell_is_a_formula(start: str) -> None:
    question = OpenQuestion(
        id="q", question=f'{start}HYPERLINK("http://evil")', owner="", options_it_can_change=1
    )
    compliance = some_compliance([]).changed(open_questions=(question,))

    (row,) = read(open_questions_csv(compliance))

    assert row["question"].startswith("'")


def test_a_negative_number_stays_a_number() -> None:
    """Only cost counts: 1,500 against a ceiling of 1,000 is (1,500 - 1,000) / 900 below zero."""
    weights = dict.fromkeys(CRITERIA, 0) | {"cost": 1, "cost_ceiling_usd_per_month": 1_000}

    rows = read(ranked_csv(decision_on(ALPHA, profile=a_profile(weights=weights))))

    assert rows[0]["value_p50"] == "-0.5556"
