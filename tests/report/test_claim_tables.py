"""The ledger of claims gives verdict, reason and method; each figure its interval and source."""

import pytest

from playbook.landscape.claim_records import ClaimVerdict
from playbook.report.claim_tables import (
    VERDICTS,
    claim_figures,
    claims,
    team_claims,
    world_claims,
)
from tests.figures.builders import SOURCE, a_claim, a_landscape


@pytest.mark.parametrize("verdict", list(VERDICTS))
def test_a_verdict_is_a_sign_and_words_with_a_tone(verdict: ClaimVerdict) -> None:
    (row,) = claims((a_claim(verdict),), "T").rows

    assert row[1] == VERDICTS[verdict][0]
    assert row[1].tone == VERDICTS[verdict][1]
    assert row[1].endswith(verdict.replace("_", " "))


def test_the_signs_differ() -> None:
    assert len({words[0] for words, _ in VERDICTS.values()}) == len(VERDICTS)


def test_a_claim_has_its_reason_and_method() -> None:
    (row,) = claims((a_claim(),), "T").rows

    assert row[2:] == ("The pooled lag is 9 months.", "horizontal distance of the frontiers")


def test_a_figure_has_its_interval_unit_provenance_and_source() -> None:
    (row,) = claim_figures((a_claim(),), "T", {}).rows

    assert row[1:] == (
        "pooled lag", "9.04 [4.7, 11.5] 5-95%", "months", "computed", "(1)",
    )  # fmt: skip


def test_a_large_figure_is_short() -> None:
    figure = a_claim().figures[0].changed(value=76_073_264.0, low=None, high=None)

    (row,) = claim_figures((a_claim(figures=(figure,)),), "T", {}).rows

    assert row[2] == "76M"


def test_the_note_counts_the_verdicts_and_says_who_claims() -> None:
    table = claims((a_claim("holds"), a_claim("does_not_hold"), a_claim("does_not_hold")), "T")

    assert "✓ holds: 1" in table.note
    assert "✕ does not hold: 2" in table.note
    assert "Claimed in: A board" in table.note


def test_the_worlds_figures_lead_to_the_numbers_of_the_landscapes_sources() -> None:
    ledger, figures = world_claims(a_landscape())

    assert len(ledger.rows) == len(figures.rows) == 4
    assert {row[-1] for row in figures.rows} == {"[1]"}


def test_the_sources_of_a_teams_figures_are_listed_in_the_note() -> None:
    _, figures = team_claims((a_claim(),))

    assert figures.rows[0][-1] == "(1)"
    assert figures.note == f"(1) {SOURCE.cite()}"


def test_a_source_that_is_listed_elsewhere_is_given_by_number() -> None:
    (row,) = claim_figures((a_claim(),), "T", {SOURCE: 7}).rows

    assert row[-1] == "[7]"


def test_an_empty_ledger_says_so() -> None:
    assert claims((), "T").note == "No claim of this kind is catalogued."
