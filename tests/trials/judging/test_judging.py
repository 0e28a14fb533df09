"""A run with a judge: what it is asked, what it costs, what may be made of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from playbook.profile import Endpoint, Profile
from playbook.trials.client import CallError, Reply, Request
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.vocabulary import DataClass
from tests.trials.conftest import (
    FakeClient,
    Workplace,
    a_clearance,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    write_prompt_set,
)

JUDGE = an_endpoint(
    "judge",
    litellm_model="openai/gpt-x",
    input_usd_per_million_tokens=1.0,
    output_usd_per_million_tokens=10.0,
)
ONE = an_endpoint("one", litellm_model="hosted_vllm/llama-x", expected_model="model-x")
TWO = an_endpoint("two", litellm_model="hosted_vllm/qwen-x", expected_model="model-x")
RUBRIC = {"name": "rubric", "rubric": "It is right."}
PAIRS = {"name": "pairwise", "rubric": "It is right."}


def shown(request: Request, name: str) -> str:
    _, _, after = request.messages[-1].content.partition(f"=== {name} ")
    return after.partition(" ===\n")[2].partition("\n=== END")[0]


def is_judging(request: Request) -> bool:
    return request.messages[-1].content.startswith("Criterion: ")


def a_judge(endpoint: Endpoint, request: Request, _times: int) -> Reply:
    """`one` is right on prompts from 3 on, `two` on all; the judge passes what says `answer`."""
    said = "model-x" if endpoint.id != "judge" else "gpt-x"
    if not is_judging(request):
        number = int(request.messages[-1].content.split()[1])
        right = endpoint.id != "one" or number >= 3
        return a_reply(f"answer {number}" if right else f"wrong {number}", model_answered=said)
    if not shown(request, "ANSWER B"):
        passed = shown(request, "ANSWER").startswith("answer")
        return a_reply(f"So:\nVERDICT: {'PASS' if passed else 'FAIL'}", model_answered=said)
    marks = [shown(request, f"ANSWER {one}").startswith("answer") for one in "AB"]
    verdict = "TIE" if marks[0] == marks[1] else "AB"[marks.index(True)]
    return a_reply(f"VERDICT: {verdict}", model_answered=said)


def write_prompts(place: Workplace, *uses: dict[str, object], count: int = 20) -> None:
    rows = [a_prompt(number, scorers=list(uses), group="") for number in range(count)]
    write_prompt_set(place.params, rows)


def write_labels(place: Workplace, rows: Sequence[tuple[str, int, bool]]) -> None:
    lines = [
        json.dumps({"prompt": f"p{number:03d}", "endpoint": endpoint, "passed": passed})
        for endpoint, number, passed in rows
    ]
    path = place.params / "prompts" / "demo.labels.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")


def true_labels(count: int = 20, false: int = 6) -> list[tuple[str, int, bool]]:
    """What people say: as the judge does, but that `one` is wrong on prompts below `false`."""
    ones = [("one", number, number >= false) for number in range(count)]
    return [*ones, *(("two", number, True) for number in range(count))]


def a_judged_profile(*endpoints: Endpoint, **trials: object) -> Profile:
    return a_profile(*(endpoints or (ONE, TWO)), JUDGE, judge="judge", **trials)


def test_without_labels_a_judge_is_uncalibrated_and_decides_nothing(workplace: Workplace) -> None:
    write_prompts(workplace, RUBRIC)

    evidence = workplace.run(a_judged_profile(), FakeClient(a_judge))

    judging = evidence.judging
    assert judging is not None
    assert not judging.calibration.calibrated
    one, two, own = judging.endpoints
    assert one.pass_rate is not None
    assert one.pass_rate.value == pytest.approx(17 / 20)
    assert two.pass_rate is not None
    assert two.pass_rate.value == 1
    assert one.corrected is None
    assert "its own answers" in own.objection
    assert evidence.endpoints[0].results[0].pass_rate is None
    assert evidence.endpoints[0].results[0].not_scored == 20
    assert any("the judge is uncalibrated" in line for line in evidence.not_considered)


def test_with_labels_pass_rates_are_corrected_for_the_judge_s_errors(workplace: Workplace) -> None:
    """One passes 17 of 20 by the judge; specificity 3 / 6, sensitivity 34 / 34.

    (0.85 + 0.5 - 1) / (1 + 0.5 - 1) = 0.7, which is what people say: 14 of 20.
    """
    write_prompts(workplace, RUBRIC)
    write_labels(workplace, true_labels())

    evidence = workplace.run(a_judged_profile(), FakeClient(a_judge))

    assert evidence.judging is not None
    assert evidence.judging.calibration.calibrated
    assert evidence.judging.calibration.labels == 40
    rate = evidence.endpoints[0].results[0].pass_rate
    assert rate is not None
    assert rate.value == pytest.approx(0.7)
    assert rate.high - rate.low > 0.4
    assert "Rogan-Gladen" in rate.method
    assert evidence.judging.endpoints[0].corrected is not None


def test_answers_that_a_rule_failed_need_no_verdict_and_are_not_corrected(
    workplace: Workplace,
) -> None:
    write_prompts(workplace, RUBRIC, {"name": "exact"})
    write_labels(workplace, true_labels())

    evidence = workplace.run(a_judged_profile(), FakeClient(a_judge))

    rate = evidence.endpoints[0].results[0].pass_rate
    assert rate is not None
    assert rate.value == pytest.approx(17 / 20)
    assert "of 17 verdicts" in rate.method


def test_the_judge_s_calls_are_in_the_ledger_with_their_cost_and_are_not_made_again(
    workplace: Workplace,
) -> None:
    write_prompts(workplace, RUBRIC, count=6)
    first, again = FakeClient(a_judge), FakeClient(a_judge)

    evidence = workplace.run(a_judged_profile(), first)
    later = workplace.run(a_judged_profile(), again)

    lines = [one for one in read_ledger(workplace.folder / LEDGER) if one.purpose == "judge"]
    assert len(lines) == 9  # of `one` and `two` on 6 prompts, 3 answers are the same
    assert {one.endpoint for one in lines} == {"judge"}
    assert evidence.judging is not None
    assert evidence.judging.calls == 9
    assert evidence.judging.cost_usd == pytest.approx(9 * (100 * 1e-6 + 10 * 1e-5))
    assert evidence.judging.models == ("gpt-x",)
    assert again.asked == []
    assert later == evidence


def test_equal_answers_to_a_prompt_are_read_once(workplace: Workplace) -> None:
    write_prompts(workplace, RUBRIC, count=4)
    client = FakeClient(a_judge)

    workplace.run(a_judged_profile(TWO, repeats=5), client)

    assert sum(text.startswith("Criterion: ") for _endpoint, text in client.asked) == 4


def test_an_unclear_or_failed_reply_is_no_verdict(workplace: Workplace) -> None:
    write_prompts(workplace, RUBRIC, count=4)

    def rule(endpoint: Endpoint, request: Request, times: int) -> Reply | Exception:
        if is_judging(request):
            if "question 0" in request.messages[-1].content:
                return CallError("bad_request", "no", retry=False)
            return a_reply("I would say PASS", model_answered="gpt-x")
        return a_judge(endpoint, request, times)

    evidence = workplace.run(a_judged_profile(TWO), FakeClient(rule))

    assert evidence.judging is not None
    assert evidence.judging.endpoints[0].no_verdict == 4
    assert evidence.judging.endpoints[0].pass_rate is None
    assert evidence.endpoints[0].results[0].not_scored == 4


def test_a_judge_gets_no_prompt_that_its_endpoint_may_not_have(workplace: Workplace) -> None:
    write_prompts(workplace, RUBRIC, count=3)
    profile = a_judged_profile(TWO)
    client = FakeClient(a_judge)

    evidence = workplace.run(
        profile, client, clearance=a_clearance(profile, judge=DataClass.PUBLIC)
    )

    assert {endpoint for endpoint, _text in client.asked} == {"two"}
    assert evidence.judging is not None
    assert evidence.judging.endpoints[0].no_verdict == 3


def test_a_judge_of_the_same_family_is_not_asked(workplace: Workplace) -> None:
    write_prompts(workplace, RUBRIC, count=3)
    same = an_endpoint("two", litellm_model="openai/gpt-y", expected_model="model-x")
    client = FakeClient(a_judge)

    evidence = workplace.run(a_judged_profile(same), client)

    assert not any(text.startswith("Criterion: ") for _endpoint, text in client.asked)
    assert evidence.judging is not None
    assert "both of the family gpt" in evidence.judging.endpoints[0].objection


def test_where_no_judge_is_named_nothing_is_judged_and_it_is_said(workplace: Workplace) -> None:
    write_prompts(workplace, RUBRIC, count=3)

    evidence = workplace.run(a_profile(TWO), FakeClient(a_judge))

    assert evidence.judging is None
    assert evidence.endpoints[0].results[0].pass_rate is None
    assert any("trials.judge names no endpoint" in line for line in evidence.not_considered)


def test_pairs_are_judged_in_both_orders(workplace: Workplace) -> None:
    write_prompts(workplace, PAIRS, {"name": "exact"}, count=10)
    client = FakeClient(a_judge)

    evidence = workplace.run(a_judged_profile(), client)

    assert sum(text.startswith("Criterion: ") for _endpoint, text in client.asked) == 6
    assert evidence.judging is not None
    (pair,) = evidence.judging.pairs
    assert (pair.n, pair.first_better, pair.second_better, pair.ties) == (10, 0, 3, 7)
    assert pair.difference is not None
    assert pair.difference.value == pytest.approx(-0.3)
    assert pair.p_value == pytest.approx(0.25)
    assert evidence.judging.order is not None
    assert evidence.judging.order.n == 3  # the others are in the same words
    assert evidence.judging.order.consistent.value == 1
    assert evidence.endpoints[0].results[0].not_scored == 0


def test_a_judge_that_goes_by_the_order_gives_ties_and_its_bias_is_told(
    workplace: Workplace,
) -> None:
    write_prompts(workplace, PAIRS, count=10)

    def rule(endpoint: Endpoint, request: Request, _times: int) -> Reply:
        if is_judging(request):
            return a_reply("VERDICT: A", model_answered="gpt-x")
        said = "gpt-x" if endpoint.id == "judge" else "model-x"
        return a_reply(f"as {endpoint.id} says", model_answered=said)

    evidence = workplace.run(a_judged_profile(), FakeClient(rule))

    assert evidence.judging is not None
    (pair,) = evidence.judging.pairs
    assert (pair.first_better, pair.second_better, pair.ties) == (0, 0, 10)
    assert evidence.judging.order is not None
    assert evidence.judging.order.bias.value == 1
    assert evidence.judging.order.p_value < 0.01


def test_only_the_pairs_of_parity_trials_are_judged_where_there_are_any(
    workplace: Workplace,
) -> None:
    write_prompts(workplace, PAIRS, count=2)
    three = an_endpoint("three", litellm_model="hosted_vllm/yi-x", expected_model="model-x")
    profile = a_judged_profile(ONE, TWO, three, parity=[{"first": "three", "second": "one"}])

    evidence = workplace.run(profile, FakeClient(a_judge))

    assert evidence.judging is not None
    assert [(one.first, one.second) for one in evidence.judging.pairs] == [("three", "one")]


def test_a_reply_that_was_cut_off_is_no_verdict(workplace: Workplace) -> None:
    write_prompts(workplace, RUBRIC, count=2)

    def rule(endpoint: Endpoint, request: Request, times: int) -> Reply:
        reply = a_judge(endpoint, request, times)
        return replace(reply, finish_reason="length") if is_judging(request) else reply

    evidence = workplace.run(a_judged_profile(TWO), FakeClient(rule))

    assert evidence.judging is not None
    assert evidence.judging.endpoints[0].no_verdict == 2


def test_labels_of_other_answers_are_left_out_and_counted(workplace: Workplace) -> None:
    write_prompts(workplace, RUBRIC, count=2)
    labels = [
        {"prompt": "p000", "endpoint": "two", "passed": True, "answer_sha256": "0" * 64},
        {"prompt": "p001", "endpoint": "two", "passed": True},
        {"prompt": "p999", "endpoint": "two", "passed": True},
    ]
    path = workplace.params / "prompts" / "demo.labels.jsonl"
    path.write_text("\n".join(map(json.dumps, labels)), encoding="utf-8")

    evidence = workplace.run(a_judged_profile(TWO), FakeClient(a_judge))

    assert evidence.judging is not None
    assert evidence.judging.calibration.labels == 1
    assert evidence.judging.calibration.left_out == 2
