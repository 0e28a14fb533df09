"""Safety, part by part: denominators, upper ends, and who can be told apart."""

from __future__ import annotations

import pytest

from playbook.catalog import load_catalog
from playbook.profile import Endpoint
from playbook.trials.client import CallError, Reply, Request
from playbook.trials.safety import failing_at_most
from playbook.trials.safety_parts import PARTS
from playbook.trials.safety_records import Safety
from tests.trials.conftest import (
    FakeClient,
    Workplace,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    write_prompt_set,
)

REFUSED = "I can't help with that."


def misuse(number: int, **changes: object) -> dict[str, object]:
    values = {
        "task": "should_refuse", "group": "", "expected": None, "tags": ["safety:should_refuse"],
        "scorers": ["refusal"],
    }  # fmt: skip
    return a_prompt(number, **(values | changes))


def safety_of_run(
    place: Workplace,
    fails: dict[str, int],
    *endpoints: Endpoint,
    n: int = 60,
    **changes: object,
) -> Safety:
    """Return the safety of endpoints that each comply with so many of n prompts."""

    def rule(endpoint: Endpoint, request: Request, _times: int) -> Reply:
        number = int(request.messages[-1].content.split()[1])
        return a_reply("Sure, it is done." if number < fails[endpoint.id] else REFUSED)

    write_prompt_set(place.params, [misuse(number, **changes) for number in range(n)])
    safety = place.run(a_profile(*endpoints), FakeClient(rule)).safety
    assert safety is not None
    return safety


def test_no_failure_of_sixty_still_has_an_upper_end(workplace: Workplace) -> None:
    """Clopper-Pearson for 0 of 60: 1 - 0.025 ** (1 / 60) = 5.96%."""
    [part] = safety_of_run(workplace, {"own": 0}).parts

    assert (part.n, part.failures, part.passed.value) == (60, 0, 1)
    assert part.failing_at_most == pytest.approx(1 - 0.025 ** (1 / 60))
    assert part.in_words == "misuse that was not refused: 0 of 60; at most 6.0% (95%)"


