"""Every shipped control is one that a person can answer, with its source and its date."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from playbook.catalog import Control
from playbook.catalog.load import DATA
from playbook.catalog.regimes import load_regimes
from tests.compliance.builders import a_catalog

CONTROLS = a_catalog().controls
A_YEAR = timedelta(days=366)
A_QUARTER = timedelta(days=90)
MOVING = ("AIA-01", "AIA-05", "HIPAA-09", "MRM-01", "LEGAL-05", "USCO-01", "USST-01")
"""Controls whose law was about to change when it was last read."""


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.id)
def test_a_control_can_be_asked_cited_and_acted_on(control: Control) -> None:
    assert control.question.count("?") == 1
    assert control.question.endswith("?")
    assert control.question == control.question.strip()
    assert len(control.citation) > len("AI Act")
    assert control.owner[0].islower() or control.owner.isupper() or control.owner == "ML lead"
    assert control.remedy.endswith(".")


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.id)
def test_what_a_control_rests_on_fits_its_sources(control: Control) -> None:
    read = [source for source in control.sources if source.kind != "assumption"]

    if control.basis in ("sourced", "secondary"):
        assert read
        assert all(source.url for source in read)
    elif control.basis == "memory":
        assert all(source.kind == "third_party" for source in read), "accounts of it, not the text"


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.id)
def test_a_control_is_read_again_within_a_year(control: Control) -> None:
    assert control.as_of < control.review_by <= control.as_of + A_YEAR


@pytest.mark.parametrize("control", MOVING)
def test_a_control_whose_law_is_moving_is_read_again_within_a_quarter(control: str) -> None:
    (found,) = [one for one in CONTROLS if one.id == control]

    assert found.review_by - found.as_of < A_QUARTER


def test_each_question_is_asked_once() -> None:
    questions = [control.question for control in CONTROLS]

    assert len(set(questions)) == len(questions)


def test_all_regimes_are_read_within_a_third_of_a_second_of_cpu() -> None:
    started = time.process_time()

    load_regimes(DATA / "regimes")

    assert time.process_time() - started < 0.3
