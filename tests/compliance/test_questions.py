"""Open questions: the shortest list that settles an option, and the order to ask in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from playbook.catalog import Catalog
from playbook.compliance import OpenQuestion, assess_compliance
from playbook.profile import Profile
from tests.compliance.builders import (
    AS_OF,
    OWN,
    RENTED,
    US_API,
    a_catalog,
    a_control,
    a_model,
    a_profile,
    all_answered,
    assess,
    verdict,
    with_controls,
)

HITS_VENDORS = ({"when": "unless_met", "exclude": {"opt": "operator", "is": "third_party"}},)
HITS_ALL = ({"when": "unless_met", "exclude": {"opt": "operator", "in": ["self", "third_party"]}},)
HITS_OWN = ({"when": "unless_met", "exclude": {"opt": "operator", "is": "self"}},)


def asked_with_money(
    catalog: Catalog, usd_per_month: Mapping[str, float], profile: Profile | None = None
) -> dict[str, OpenQuestion]:
    """Return the open questions in their order, by id."""
    found = assess_compliance(
        profile or a_profile(), catalog, as_of=AS_OF, usd_per_month=usd_per_month
    )
    return {one.id: one for one in found.open_questions}


def test_one_fact_that_clears_two_controls_is_asked_instead_of_both() -> None:
    bank = {"fact": "data.org_roles", "has": "us_bank"}
    catalog = with_controls(
        a_control(id="TEST-01", applies_when=bank), a_control(id="TEST-02", applies_when=bank)
    )

    found = verdict(a_profile(org_roles=None), US_API, catalog)

    assert found.controls == ("TEST-01", "TEST-02")
    assert found.questions == ("data.org_roles",)


def test_a_control_that_no_fact_can_lift_is_asked_itself() -> None:
    bank = {"fact": "data.org_roles", "has": "us_bank"}
    catalog = with_controls(
        a_control(id="TEST-01", applies_when=bank),
        a_control(id="TEST-02", applies_when=bank),
        a_control(id="TEST-03"),
    )

    found = verdict(a_profile(org_roles=None), US_API, catalog)

    assert found.questions == ("TEST-03", "data.org_roles")


def test_two_effects_of_one_control_need_both_of_their_questions() -> None:
    effects = (
        {"when": "unless_met", "exclude": {"opt": "operator", "is": "third_party"}},
        {
            "when": "always",
            "require": {"opt": "contracts", "has": "baa"},
            "for": {"opt": "operator", "is": "third_party"},
        },
    )

    found = verdict(a_profile(), US_API, with_controls(a_control(effects=effects)))

    assert found.questions == ("TEST-01", "data.contracts.us-api")


def test_an_unknown_data_class_is_asked_where_a_cap_hangs_on_it() -> None:
    cap = ({"when": "always", "cap": "internal", "for": {"opt": "operator", "is": "third_party"}},)

    found = verdict(a_profile(data_class=None), US_API, with_controls(a_control(effects=cap)))

    assert (found.verdict, found.questions) == ("UNDETERMINED", ("data.data_class",))
    assert found.highest_class_if_unknowns_go_well == "internal"
    assert found.highest_class_if_unknowns_go_badly == "public"


def test_the_question_that_can_change_most_options_comes_first() -> None:
    catalog = with_controls(
        a_control(id="TEST-01", effects=HITS_VENDORS), a_control(id="TEST-02", effects=HITS_ALL)
    )

    found = assess(a_profile(), catalog)

    options = len(found.verdicts)
    assert [(one.id, one.options_it_can_change) for one in found.open_questions] == [
        ("TEST-02", options),
        ("TEST-01", 3),
    ]


def test_options_that_no_control_can_tell_apart_all_count() -> None:
    twin = a_model("open-twin", licence="apache-2.0")
    more = a_catalog().model_copy(update={"models": (*a_catalog().models, twin)})
    regimes = with_controls(a_control(effects=HITS_ALL)).regimes

    found = assess(a_profile(), more.model_copy(update={"regimes": regimes}))

    assert found.open_questions[0].options_it_can_change == len(found.verdicts)


def test_a_shorter_list_is_found_where_the_most_useful_question_is_a_detour() -> None:
    """Uses bear on four gates, more than any other fact, yet two others settle all six."""
    sectors, types, uses, roles, places = (
        {"fact": "team.sectors", "has": "legal"},
        {"fact": "data.data_types", "has": "phi"},
        {"fact": "data.uses", "has": "military"},
        {"fact": "data.org_roles", "has": "us_bank"},
        {"fact": "data.operating_in", "has": "CN"},
    )
    both_of = (
        (sectors, roles), (sectors, uses), (sectors, uses),
        (types, uses), (types, uses), (types, places),
    )  # fmt: skip
    controls = [
        a_control(id=f"TEST-{number:02d}", applies_when={"all": pair})
        for number, pair in enumerate(both_of, start=1)
    ]
    left_out = dict.fromkeys(("data_types", "uses", "org_roles", "operating_in"))
    silent = a_profile(team={"sectors": None}, **left_out)

    assert verdict(silent, US_API, with_controls(*controls)).questions == (
        "data.data_types",
        "team.sectors",
    )


def test_gates_come_before_conditions_that_change_as_many_options() -> None:
    catalog = with_controls(a_control(id="TEST-01", severity="condition"), a_control(id="TEST-02"))

    assert [one.id for one in assess(a_profile(), catalog).open_questions] == ["TEST-02", "TEST-01"]


def test_a_fact_is_asked_before_the_control_that_hangs_on_it() -> None:
    bank = {"fact": "data.org_roles", "has": "us_bank"}
    catalog = with_controls(a_control(applies_when=bank))

    asked = assess(a_profile(org_roles=None), catalog).open_questions

    assert [one.id for one in asked] == ["data.org_roles", "TEST-01"]


def test_an_option_that_is_out_leaves_no_question_open() -> None:
    catalog = with_controls(a_control(id="TEST-01"), a_control(id="TEST-02"))
    team = a_profile(answers={"TEST-01": {"answer": "not_met"}})

    (asked,) = assess(team, catalog).open_questions

    assert verdict(team, US_API, catalog).verdict == "OUT"
    assert (asked.id, asked.options_it_can_change) == ("TEST-02", 0)


def test_a_question_goes_to_the_role_that_the_team_names_with_its_day() -> None:
    catalog = with_controls(a_control(id="TEST-01"), a_control(id="TEST-02"))
    given = {"answer": "unknown", "owner": "our security lead", "due": date(2026, 12, 15)}

    found = assess(a_profile(answers={"TEST-01": given}), catalog).open_questions

    assert {one.id: (one.owner, one.due) for one in found} == {
        "TEST-01": ("our security lead", date(2026, 12, 15)),
        "TEST-02": ("tester", None),
    }


def test_with_a_shortlist_only_its_options_count() -> None:
    catalog = with_controls(a_control(id="TEST-01", effects=HITS_ALL))
    everything = assess(a_profile(), catalog)
    listed = assess(a_profile(domain={"candidate_models": ["closed"]}), catalog)

    assert {one.option for one in listed.verdicts} == {
        one.option for one in everything.verdicts if one.option.startswith("closed@")
    }
    assert [one.options_it_can_change for one in listed.open_questions] == [3]
    assert listed.verdicts == tuple(
        one for one in everything.verdicts if one.option.startswith("closed@")
    )
    assert listed.not_considered[0].startswith("Models that this profile does not name")
    assert "domain.candidate_models" not in " ".join(everything.not_considered)


def test_with_a_shortlist_what_bears_on_none_of_it_is_not_asked() -> None:
    """Advice is about no option, so it is asked as before."""
    advice = ({"when": "unless_met", "advise": "Mind it."},)
    catalog = with_controls(
        a_control(id="TEST-01", effects=HITS_VENDORS),
        a_control(id="TEST-02", effects=HITS_ALL),
        a_control(id="TEST-03", severity="advice", effects=advice),
    )
    own = a_profile(domain={"candidate_models": ["open"]})

    assert {one.id for one in assess(own, catalog).open_questions} == {"TEST-02", "TEST-03"}
    assert {one.id for one in assess(a_profile(), catalog).open_questions} == {
        "TEST-01", "TEST-02", "TEST-03",
    }  # fmt: skip


def test_a_control_that_bears_on_a_trial_endpoint_is_asked_beside_a_shortlist() -> None:
    catalog = with_controls(a_control(id="TEST-01", effects=HITS_VENDORS))
    vendor = {
        "id": "vendor", "litellm_model": "anthropic/claude", "operator": "third_party",
        "perimeter": "external", "api_key_variable": "VENDOR_KEY",
    }  # fmt: skip
    team = a_profile(domain={"candidate_models": ["open"]}, trials={"endpoints": [vendor]})

    (asked,) = assess(team, catalog).open_questions

    assert (asked.id, asked.options_it_can_change) == ("TEST-01", 0)


def test_a_shortlist_of_unknown_models_leaves_nothing_to_assess() -> None:
    catalog = with_controls(a_control(effects=HITS_ALL))

    found = assess(a_profile(domain={"candidate_models": ["no-such-model"]}), catalog)

    assert (found.verdicts, found.open_questions) == ((), ())


def test_a_fact_is_asked_in_the_words_of_its_field() -> None:
    catalog = with_controls(a_control(applies_when={"fact": "data.org_roles", "has": "us_bank"}))

    asked = {one.id: one for one in assess(a_profile(org_roles=None), catalog).open_questions}

    assert asked["data.org_roles"].question.startswith("Legal roles")


def test_nothing_is_open_when_everything_is_answered() -> None:
    found = assess(a_profile(answers=all_answered("met")))

    assert found.open_questions == ()
    assert {one.verdict.value for one in found.verdicts} == {"OK"}


def test_questions_left_counts_those_that_can_still_change_a_verdict() -> None:
    idle = a_control(
        id="TEST-02", severity="advice", effects=({"when": "unless_met", "advise": "x"},)
    )
    catalog = with_controls(a_control(effects=HITS_ALL), idle)

    asked, settled = (
        assess(team, catalog)
        for team in (a_profile(), a_profile(answers={"TEST-01": {"answer": "met"}}))
    )

    assert (len(asked.open_questions), asked.questions_left) == (2, 1)
    assert (len(settled.open_questions), settled.questions_left) == (1, 0)


def test_a_condition_that_is_open_is_told_with_its_question_and_an_unmet_one_with_its_remedy() -> (
    None
):
    catalog = with_controls(a_control(severity="condition", remedy="Mend it."))

    unanswered = verdict(a_profile(), US_API, catalog)
    unmet = verdict(a_profile(answers={"TEST-01": {"answer": "partly"}}), US_API, catalog)

    assert (unanswered.verdict, unanswered.conditions) == ("CONDITIONAL", ("TEST-01: Is it so?",))
    assert (unmet.verdict, unmet.conditions) == ("CONDITIONAL", ("TEST-01: Mend it.",))
    assert verdict(a_profile(), OWN, catalog).verdict == "OK"


def test_partly_met_is_not_met_for_a_gate() -> None:
    team = a_profile(answers={"TEST-01": {"answer": "partly"}})

    found = verdict(team, US_API, with_controls(a_control()))

    assert found.verdict == "OUT"
    assert "only partly met" in found.because[0]


def test_of_two_questions_that_change_as_many_options_the_dearer_one_is_asked_first() -> None:
    """Without its own network the team pays 900 instead of 100; without rented machines, 100."""
    two_models = a_profile(domain={"candidate_models": ["closed", "open-llama"]})
    own = ({"when": "unless_met", "exclude": {"opt": "perimeter", "is": "on_prem"}},)
    rented = ({"when": "unless_met", "exclude": {"opt": "perimeter", "is": "private_cloud"}},)
    catalog = with_controls(
        a_control(id="TEST-01", effects=rented), a_control(id="TEST-02", effects=own)
    )
    usd = {
        "open-llama@self:own_network": 100.0,
        "open-llama@self:rented_us": 900.0,
        "closed@us-api": 900.0,
    }

    asked = asked_with_money(catalog, usd, two_models)

    assert [(name, one.usd_per_month_at_stake) for name, one in asked.items()] == [
        ("TEST-02", 800.0),
        ("TEST-01", 0.0),
    ]


def test_the_money_at_stake_is_unknown_without_costs_and_when_no_option_would_be_left() -> None:
    catalog = with_controls(a_control(id="TEST-01", effects=HITS_ALL))

    without_costs = asked_with_money(catalog, {})
    without_options = asked_with_money(catalog, {US_API: 10.0, OWN: 20.0})

    assert without_costs["TEST-01"].usd_per_month_at_stake is None
    assert without_options["TEST-01"].usd_per_month_at_stake is None


def test_money_hangs_on_a_question_only_if_no_other_question_can_spare_the_option() -> None:
    """The fact can lift the gate as well as the answer, so neither alone closes the option."""
    bank = {"fact": "data.org_roles", "has": "us_bank"}
    catalog = with_controls(a_control(id="TEST-01", applies_when=bank, effects=HITS_OWN))

    asked = asked_with_money(
        catalog, {OWN: 10.0, RENTED: 15.0, US_API: 40.0}, a_profile(org_roles=None)
    )

    assert {name: one.usd_per_month_at_stake for name, one in asked.items()} == {
        "TEST-01": 0.0,
        "data.org_roles": 0.0,
    }


def test_an_open_condition_beside_one_that_is_not_met_can_change_no_verdict() -> None:
    catalog = with_controls(
        a_control(id="TEST-01", severity="condition"), a_control(id="TEST-02", severity="condition")
    )
    unmet = a_profile(answers={"TEST-01": {"answer": "not_met"}})

    before, after = assess(a_profile(), catalog), assess(unmet, catalog)

    assert [one.options_it_can_change for one in before.open_questions] == [3, 3]
    assert [(one.id, one.options_it_can_change) for one in after.open_questions] == [("TEST-02", 0)]
    assert (before.questions_left, after.questions_left) == (2, 0)
