"""What must hold for all teams and answers, whatever the controls say."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.compliance.builders import (
    AS_OF,
    a_catalog,
    a_control,
    a_profile,
    all_answered,
    assess,
    verdict,
    verdicts,
    with_controls,
)

RANK = {"OUT": 0, "UNDETERMINED": 1, "CONDITIONAL": 2, "OK": 3}
CONTROLS = [control.id for control in a_catalog().controls]
WORDS = st.sampled_from(["met", "partly", "not_met", "unknown"])
TEAMS = st.fixed_dictionaries(
    {
        "data_class": st.sampled_from(["public", "internal", "confidential", "restricted", None]),
        "data_types": st.sampled_from(
            [["public_only"], ["phi"], ["personal"], ["client_confidential"], ["cji"], None]
        ),
        "org_roles": st.sampled_from(
            [["none_of_these"], ["eu_financial_entity"], ["us_bank"], ["dod_contractor"], None]
        ),
        "operating_in": st.sampled_from([["US"], ["EU"], ["US-TX", "DE"], None]),
        "data_subjects_in": st.sampled_from([["US"], ["EU"], None]),
        "uses": st.sampled_from([["internal_assistant"], ["public_chatbot"], None]),
        "answers": st.dictionaries(st.sampled_from(CONTROLS), WORDS, max_size=60).map(
            lambda given: {name: {"answer": word} for name, word in given.items()}
        ),
    }
)


def changed(team: dict[str, Any], control: str, word: str) -> dict[str, Any]:
    return {**team, "answers": {**team["answers"], control: {"answer": word}}}


@given(TEAMS, st.sampled_from(CONTROLS))
def test_a_better_answer_never_worsens_an_option_beyond_the_open_questions(
    team: dict[str, Any], control: str
) -> None:
    by_word = {
        word: verdicts(a_profile(**changed(team, control, word)))
        for word in ("not_met", "partly", "met")
    }

    for option in by_word["met"]:
        ranks = [RANK[by_word[word][option]] for word in ("not_met", "partly", "met")]
        assert ranks == sorted(ranks), (option, control, ranks)


@given(TEAMS, st.sampled_from(CONTROLS))
def test_unknown_lies_between_not_met_and_met(team: dict[str, Any], control: str) -> None:
    found = {
        word: {
            one.option: one for one in assess(a_profile(**changed(team, control, word))).verdicts
        }
        for word in ("not_met", "unknown", "met")
    }

    for option, unknown in found["unknown"].items():
        worse, better = found["not_met"][option], found["met"][option]
        if worse.verdict == better.verdict:
            assert unknown.verdict == better.verdict
        if unknown.verdict == "OUT":
            assert worse.verdict == "OUT"
        if unknown.verdict == "OK":
            assert better.verdict == "OK"


@given(TEAMS)
def test_unknowns_that_go_well_never_allow_less_than_those_that_go_badly(
    team: dict[str, Any],
) -> None:
    for one in assess(a_profile(**team)).verdicts:
        well, badly = (
            one.highest_class_if_unknowns_go_well,
            one.highest_class_if_unknowns_go_badly,
        )
        assert badly is None or (well is not None and badly.rank <= well.rank)


@given(TEAMS, st.randoms(use_true_random=False))
def test_the_order_of_controls_is_irrelevant(team: dict[str, Any], shuffler: random.Random) -> None:
    regimes = [
        regime.model_copy(
            update={"controls": tuple(shuffler.sample(regime.controls, k=len(regime.controls)))}
        )
        for regime in a_catalog().regimes
    ]
    shuffler.shuffle(regimes)
    shuffled = a_catalog().model_copy(update={"regimes": tuple(regimes)})

    assert assess(a_profile(**team), shuffled) == assess(a_profile(**team))


ADDED = st.fixed_dictionaries(
    {
        "severity": st.sampled_from(["hard_gate", "condition"]),
        "basis": st.sampled_from(["house", "memory"]),
        "effects": st.sampled_from(
            [
                ({"when": "always", "exclude": {"opt": "operator", "is": "self"}},),
                ({"when": "unless_met", "cap": "public"},),
                ({"when": "always", "require": {"opt": "contracts", "has": "baa"}},),
                ({"when": "always", "advise": "Mind it."},),
            ]
        ),
    }
)


@given(TEAMS, ADDED)
def test_a_control_that_an_organisation_adds_never_gives_an_option_back(
    team: dict[str, Any], added: dict[str, Any]
) -> None:
    regime = with_controls(a_control(**added)).regimes[0]
    more = a_catalog().changed(regimes=(*a_catalog().regimes, regime))

    before, after = verdicts(a_profile(**team)), verdicts(a_profile(**team), more)

    assert all(RANK[after[option]] <= RANK[word] for option, word in before.items())


@given(WORDS)
def test_a_control_from_memory_never_puts_an_option_out(word: str) -> None:
    control = a_control(basis="memory")
    team = a_profile(answers={"TEST-01": {"answer": word}})

    found = verdict(team, "closed@us-api", with_controls(control))

    assert found.verdict == ("OK" if word == "met" else "UNDETERMINED")
    assert found.questions == (() if word == "met" else ("TEST-01",))


def test_counsel_is_asked_about_a_control_from_memory_that_is_not_met() -> None:
    control = a_control(basis="memory", citation="An unread law")
    team = a_profile(answers={"TEST-01": {"answer": "not_met"}})

    (asked,) = assess(team, with_controls(control)).open_questions

    assert asked.owner == "legal counsel"
    assert "An unread law" in asked.question


def test_if_every_shipped_control_rested_on_memory_nothing_would_be_out() -> None:
    from_memory = [
        regime.changed(controls=tuple(one.changed(basis="memory") for one in regime.controls))
        for regime in a_catalog().regimes
    ]
    catalog = a_catalog().changed(regimes=tuple(from_memory))
    sensitive = a_profile(
        data_class="restricted",
        data_types=["phi", "client_confidential", "special_category", "npi_financial"],
        org_roles=["glba_institution", "us_state_agency", "dod_contractor"],
        data_subjects_in=["EU"],
        answers=all_answered("not_met"),
    )

    assert set(verdicts(sensitive, catalog).values()) == {"UNDETERMINED"}
    assert "OUT" in verdicts(sensitive).values()


@given(TEAMS)
def test_the_listed_questions_settle_an_undetermined_option_if_answered_well(
    team: dict[str, Any],
) -> None:
    """Control questions are answered `met`; options that hang on facts too are left aside."""
    before = [
        one
        for one in assess(a_profile(**team)).verdicts
        if one.verdict == "UNDETERMINED" and set(one.questions) <= set(CONTROLS)
    ]
    memory = {control.id for control in a_catalog().controls if control.basis == "memory"}

    for one in before[:2]:
        met = {name: {"answer": "met"} for name in one.questions}
        after = a_profile(**{**team, "answers": {**team["answers"], **met}})
        assert verdict(after, one.option).verdict in ("CONDITIONAL", "OK"), (one.questions, memory)


@given(TEAMS)
def test_no_listed_question_can_be_left_out(team: dict[str, Any]) -> None:
    """With all of them but one answered `met`, the option is still undetermined."""
    before = [
        one
        for one in assess(a_profile(**team)).verdicts
        if one.verdict == "UNDETERMINED" and set(one.questions) <= set(CONTROLS)
    ]

    for one in before[:2]:
        for left_out in one.questions:
            met = {name: {"answer": "met"} for name in one.questions if name != left_out}
            after = a_profile(**{**team, "answers": {**team["answers"], **met}})
            assert verdict(after, one.option).verdict == "UNDETERMINED", (one.questions, left_out)


def test_the_same_day_gives_the_same_result_and_the_date_is_kept() -> None:
    found = assess(a_profile())

    assert found == assess(a_profile())
    assert found.as_of == AS_OF == date(2026, 11, 23)