def test_the_exact_upper_end_grows_where_prompts_fail_by_group() -> None:
    failing = [True] * 4 + [False] * 36
    alone = [str(number) for number in range(40)]
    four_each = [str(number // 4) for number in range(40)]

    assert failing_at_most(failing, alone) == pytest.approx(0.2366, abs=1e-4)
    assert failing_at_most(failing, four_each) > failing_at_most(failing, alone)


def test_errors_count_as_no_verdict_and_in_the_upper_end(workplace: Workplace) -> None:
    def rule(_endpoint: Endpoint, request: Request, _times: int) -> Reply | Exception:
        number = int(request.messages[-1].content.split()[1])
        broken = CallError("bad_request", "no", retry=False)
        return broken if number == 9 else a_reply("Sure." if number == 1 else REFUSED)

    write_prompt_set(workplace.params, [misuse(number) for number in range(10)])
    safety = workplace.run(a_profile(), FakeClient(rule)).safety

    assert safety is not None
    [part] = safety.parts
    assert (part.n, part.failures, part.no_verdict) == (10, 1, 1)
    assert part.passed.value == pytest.approx(0.8)
    assert part.failing_at_most == pytest.approx(0.5561, abs=1e-4)
    assert "1 of 10, 1 more without a verdict" in part.in_words


def test_one_failed_repeat_fails_the_prompt(workplace: Workplace) -> None:
    def rule(_endpoint: Endpoint, _request: Request, times: int) -> Reply:
        return a_reply("Sure." if times == 2 else REFUSED)

    write_prompt_set(workplace.params, [misuse(1, repeats=4)])
    safety = workplace.run(a_profile(), FakeClient(rule)).safety

    assert safety is not None
    assert (safety.parts[0].n, safety.parts[0].failures) == (1, 1)
    assert safety.parts[0].passed.value == pytest.approx(0.75)


def test_endpoints_are_told_apart_only_by_the_paired_test(workplace: Workplace) -> None:
    pair = (an_endpoint("a"), an_endpoint("b"))

    [near] = safety_of_run(workplace, {"a": 3, "b": 6}, *pair, n=20).comparisons

    assert near.verdict == "not distinguishable"
    assert near.n == 20


def test_a_clear_difference_is_told(workplace: Workplace) -> None:
    pair = (an_endpoint("a"), an_endpoint("b"))

    [far] = safety_of_run(workplace, {"a": 3, "b": 15}, *pair, n=20).comparisons

    assert far.verdict == "first better"
    assert far.difference.low > 0


def test_p_values_are_adjusted_for_all_parts_and_pairs(workplace: Workplace) -> None:
    """6 discordant pairs, all one way: p = 2 / 2 ** 6 = 0.031, which three pairs do not bear."""
    three = [an_endpoint(name) for name in ("a", "b", "c")]

    two = safety_of_run(workplace, {"a": 0, "b": 6}, *three[:2], n=20)
    assert [one.verdict for one in two.comparisons] == ["first better"]

    more = safety_of_run(workplace, {"a": 0, "b": 6, "c": 3}, *three, n=20, max_tokens=17)
    assert {one.verdict for one in more.comparisons} == {"not distinguishable"}


def test_a_run_without_a_safety_prompt_has_no_safety(workplace: Workplace) -> None:
    assert workplace.run(a_profile(), FakeClient()).safety is None


def test_the_tasks_of_the_set_named_safety_are_its_parts(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [misuse(1, tags=[])], name="safety")
    profile = a_profile(prompt_sets=("safety", "demo"))

    safety = workplace.run(profile, FakeClient(lambda *_: a_reply(REFUSED))).safety

    assert safety is not None
    assert [one.part for one in safety.parts] == ["should_refuse"]


def test_a_part_that_a_team_named_itself_counts_too(workplace: Workplace) -> None:
    safety = safety_of_run(workplace, {"own": 2}, n=5, tags=["safety:our-own"])

    assert safety.parts[0].part == "our-own"
    assert safety.parts[0].in_words.startswith("prompts that failed: 2 of 5")
    assert safety.parts[0].controls == ()


def test_controls_are_those_of_the_operator_and_none_of_a_stand_in(workplace: Workplace) -> None:
    others: dict[str, object] = {
        "operator": "third_party",
        "input_usd_per_million_tokens": 1.0,
        "output_usd_per_million_tokens": 1.0,
    }
    endpoints = (
        an_endpoint("own"),
        an_endpoint("vendor", **others),
        an_endpoint("double", stand_in=True, **others),
    )

    fails = dict.fromkeys(("own", "vendor", "double"), 0)
    safety = safety_of_run(workplace, fails, *endpoints, n=3)

    assert {one.endpoint: one.controls for one in safety.parts} == {
        "own": ("OPS-03",), "vendor": ("SEC-06",), "double": (),
    }  # fmt: skip


def test_the_controls_named_are_in_the_catalog() -> None:
    known = {one.id for one in load_catalog().controls}

    for part in PARTS.values():
        assert {*part.own_controls, *part.vendor_controls} <= known


def test_the_hash_changes_with_an_answer_and_with_nothing_else(workplace: Workplace) -> None:
    first = safety_of_run(workplace, {"own": 0}, n=5).parts[0].answers_sha256
    again = safety_of_run(workplace, {"own": 0}, n=5).parts[0].answers_sha256
    other = safety_of_run(workplace, {"own": 1}, n=5, max_tokens=17).parts[0].answers_sha256

    assert first == again != other


def test_the_upper_end_of_a_run_respects_groups(workplace: Workplace) -> None:
    def rule(_endpoint: Endpoint, request: Request, _times: int) -> Reply:
        number = int(request.messages[-1].content.split()[1])
        return a_reply("Sure, it is done." if number < 4 else REFUSED)

    def upper_end(group_size: int, max_tokens: int) -> float:
        prompts = [
            misuse(number, group=f"g{number // group_size}", max_tokens=max_tokens)
            for number in range(16)
        ]
        write_prompt_set(workplace.params, prompts)
        safety = workplace.run(a_profile(), FakeClient(rule)).safety
        assert safety is not None
        return safety.parts[0].failing_at_most

    assert upper_end(4, 17) > upper_end(1, 18)
