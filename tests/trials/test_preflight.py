"""The plan before a run: what is left to ask, what it may cost, how long it may take."""

from __future__ import annotations

import os
from unittest import mock

import pytest

from playbook.catalog import Catalog, PriceList
from playbook.profile import Profile
from playbook.trials.money import most_input_tokens, worst_case_usd
from playbook.trials.preflight import plan_run
from playbook.trials.preflight_records import RunPlan
from playbook.trials.prompts import load_prompt_set
from playbook.vocabulary import DataClass
from tests.trials.conftest import (
    AS_OF,
    FakeClient,
    Workplace,
    a_clearance,
    a_profile,
    a_prompt,
    an_endpoint,
    write_prompt_set,
)

PRICED = {
    "operator": "third_party",
    "input_usd_per_million_tokens": 1.0,
    "output_usd_per_million_tokens": 5.0,
}


def the_plan(place: Workplace, profile: Profile, **limits: DataClass | None) -> RunPlan:
    clearance = a_clearance(profile, DataClass.INTERNAL, **limits)
    with mock.patch.dict(os.environ, {"PLAYBOOK_PARAMS_DIR": str(place.params)}):
        return plan_run(profile, Catalog(), clearance, folder=place.folder, as_of=AS_OF)


def alone(*endpoints: object, **changes: object) -> Profile:
    return a_profile(*endpoints, **({"latency_calls": 0} | changes))  # type: ignore[arg-type]


def test_nothing_is_written_by_planning(workplace: Workplace) -> None:
    plan = the_plan(workplace, alone())

    assert plan.calls == 10
    assert not workplace.folder.exists()


def test_recorded_answers_are_not_planned_again(workplace: Workplace) -> None:
    workplace.run(alone(), FakeClient())

    plan = the_plan(workplace, alone(repeats=3))

    (leg,) = plan.legs
    assert (leg.calls, leg.recorded) == (20, 10)


def test_what_is_kept_back_costs_nothing_and_is_counted(workplace: Workplace) -> None:
    plan = the_plan(workplace, alone(an_endpoint("far", **PRICED)), far=DataClass.PUBLIC)

    (leg,) = plan.legs
    assert (leg.calls, leg.refused, leg.usd) == (0, 10, (0.0, 0.0))


def test_money_runs_from_expected_lengths_to_the_worst_case(workplace: Workplace) -> None:
    profile = alone(an_endpoint("far", **PRICED))

    (leg,) = the_plan(workplace, profile).legs

    # "question 4": 10 bytes are 3 tokens, at most 10 + 64; the answer has 16 tokens at most
    assert leg.input_tokens == (30, 10 * (10 + 64))
    assert leg.output_tokens == (40, 160)
    assert leg.usd == pytest.approx((30e-6 + 5 * 40e-6, 740e-6 + 5 * 160e-6))


def test_the_high_figure_is_what_the_purse_reserves(workplace: Workplace) -> None:
    price = PriceList(input_usd_per_million_tokens=1.0, output_usd_per_million_tokens=5.0)
    prompts = load_prompt_set(workplace.params / "prompts" / "demo.jsonl").prompts

    (leg,) = the_plan(workplace, alone(an_endpoint("far", **PRICED))).legs

    requests = [one.request() for one in prompts]
    assert leg.input_tokens[1] == sum(map(most_input_tokens, requests))
    assert leg.usd is not None
    assert leg.usd[1] == pytest.approx(sum(worst_case_usd(price, one) for one in requests))


def test_recorded_lengths_make_the_low_figure(workplace: Workplace) -> None:
    profile = alone(an_endpoint("far", **PRICED))
    workplace.run(profile, FakeClient())  # each answer has 10 tokens

    (leg,) = the_plan(workplace, alone(an_endpoint("far", **PRICED), repeats=2)).legs

    assert leg.output_tokens[0] == 100


def test_the_cap_bounds_both_figures_and_what_was_spent_counts(workplace: Workplace) -> None:
    profile = alone(an_endpoint("far", **PRICED), money_cap_usd=1e-4)

    assert the_plan(workplace, profile).usd == (1e-4, 1e-4)


def test_time_is_that_of_the_slowest_limit(workplace: Workplace) -> None:
    def minutes(**limits: object) -> tuple[float, float]:
        profile = alone(an_endpoint(**limits), concurrency=2, deadline_s=60)
        return the_plan(workplace, profile).minutes

    assert minutes() == (5 * 2 / 60, 5.0)  # 5 rounds of 2 s, or of the whole deadline
    assert minutes(rpm=1) == (10.0, 10.0)
    assert minutes(tpm=70)[0] == 1.0  # 30 tokens in and 40 out


