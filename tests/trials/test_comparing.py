"""Comparisons of a run: by task and metric, adjusted together, with what would settle them."""

from __future__ import annotations

import pytest

from playbook.profile import Endpoint
from playbook.trials.client import Reply, Request
from playbook.trials.outcomes import OUTCOME_POLICY
from playbook.trials.records import Comparison
from playbook.trials.statistics.paired import holm
from playbook.trials.statistics.versus import compare_costs, compare_latencies, judged
from tests.trials.conftest import (
    FakeClient,
    Workplace,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    right_answer,
    write_prompt_set,
)


def settled(place: Workplace, *, second_fails: int, prompts: int = 40) -> list[Comparison]:
    """Return the comparisons of two endpoints, of which the second fails the first few prompts."""
    write_prompt_set(place.params, [a_prompt(number, group="") for number in range(prompts)])
    priced = {"input_usd_per_million_tokens": 1, "output_usd_per_million_tokens": 5}
    profile = a_profile(an_endpoint("one", **priced), an_endpoint("two", **priced))

    def rule(endpoint: Endpoint, request: Request, _times: int) -> Reply:
        number = int(request.messages[-1].content.split()[1])
        wrong = endpoint.id == "two" and number < second_fails
        slower = 0.05 if endpoint.id == "two" else 0.0
        text = "wrong" if wrong else right_answer(request)
        return a_reply(text, first_token_s=0.1 + slower + number / 1e4)

    return list(place.run(profile, FakeClient(rule)).comparisons)


def test_a_run_is_compared_as_a_whole_by_task_by_latency_and_by_cost(workplace: Workplace) -> None:
    found = settled(workplace, second_fails=20)

    assert [(one.metric, one.task) for one in found] == [
        ("pass rate", "all"),
        ("pass rate", "extract"),
        ("pass rate", "classify"),
        ("latency", "all"),
        ("cost per success", "all"),
    ]
    assert {one.verdict for one in found} == {"first better"}


def test_p_values_are_adjusted_over_all_of_them_at_once(workplace: Workplace) -> None:
    found = settled(workplace, second_fails=7)

    assert [one.adjusted_p for one in found] == list(holm([one.p_value for one in found]))
    assert found[0].p_value == pytest.approx(2 / 2**7)  # 7 of 7 one way: below 5% alone
    assert found[0].adjusted_p == pytest.approx(min(1, 4 * 2 / 2**7))  # and not as one of five
    assert found[0].verdict == "first not inferior"


def test_latency_is_compared_by_prompt_where_less_is_better(workplace: Workplace) -> None:
    latency = next(one for one in settled(workplace, second_fails=0) if one.metric == "latency")

    assert latency.difference.value == pytest.approx(-0.05)
    assert (latency.only_first_passed, latency.only_second_passed) == (40, 0)
    assert (latency.verdict, latency.margin, latency.needed) == ("first better", None, None)


def test_an_open_comparison_says_how_many_prompts_would_settle_it(workplace: Workplace) -> None:
    whole = settled(workplace, second_fails=2)[0]

    assert whole.verdict == "first not inferior"
    assert whole.margin == 0.05
    assert whole.needed is not None
    assert whole.needed > 40


def test_equal_answers_to_enough_prompts_are_equivalent(workplace: Workplace) -> None:
    whole = settled(workplace, second_fails=0, prompts=80)[0]

    assert (whole.verdict, whole.needed) == ("equivalent", None)


def test_costs_are_compared_per_success_by_group() -> None:
    """The same passes for 1 and 3 USD: 2 USD less per success, whichever groups are drawn."""
    cheap = {f"p{n}": (1.0, 1.0, f"g{n // 2}") for n in range(40)}
    dear = {name: (3.0, passed, group) for name, (_, passed, group) in cheap.items()}

    (found,) = judged(list(compare_costs({"a": cheap, "b": dear}, seed=1)))

    assert (found.difference.value, found.difference.low, found.difference.high) == (-2, -2, -2)
    assert (found.metric, found.verdict) == ("cost per success", "first better")
    assert found.p_value < 0.01


