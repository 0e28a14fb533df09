"""Gates are pass, fail or unknown, each with figures; unknown is never a pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.decision.assessment import assess
from playbook.decision.gates import GATES, closed_by, deciding_gate, gates_of, quantile
from playbook.decision.records import Gate
from playbook.decision.situation import gather
from playbook.landscape.records import OptionInRace
from playbook.uncertainty import Estimate
from playbook.vocabulary import Verdict
from tests.decision.builders import (
    FRONTIER,
    HOSTED,
    OWN,
    Spec,
    a_profile,
    a_rate,
    a_situation,
    evidence_on,
    some_evidence,
)

OWN_SERVERS = Spec("beta", OWN, "own")


def gate(spec: Spec, name: str, **changes: object) -> Gate:
    situation = a_situation(spec, **changes)  # type: ignore[arg-type]
    candidate = next(one for one in gather(situation) if one.id == spec.id)
    return gates_of(candidate, situation)[GATES.index(name)]


@pytest.mark.parametrize(
    ("state", "result"), [("in", "pass"), ("out", "fail"), ("in_doubt", "unknown")]
)
def test_landscape_gate_follows_the_state_of_the_model(state: str, result: str) -> None:
    found = gate(Spec("alpha", state=state), "landscape")

    assert found.result == result
    assert found.because == ("every landscape test passes" if result == "pass" else (
        "licence: clause 7"
    ))  # fmt: skip


def test_an_offer_that_has_ended_is_closed() -> None:
    found = gate(Spec("alpha", on_offer=False), "landscape")

    assert (found.result, found.because) == ("fail", "this offer has ended by 2026-11-23")


def a_finding(option: str, state: str, because: str) -> OptionInRace:
    result = {"in": "pass", "out": "fail", "in_doubt": "unknown"}[state]
    return OptionInRace.model_validate({
        "option": option, "lane": OWN, "state": state, "retires": None,
        "reasons": ({"rule": "architecture", "result": result, "because": because},),
    })  # fmt: skip


@pytest.mark.parametrize(
    ("state", "result", "because"),
    [
        ("in", "pass", "every landscape test passes"),
        ("in_doubt", "unknown", "architecture: its size is not sourced"),
        ("out", "fail", "architecture: its size is not sourced"),
    ],
)
def test_the_landscape_gate_reads_the_options_own_finding_not_its_models_state(
    state: str, result: str, because: str
) -> None:
    spec = Spec("beta", OWN, "own")
    situation = a_situation(spec)
    (model,) = situation.landscape.models
    own = a_finding(spec.id, state, "its size is not sourced")
    told = model.changed(findings=(a_finding("beta@hostco", "in", ""), own), options=())
    landscape = situation.landscape.changed(models=(told,))
    changed = replace(situation, landscape=landscape)

    found = gates_of(gather(changed)[0], changed)[0]

    assert (found.result, found.because) == (result, because)


def test_an_option_without_a_finding_of_its_own_is_unknown_where_others_have_one() -> None:
    situation = a_situation(Spec("beta", OWN, "own"))
    (model,) = situation.landscape.models
    told = model.changed(findings=(a_finding("beta@hostco", "in", ""),))
    changed = replace(situation, landscape=situation.landscape.changed(models=(told,)))

    found = gates_of(gather(changed)[0], changed)[0]

    assert (found.result, found.because) == ("unknown", "the landscape says nothing of this option")


def test_retirement_within_three_months_closes_a_commercial_api_but_not_own_servers() -> None:
    assert gate(Spec("alpha", months_left=2.0), "landscape").result == "fail"
    assert gate(Spec("alpha", months_left=3.0), "landscape").result == "pass"
    assert gate(Spec("beta", OWN, "own", months_left=2.0), "landscape").result == "pass"


@pytest.mark.parametrize(
    ("verdict", "result"),
    [
        (Verdict.OK, "pass"),
        (Verdict.CONDITIONAL, "pass"),
        (Verdict.UNDETERMINED, "unknown"),
        (Verdict.OUT, "fail"),
        (None, "unknown"),
    ],
)
def test_compliance_gate_follows_the_verdict(verdict: Verdict | None, result: str) -> None:
    assert gate(Spec("alpha", verdict=verdict), "compliance").result == result


def test_compliance_gate_names_the_open_questions_and_the_conditions() -> None:
    unsettled = Spec("alpha", verdict=Verdict.UNDETERMINED, questions=("gdpr-1",))
    conditional = Spec("alpha", verdict=Verdict.CONDITIONAL, conditions=("sign the DPA",))

    assert gate(unsettled, "compliance").because.startswith("open: gdpr-1.")
    assert gate(conditional, "compliance").because == "under conditions: sign the DPA"


def test_budget_gate_compares_p90_and_not_the_median() -> None:
    """Costs evenly from 9,000 to 11,000: median 10,000, P90 10,800."""
    spec = Spec("alpha", usd=10_000, spread=1_000)

    over = gate(spec, "budget", profile=a_profile(team={"budget_usd_per_month": 10_799}))
    within = gate(spec, "budget", profile=a_profile(team={"budget_usd_per_month": 10_801}))

    assert over.result == "fail"
    assert within.result == "pass"
    assert "P90 of the cost is $10.8k a month" in within.because


def test_without_a_budget_the_gate_passes_and_says_that_none_was_tested() -> None:
    found = gate(Spec("alpha"), "budget", profile=a_profile(team={"budget_usd_per_month": None}))

    assert found.result == "pass"
    assert "no budget is stated" in found.because


def test_an_unpriced_option_has_an_unknown_budget_gate() -> None:
    assert gate(Spec("alpha", usd=None), "budget").result == "unknown"


def test_quantile_of_a_triangular_distribution() -> None:
    """Worked by hand: low 0, likely 2, high 10. At 0.8: 10 - sqrt(0.2 * 10 * 8) = 6."""
    estimate = Estimate(low=0, likely=2, high=10)

    assert quantile(estimate, 0.8) == pytest.approx(6.0)
    assert quantile(estimate, 0.05) == pytest.approx(1.0)
    assert quantile(Estimate(low=3, likely=3, high=3), 0.8) == 3


def test_time_gate_compares_p80_of_the_lanes_lead_time() -> None:
    """Lead time 0, 2, 10 weeks: P80 is 6 weeks."""
    times = {"frontier_api": {"low": 0, "likely": 2, "high": 10}}

    def at(weeks: float) -> Gate:
        infrastructure = {"lead_times": times, "deadline_weeks": weeks}
        return gate(Spec("alpha"), "time", profile=a_profile(infrastructure=infrastructure))

    assert at(6.01).result == "pass"
    assert at(5.99).result == "fail"
    assert at(5.99).because == "P80 of the lead time is 6.0 weeks, after the deadline of 5.99"


def test_round_the_clock_service_with_three_on_call_people_closes_own_servers_only() -> None:
    profile = a_profile(
        workload={"availability": "24x7"},
        infrastructure={"places": ("own",), "on_call_people": 3, "staff_free_fte": 9},
    )

    assert gate(OWN_SERVERS, "staff", profile=profile).result == "fail"
    assert gate(Spec("beta", HOSTED, "hostco"), "staff", profile=profile).result == "pass"


def test_four_on_call_people_keep_own_servers_open_round_the_clock() -> None:
    profile = a_profile(
        workload={"availability": "24x7"},
        infrastructure={"places": ("own",), "on_call_people": 4, "staff_free_fte": 9},
    )

    assert gate(OWN_SERVERS, "staff", profile=profile).result == "pass"


def test_more_than_one_person_short_closes_own_servers() -> None:
    def with_need(fte: float) -> Gate:
        people = {"places": ("own",), "staff_free_fte": 0.5, "fte_needed_self_hosted": fte}
        return gate(OWN_SERVERS, "staff", profile=a_profile(infrastructure=people))

    assert with_need(1.5).result == "pass"
    assert with_need(1.6).result == "fail"


def test_capacity_gate_asks_whether_servers_fit_and_are_fast_enough() -> None:
    assert gate(OWN_SERVERS, "capacity").result == "pass"
    assert gate(Spec("beta", OWN, "own", fits=False), "capacity").result == "fail"
    slow = gate(Spec("beta", OWN, "own", within_limits=0.3), "capacity")
    assert slow.result == "unknown"
    assert "30% of draws" in slow.because


@pytest.mark.parametrize(
    ("low", "high", "result"), [(0.81, 0.9, "pass"), (0.7, 0.85, "unknown"), (0.5, 0.79, "fail")]
)
def test_quality_gate_asks_the_whole_interval(low: float, high: float, result: str) -> None:
    rate = a_rate((low + high) / 2, half=(high - low) / 2)

    assert gate(Spec("alpha", rate=rate), "quality").result == result


def test_untested_is_unknown_and_never_a_pass() -> None:
    found = gate(Spec("alpha"), "quality")

    assert found.result == "unknown"
    assert found.because.startswith("untested")


@pytest.mark.parametrize("flag", ["stand_in", "demonstration"])
def test_scores_of_a_stand_in_or_a_demonstration_model_never_attach(flag: str) -> None:
    spec = Spec("alpha", rate=a_rate(0.99))
    evidence = some_evidence(evidence_on(spec.id, spec, **{flag: True}))

    assert gate(spec, "quality", evidence=evidence).result == "unknown"


@pytest.mark.parametrize("option", ["", "alpha", "alpha@other", "ALPHA@acme"])
def test_evidence_attaches_to_the_exact_option_only(option: str) -> None:
    spec = Spec("alpha", rate=a_rate(0.99))
    evidence = some_evidence(evidence_on(option, spec))

    assert gate(spec, "quality", evidence=evidence).result == "unknown"


def test_deciding_gate_counts_options_and_prefers_the_earlier_gate_in_a_tie() -> None:
    def fail(option: str, name: str) -> Gate:
        return Gate(option=option, gate=name, result="fail", because="")

    gates = [fail("a", "time"), fail("b", "time"), fail("a", "budget"), fail("c", "budget")]

    assert deciding_gate(gates) == "Budget closed 2 of 3 options."
    assert deciding_gate([]) == ""


SPECS = (
    Spec("alpha", usd=3_000, spread=500, rate=a_rate(0.9)),
    Spec("beta", HOSTED, "hostco", usd=1_500, spread=400),
    Spec("beta", OWN, "own", usd=7_000, spread=2_000),
)


def open_ids(**sections: dict[str, object]) -> set[str]:
    assessment = assess(a_situation(*SPECS, profile=a_profile(**sections)))
    return {one.id for one in assessment.feasible()}


@settings(max_examples=25, deadline=None)
@given(
    budget=st.floats(500, 20_000),
    deadline=st.floats(1, 40),
    minimum=st.floats(0.5, 1),
    people=st.floats(0, 3),
    factor=st.floats(0.1, 1),
)
def test_tightening_any_gate_never_opens_an_option(
    budget: float, deadline: float, minimum: float, people: float, factor: float
) -> None:
    def with_all(tight: float) -> set[str]:
        return open_ids(
            team={"budget_usd_per_month": budget * tight},
            infrastructure={
                "places": ("own",), "deadline_weeks": deadline * tight,
                "staff_free_fte": people * tight,
            },
            trials={"minimum_pass_rate": 1 - (1 - minimum) * tight},
        )  # fmt: skip

    assert with_all(factor) <= with_all(1)


def test_unknown_gates_are_listed_as_open_points_and_close_nothing() -> None:
    situation = a_situation(Spec("alpha", FRONTIER, verdict=Verdict.UNDETERMINED))
    (candidate,) = gather(situation)
    gates = gates_of(candidate, situation)

    assert closed_by(gates) == ()
    assert [one.gate for one in gates if one.result == "unknown"] == ["compliance", "quality"]
