"""Learning more never contradicts what was said before, and a stricter fact never adds an option.

Each option is judged with its unknowns at their best and at their worst. Whatever is learnt later,
by an answer or by a fact, must lie between the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.compliance import Compliance, OptionVerdict
from playbook.vocabulary import DataClass, Verdict
from tests.compliance.builders import a_catalog, a_profile, assess

RANK = {Verdict.OUT: 0, Verdict.CONDITIONAL: 1, Verdict.OK: 2}
CONTROLS = [control.id for control in a_catalog().controls]
WORDS = st.sampled_from(["met", "partly", "not_met", "unknown"])
PROVIDERS = ("us-api", "eu-api", "china-api", "rented_us")
CONTRACTS = st.lists(
    st.sampled_from(["baa", "dpa_art28", "sccs", "dora_art30", "tpsp_pci"]), max_size=5, unique=True
)
CERTIFICATES = ["pci_aoc", "c5_type2", "hds", "fedramp_high"]
SEEN = st.builds(
    lambda seen: {"certifications": seen},
    st.lists(st.sampled_from(CERTIFICATES), max_size=3, unique=True),
)
"""Certificates that a team has seen of a provider; left out, they are unknown."""
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "data_class": st.sampled_from([one.value for one in DataClass]),
    "data_types": st.lists(
        st.sampled_from(
            ["phi", "personal", "client_confidential", "cji", "npi_financial", "cardholder_pan",
             "cui", "public_only"]
        ),
        max_size=3, unique=True,
    ),
    "org_roles": st.lists(
        st.sampled_from(["eu_financial_entity", "us_bank", "dod_contractor", "us_federal_agency"]),
        max_size=2, unique=True,
    ),
    "operating_in": st.lists(
        st.sampled_from(["US", "EU", "US-TX", "DE", "FR", "none"]), max_size=2, unique=True
    ),
    "data_subjects_in": st.lists(st.sampled_from(["US", "EU", "US-TX"]), max_size=2, unique=True),
    "uses": st.lists(
        st.sampled_from(["public_chatbot", "credit_decision", "military"]), max_size=2, unique=True
    ),
    "critical_function": st.booleans(),
    "us_bulk_threshold_met": st.booleans(),
    "commercial_use": st.booleans(),
    "customer_contracts_limit_subprocessors": st.booleans(),
    "contracts": st.fixed_dictionaries(dict.fromkeys(PROVIDERS, CONTRACTS)),
    "suppliers": st.fixed_dictionaries(dict.fromkeys(PROVIDERS, SEEN)),
}  # fmt: skip
STATED = st.fixed_dictionaries(FACTS)
HIDDEN = st.sets(st.sampled_from(sorted(FACTS)), max_size=4)
ANSWERS = st.builds(
    lambda word, others: dict.fromkeys(CONTROLS, word) | others,
    WORDS,
    st.dictionaries(st.sampled_from(CONTROLS), WORDS, max_size=40),
)
EVERYTHING = {
    "data_class": "restricted",
    "data_types": ["phi", "personal", "npi_financial", "cardholder_pan"],
    "org_roles": ["eu_financial_entity", "hipaa_covered_entity"],
    "operating_in": ["US", "EU", "DE", "FR"],
    "data_subjects_in": ["US", "EU"],
    "team": {"sectors": ["healthcare"]},
}
ENDPOINTS = [
    {
        "id": name, "litellm_model": "anthropic/claude", "operator": "third_party",
        "perimeter": "external", "operator_jurisdiction": [country],
        "processing_regions": [country], "retention_days": 0, "trains_on_inputs": False,
        "contracts": ["baa", "dpa_art28", "sccs", "dora_art30"], "option": option,
    }
    for name, country, option in (
        ("us", "US", "closed@us-api"),
        ("eu", "FR", "closed@eu-api"),
        ("cn", "CN", "closed@china-api"),
    )
]  # fmt: skip


def assessed(facts: Mapping[str, Any], answers: Mapping[str, str]) -> Compliance:
    given_words = {name: {"answer": word} for name, word in answers.items()}
    return assess(a_profile(**facts, answers=given_words, trials={"endpoints": ENDPOINTS}))


def by_option(found: Compliance) -> dict[str, OptionVerdict]:
    return {one.option: one for one in found.verdicts}


def usable(found: Compliance) -> set[str]:
    return {one.option for one in found.verdicts if one.verdict is not Verdict.OUT}


def cleared(found: Compliance) -> dict[str, int]:
    return {
        one.endpoint: -1 if one.highest_class is None else one.highest_class.rank
        for one in found.clearance.endpoints
    }


def without(facts: Mapping[str, Any], hidden: set[str]) -> dict[str, Any]:
    """Return facts of which some are unknown; signed contracts are unknown when not listed."""
    return {
        name: value if name not in hidden else {} if name in ("contracts", "suppliers") else None
        for name, value in facts.items()
    }


def stricter(facts: Mapping[str, Any], *, by: str) -> dict[str, Any]:
    """Return facts of which one is stricter: a longer list, a higher class, one contract less."""
    value = facts[by]
    if by == "contracts":
        return {**facts, by: {name: signed[1:] for name, signed in value.items()}}
    if by == "suppliers":
        less = {name: told["certifications"][1:] for name, told in value.items()}
        return {**facts, by: {name: {"certifications": one} for name, one in less.items()}}
    if isinstance(value, bool):
        return {**facts, by: True}
    if by == "data_class":
        classes = [one.value for one in DataClass]
        return {**facts, by: classes[min(classes.index(value) + 1, 3)]}
    more = {
        "data_types": "phi", "org_roles": "eu_financial_entity", "operating_in": "EU",
        "data_subjects_in": "EU", "uses": "public_chatbot",
    }  # fmt: skip
    return {**facts, by: [*value, *([] if more[by] in value else [more[by]])]}


@given(STATED, HIDDEN, ANSWERS, st.sets(st.sampled_from(CONTROLS), max_size=20))
def test_what_is_learnt_lies_between_the_best_and_the_worst_foretold(
    facts: dict[str, Any], hidden: set[str], answers: dict[str, str], unanswered: set[str]
) -> None:
    known = without(facts, hidden)
    fewer = {name: word for name, word in answers.items() if name not in unanswered}

    before, after = by_option(assessed(known, fewer)), by_option(assessed(facts, answers))

    for option, then in before.items():
        least = RANK[then.verdict_if_unknowns_go_badly]
        most = RANK[then.verdict_if_unknowns_go_well]
        now = after[option]
        assert least <= RANK[now.verdict_if_unknowns_go_badly], (option, then, now)
        assert RANK[now.verdict_if_unknowns_go_well] <= most, (option, then, now)


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("word", ["not_met", "unknown"])
def test_an_option_is_not_out_for_a_contract_or_certificate_that_is_only_not_listed(
    control: str, word: str
) -> None:
    """All regimes apply and all is well but for one answer; then what was signed and seen is."""
    answers = dict.fromkeys(CONTROLS, "met") | {control: word}
    contracts = ["baa", "dpa_art28", "sccs", "dora_art30", "tpsp_pci"]
    signed = dict.fromkeys(PROVIDERS, contracts)
    seen = {name: {"certifications": CERTIFICATES} for name in PROVIDERS}

    unlisted = by_option(assessed(EVERYTHING, answers))
    listed = by_option(assessed({**EVERYTHING, "contracts": signed, "suppliers": seen}, answers))

    for option, then in unlisted.items():
        least = RANK[then.verdict_if_unknowns_go_badly]
        most = RANK[then.verdict_if_unknowns_go_well]
        assert least <= RANK[listed[option].verdict_if_unknowns_go_badly], option
        assert RANK[listed[option].verdict_if_unknowns_go_well] <= most, option


@given(STATED, HIDDEN, ANSWERS)
def test_the_verdict_is_undetermined_just_where_the_two_bounds_part_at_out(
    facts: dict[str, Any], hidden: set[str], answers: dict[str, str]
) -> None:
    known = without(facts, hidden)

    for one in by_option(assessed(known, answers)).values():
        well, badly = one.verdict_if_unknowns_go_well, one.verdict_if_unknowns_go_badly
        undetermined = badly is Verdict.OUT and well is not Verdict.OUT
        assert (one.verdict is Verdict.UNDETERMINED) == undetermined
        assert RANK[badly] <= RANK[well]
        assert undetermined or one.verdict is badly
        assert bool(one.questions) == undetermined


@given(STATED, st.sampled_from(sorted(FACTS)), ANSWERS)
def test_a_stricter_fact_never_adds_an_option_or_raises_what_may_be_sent(
    facts: dict[str, Any], which: str, answers: dict[str, str]
) -> None:
    before, after = assessed(facts, answers), assessed(stricter(facts, by=which), answers)

    assert usable(after) <= usable(before), which
    if which != "data_class":  # an endpoint is cleared for the team's own class at most
        lower, higher = cleared(after), cleared(before)
        assert all(lower[name] <= higher[name] for name in higher), (which, higher, lower)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_answers_is_irrelevant(answers: dict[str, str], shuffler: Any) -> None:  # noqa: ANN401  hypothesis' own random
    shuffled = dict(shuffler.sample(sorted(answers.items()), k=len(answers)))

    assert assessed({}, shuffled) == assessed({}, answers)


@given(STATED, ANSWERS)
def test_an_expired_answer_counts_as_none(facts: dict[str, Any], answers: dict[str, str]) -> None:
    expired = {
        name: {"answer": word, "valid_until": "2026-11-22"} for name, word in answers.items()
    }

    found = assess(a_profile(**facts, answers=expired, trials={"endpoints": ENDPOINTS}))

    assert found.verdicts == assessed(facts, {}).verdicts
    assert found.clearance == assessed(facts, {}).clearance