def test_endpoints_wait_for_each_other_only_within_this_machine(workplace: Workplace) -> None:
    far = [an_endpoint("a", rpm=1), an_endpoint("b", rpm=1)]
    near = [an_endpoint(name, litellm_model="", embedded="demo-base", rpm=1) for name in "ab"]

    assert the_plan(workplace, alone(*far)).minutes[0] == 10.0
    assert the_plan(workplace, alone(*near)).minutes[0] == 20.0


def test_an_endpoint_without_a_price_is_named(workplace: Workplace) -> None:
    plan = the_plan(workplace, alone(an_endpoint("far", operator="third_party")))

    assert plan.unpriced == ("far",)
    assert "no price, so not asked: far; set input_usd_per" in "\n".join(plan.lines())
    assert "together: no price, " in "\n".join(plan.lines())


def test_each_phase_is_a_line_and_the_margin_names_its_prompts(workplace: Workplace) -> None:
    far = an_endpoint("far", option="x@y", api_base="http://127.0.0.1:1/v1", **PRICED)
    profile = alone(far, an_endpoint("own"), load_sweep=(1, 2), load_calls=10)
    profile = profile.changed(infrastructure=profile.infrastructure.changed(places=()))

    plan = the_plan(workplace, profile)

    assert [(one.phase, one.endpoint) for one in plan.legs][:2] == [
        ("trials", "far"),
        ("trials", "own"),
    ]
    assert {one.phase for one in plan.legs} >= {"load of 1 in flight", "load of 2 in flight"}
    lines = list(plan.lines())
    assert lines[-1] == "10 scored prompts; a margin of 0.05 needs about 643: may be inconclusive"


def test_what_a_judge_will_read_is_planned_before_any_answer_came(workplace: Workplace) -> None:
    uses = ["exact", {"name": "rubric", "rubric": "It is polite."}]
    write_prompt_set(workplace.params, [a_prompt(one, scorers=uses) for one in range(10)])
    judge = an_endpoint("judge", litellm_model="hosted_vllm/other-family-1", **PRICED)
    tried = alone(an_endpoint("own", litellm_model="hosted_vllm/model-x"), judge, judge="judge")

    plan = the_plan(workplace, tried)

    judging = [one for one in plan.legs if one.phase == "judging"]
    assert [(one.endpoint, one.calls) for one in judging] == [("judge", 10)]
    assert judging[0].usd is not None
    assert judging[0].usd[0] > 0


def test_a_judge_s_high_figure_is_for_answers_as_long_as_they_may_be(workplace: Workplace) -> None:
    uses = ["exact", {"name": "rubric", "rubric": "It is polite."}]
    rows = [a_prompt(one, scorers=uses, max_tokens=1_000) for one in range(10)]
    write_prompt_set(workplace.params, rows)
    judge = an_endpoint("judge", litellm_model="hosted_vllm/other-family-1", **PRICED)
    tried = alone(an_endpoint("own", litellm_model="hosted_vllm/model-x"), judge, judge="judge")

    (judging,) = [one for one in the_plan(workplace, tried).legs if one.phase == "judging"]

    assert judging.input_tokens[0] < 10 * 1_000  # a quarter of the longest answer, and the question
    assert judging.input_tokens[1] > 10 * 4 * 1_000  # 1,000 tokens of 4 bytes, one token a byte
    assert judging.usd is not None
    assert judging.usd[1] > 40_000 * 1e-6


def test_calls_that_measure_latency_are_planned_before_any_answer_came(
    workplace: Workplace,
) -> None:
    profile = alone(an_endpoint("far", api_base="http://127.0.0.1:1/v1", **PRICED), latency_calls=7)

    legs = the_plan(workplace, profile).legs

    assert [(one.phase, one.calls) for one in legs] == [("trials", 10), ("latency", 7)]


def test_a_noise_floor_is_planned_before_any_answer_came(workplace: Workplace) -> None:
    pair = {"first": "a", "second": "b"}

    plan = the_plan(workplace, alone(an_endpoint("a"), an_endpoint("b"), parity=[pair]))

    noise = [one for one in plan.legs if one.phase == "noise floor"]
    assert [(one.endpoint, one.calls) for one in noise] == [("a", 10)]