def test_equal_costs_are_no_difference() -> None:
    same = {f"p{n}": (1.0 + n % 3, 1.0, f"p{n}") for n in range(40)}

    (found,) = judged(list(compare_costs({"a": same, "b": same}, seed=1)))

    assert (found.p_value, found.verdict) == (1, "inconclusive")


def test_a_handful_of_prompts_is_not_compared_by_time_or_money() -> None:
    few = {f"p{n}": (1.0, "g") for n in range(5)}
    spent = {f"p{n}": (1.0, 1.0, "g") for n in range(5)}

    assert list(compare_latencies({"a": few, "b": few})) == []
    assert list(compare_costs({"a": spent, "b": spent}, seed=1)) == []


def test_every_outcome_has_a_policy_and_only_what_the_gate_kept_is_not_in_n() -> None:
    not_in_n = [name for name, words in OUTCOME_POLICY.items() if words.startswith("not in n")]

    assert len(OUTCOME_POLICY) == 7
    assert not_in_n == ["refused_by_gate"]


def test_the_bounds_of_an_interrupted_run_count_the_missing_both_ways(
    workplace: Workplace,
) -> None:
    """6 of 10 answered and passed: between 6 of 10 and 10 of 10."""
    priced = an_endpoint(input_usd_per_million_tokens=1_000, output_usd_per_million_tokens=5_000)
    profile = a_profile(priced, money_cap_usd=1.2, concurrency=1)

    evidence = workplace.run(profile, FakeClient())

    result = evidence.endpoints[0].results[0]
    assert evidence.status == "partial"
    assert result.pass_rate is not None
    assert result.missing == 10 - result.pass_rate.n > 0
    assert result.lowest_if_missing == pytest.approx(result.pass_rate.n / 10)
    assert result.highest_if_missing == 1


def test_cost_per_success_has_its_interval(workplace: Workplace) -> None:
    priced = an_endpoint(input_usd_per_million_tokens=1, output_usd_per_million_tokens=5)

    def rule(_endpoint: Endpoint, request: Request, _times: int) -> Reply:
        number = int(request.messages[-1].content.split()[1])
        return a_reply(right_answer(request) if number % 3 else "wrong")

    write_prompt_set(workplace.params, [a_prompt(number, group="") for number in range(30)])
    own = workplace.run(a_profile(priced), FakeClient(rule)).endpoints[0]

    found = own.usd_per_success_interval
    assert found is not None
    assert found.value == pytest.approx(0.00015 * 30 / 20)
    assert own.usd_per_success == pytest.approx(found.value)
    assert found.low < found.value < found.high


def test_adding_safety_prompts_leaves_the_rate_of_all_tasks_as_it_was(
    workplace: Workplace,
) -> None:
    """10 own prompts passed; 10 of a safety part failed at one endpoint, and 5 by their tag."""
    own = [a_prompt(number, group="") for number in range(10)]
    tagged = [a_prompt(number, group="", tags=["safety:planted"]) for number in range(10, 15)]
    write_prompt_set(workplace.params, [*own, *tagged])
    parts = [a_prompt(number, group="", task="leak") for number in range(15, 25)]
    write_prompt_set(workplace.params, parts, "safety")
    profile = a_profile(an_endpoint("one"), an_endpoint("two"), prompt_sets=("demo", "safety"))

    def rule(endpoint: Endpoint, request: Request, _times: int) -> Reply:
        safe = int(request.messages[-1].content.split()[1]) < 10 or endpoint.id == "two"
        return a_reply(right_answer(request) if safe else "wrong")

    evidence = workplace.run(profile, FakeClient(rule))

    whole, *tasks = evidence.endpoints[0].results
    assert whole.pass_rate is not None
    assert (whole.pass_rate.value, whole.pass_rate.n) == (1, 10)
    assert {one.task: one.pass_rate.n for one in tasks if one.pass_rate}["leak"] == 10
    compared = {one.task: one.n for one in evidence.comparisons if one.metric == "pass rate"}
    assert (compared["all"], compared["leak"]) == (10, 10)
