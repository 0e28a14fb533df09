"""The ledger of claims gives verdict, reason, figures with interval, method and source."""

import pytest

from playbook.landscape.claim_records import ClaimVerdict
from playbook.report.claim_tables import VERDICTS, claims
from tests.figures.builders import SOURCE, a_claim


@pytest.mark.parametrize("verdict", list(VERDICTS))
def test_a_verdict_is_a_sign_and_words_with_a_tone(verdict: ClaimVerdict) -> None:
    (row,) = claims((a_claim(verdict),), "T").rows

    assert row[1] == VERDICTS[verdict][0]
    assert row[1].tone == VERDICTS[verdict][1]
    assert row[1].endswith(verdict.replace("_", " "))


def test_the_signs_differ() -> None:
    assert len({words[0] for words, _ in VERDICTS.values()}) == len(VERDICTS)


def test_a_figure_has_its_interval_unit_provenance_and_source() -> None:
    (row,) = claims((a_claim(),), "T").rows

    assert row[3].startswith("• pooled lag: 9.04 [4.7, 11.5")
    assert row[3].endswith("months, computed")
    assert row[5] == "A board (2026-11-01)"
    assert row[4] == "horizontal distance of the frontiers"


def test_a_claim_without_figures_says_so() -> None:
    (row,) = claims((a_claim(figures=()),), "T").rows

    assert row[3] == "none"
    assert row[5] == "no data"


def test_the_note_counts_the_verdicts() -> None:
    table = claims((a_claim("holds"), a_claim("does_not_hold"), a_claim("does_not_hold")), "T")

    assert "✓ holds: 1" in table.note
    assert "✕ does not hold: 2" in table.note
    assert "Claimed in: A board" in table.note


def test_a_source_that_is_listed_elsewhere_is_given_by_number() -> None:
    (row,) = claims((a_claim(),), "T", {SOURCE: 7}).rows

    assert row[5] == "[7]"


def test_many_sources_without_a_number_are_named_in_part_and_counted() -> None:
    many = tuple(SOURCE.model_copy(update={"title": f"Board {number}"}) for number in range(9))
    figure = a_claim().figures[0].changed(sources=many)

    (row,) = claims((a_claim(figures=(figure,)),), "T").rows

    assert row[5].endswith("Board 2 (2026-11-01); and 6 more")


def test_an_empty_ledger_says_so() -> None:
    assert claims((), "T").note == "No claim of this kind is catalogued."
