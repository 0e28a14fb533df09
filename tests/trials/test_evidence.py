"""Evidence is a pure function of profile, prompts and attempts."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from playbook.profile import Endpoint, Profile
from playbook.provenance import Provenance
from playbook.trials import Evidence, evidence_of, load_prompt_set, make_evidence
from playbook.trials.client import CallError, Reply, Request
from playbook.trials.ledger import LEDGER, read_ledger
from tests.trials.conftest import (
    AS_OF,
    FakeClient,
    Workplace,
    a_clearance,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    right_answer,
    write_prompt_set,
)


def partly_right(_endpoint: Endpoint, request: Request, _times: int) -> Reply:
    number = int(request.messages[-1].content.split()[1])
    return a_reply(right_answer(request) if number >= 3 else "wrong")


def again(place: Workplace, profile: Profile, shuffled: random.Random) -> Evidence:
    attempts = list(read_ledger(place.folder / LEDGER))
    by_trial = {one.run_key: [] for one in attempts}
    for one in attempts:
        by_trial[one.run_key].append(one)
    keys = list(by_trial)
    shuffled.shuffle(keys)
    lines = [one for key in keys for one in by_trial[key]]
    sets = [load_prompt_set(place.params / "prompts" / "demo.jsonl")]
    return make_evidence(profile, sets, lines, as_of=AS_OF)


def test_the_order_of_the_ledger_does_not_matter(workplace: Workplace) -> None:
    profile = a_profile(an_endpoint("one"), an_endpoint("two"), repeats=2)
    first = workplace.run(profile, FakeClient(partly_right))

    assert again(workplace, profile, random.Random(3)) == first  # noqa: S311  an order


def test_answers_keep_the_day_on_which_they_were_given(workplace: Workplace) -> None:
    profile = a_profile()
    first = workplace.run(profile, FakeClient())

    later = workplace.run(profile, FakeClient(), as_of=date(2027, 11, 23))

    assert first.endpoints[0].answered_since == AS_OF
    assert later.as_of == date(2027, 11, 23)
    assert later.endpoints[0].answered_since == AS_OF


def test_evidence_can_be_read_from_a_run_folder_without_asking_anybody(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = a_profile()
    first = workplace.run(profile, FakeClient(partly_right))
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(workplace.params))

    assert evidence_of(profile, folder=workplace.folder, as_of=AS_OF) == first


def test_an_empty_ledger_is_partial_and_not_a_failure(workplace: Workplace) -> None:
    sets = [load_prompt_set(workplace.params / "prompts" / "demo.jsonl")]

    evidence = make_evidence(a_profile(), sets, [], as_of=AS_OF)

    assert evidence.status == "partial"
    assert evidence.because == (
        "10 of 10 trials have no result: the run was interrupted; run it again to go on"
    )
    assert evidence.endpoints[0].results[0].pass_rate is None
    assert evidence.endpoints[0].provenance is Provenance.ASSUMED


def test_rates_are_given_for_all_and_by_task(workplace: Workplace) -> None:
    own = workplace.run(a_profile(), FakeClient(partly_right)).endpoints[0]

    rates = {one.task: one.pass_rate for one in own.results}
    assert list(rates) == ["all", "extract", "classify"]
    assert [rate.value for rate in rates.values() if rate] == pytest.approx([0.7, 0.6, 0.8])
    assert all(rate.method.startswith("Wilson") for rate in rates.values() if rate)
    assert own.provenance is Provenance.MEASURED


def test_repeats_are_averaged_by_prompt_and_not_counted_as_prompts(workplace: Workplace) -> None:
    def every_other_time(_endpoint: Endpoint, request: Request, times: int) -> Reply:
        return a_reply(right_answer(request) if times % 2 else "wrong")

    result = workplace.run(a_profile(repeats=4), FakeClient(every_other_time)).endpoints[0]

    rate = result.results[0].pass_rate
    assert rate is not None
    assert (rate.value, rate.n) == (0.5, 10)
    assert result.results[0].outcomes == {"answered": 40}


def test_cost_is_by_the_endpoints_own_price_and_shared_by_successes(workplace: Workplace) -> None:
    """100 tokens in at 1 USD, 10 out at 5 USD a million: 0.00015 USD a call, 7 of 10 passed."""
    priced = an_endpoint(input_usd_per_million_tokens=1, output_usd_per_million_tokens=5)

    evidence = workplace.run(a_profile(priced), FakeClient(partly_right))

    own = evidence.endpoints[0]
    assert own.cost_usd == evidence.cost_usd == pytest.approx(0.0015)
    assert own.usd_per_success == pytest.approx(0.0015 / 7)
    assert (own.mean_input_tokens, own.mean_output_tokens) == (100, 10)


def test_an_own_endpoint_without_a_price_has_no_cost(workplace: Workplace) -> None:
    own = workplace.run(a_profile(), FakeClient()).endpoints[0]

    assert own.cost_usd is None
    assert own.usd_per_success is None


def test_speed_counts_the_tokens_after_the_first(workplace: Workplace) -> None:
    """10 tokens, the first after 0.1 s, the last after 0.4 s: 9 tokens in 0.3 s."""
    own = workplace.run(a_profile(), FakeClient()).endpoints[0]

    assert own.output_tokens_per_second is not None
    assert own.output_tokens_per_second.value == pytest.approx(30)
    assert own.first_token_p50_s is not None
    assert own.first_token_p50_s.value == pytest.approx(0.1)


def test_labels_of_the_endpoint_stay_on_its_evidence(workplace: Workplace) -> None:
    stand_in = an_endpoint(
        "api", embedded="demo-base", litellm_model="", stand_in=True, title="API"
    )
    client = FakeClient(
        lambda _endpoint, request, _times: a_reply(
            right_answer(request), model_answered="demo-base"
        )
    )

    one = workplace.run(a_profile(stand_in), client).endpoints[0]

    assert (one.title, one.stand_in, one.demonstration, one.recorded) == ("API", True, True, False)
    assert one.model_answered == ("demo-base",)


def test_replayed_answers_are_marked_as_recorded(workplace: Workplace) -> None:
    client = FakeClient()
    client.recorded = True  # type: ignore[attr-defined]

    evidence = workplace.run(a_profile(), client)

    assert evidence.endpoints[0].recorded
    assert all(one.recorded for one in read_ledger(workplace.folder / LEDGER))


def test_endpoints_are_compared_on_the_prompts_that_both_were_sent(workplace: Workplace) -> None:
    prompts = [a_prompt(number, group="") for number in range(30)]
    restricted = [a_prompt(number, data_class="restricted") for number in range(30, 35)]
    write_prompt_set(workplace.params, [*prompts, *restricted])
    profile = a_profile(an_endpoint("good"), an_endpoint("bad"))
    clearance = a_clearance(profile, good="restricted")  # type: ignore[arg-type]

    def rule(endpoint: Endpoint, request: Request, _times: int) -> Reply:
        return a_reply(right_answer(request) if endpoint.id == "good" else "wrong")

    found = workplace.run(profile, FakeClient(rule), clearance=clearance).comparisons

    only = [one for one in found if one.metric == "pass rate" and one.task == "all"]
    assert len(only) == 1
    assert (only[0].first, only[0].second, only[0].n) == ("good", "bad", 30)
    assert (only[0].only_first_passed, only[0].only_second_passed) == (30, 0)
    assert only[0].verdict == "first better"
    assert only[0].difference.value == 1


def test_a_shown_prompt_has_what_was_asked_and_expected_and_the_answer(
    workplace: Workplace,
) -> None:
    first = workplace.run(a_profile(), FakeClient(partly_right)).samples[0]

    assert (first.prompt, first.asked, first.expected) == ("p000", "question 0", "answer 0")
    assert [(one.endpoint, one.text, one.passed) for one in first.answers] == [
        ("own", "wrong", False)
    ]


def test_confidential_prompts_and_their_answers_are_not_in_the_samples(
    workplace: Workplace,
) -> None:
    write_prompt_set(
        workplace.params, [a_prompt(1), a_prompt(2, data_class="confidential", task="classify")]
    )
    profile = a_profile()
    clearance = a_clearance(profile, own="restricted")  # type: ignore[arg-type]

    evidence = workplace.run(profile, FakeClient(partly_right), clearance=clearance)

    assert [one.prompt for one in evidence.samples] == ["p001"]
    assert "question 2" not in evidence.model_dump_json()


def test_attempts_that_came_to_nothing_are_counted_and_not_priced(workplace: Workplace) -> None:
    def rule(_endpoint: Endpoint, request: Request, times: int) -> Reply | Exception:
        first = times == 1
        return CallError("server", "", retry=True) if first else a_reply(right_answer(request))

    evidence = workplace.run(a_profile(), FakeClient(rule))

    assert evidence.attempts == 20
    assert evidence.endpoints[0].results[0].outcomes == {"answered": 10}


def test_prompts_without_scorers_have_no_pass_rate(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(1, scorers=[])])

    evidence = workplace.run(a_profile(), FakeClient())

    assert evidence.endpoints[0].results[0].pass_rate is None
    assert evidence.samples[0].answers[0].passed is None


def test_what_is_left_out_is_said(workplace: Workplace) -> None:
    said = " ".join(workplace.run(a_profile(), FakeClient()).not_considered)

    assert "no person and no judge model" in said
    assert "each prompt was sent once" in said


def test_endpoints_that_a_sweep_was_asked_for_and_left_out_are_named(workplace: Workplace) -> None:
    profile = a_profile(an_endpoint("bare"), load_rates=[2])

    said = workplace.run(profile, FakeClient()).not_considered

    assert any(line.startswith("not measured under load: bare: ") for line in said)


def test_the_tests_leave_no_ledger_in_the_project() -> None:
    assert not (Path.cwd() / LEDGER).exists()


def test_answers_that_no_scorer_could_judge_are_neither_passed_nor_failed(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAYBOOK_ALLOW_CODE_EXECUTION", raising=False)
    sure = [a_prompt(number) for number in range(8)]
    unsure = [a_prompt(number, scorers=["code"]) for number in (8, 9)]
    write_prompt_set(workplace.params, [*sure, *unsure])

    evidence = workplace.run(a_profile(an_endpoint("one"), an_endpoint("two")), FakeClient())

    every = evidence.endpoints[0].results[0]
    assert every.not_scored == 2
    assert every.pass_rate is not None
    assert (every.pass_rate.value, every.pass_rate.n) == (1, 8)
    assert every.pass_rate.low < 0.8 < every.pass_rate.high == 1
    assert "2 not scored: from all failed to all passed" in every.pass_rate.method
    assert evidence.comparisons[0].n == 8
    assert any("4 answers are not scored" in line for line in evidence.not_considered)


def test_where_nothing_could_be_scored_there_is_no_rate(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAYBOOK_ALLOW_CODE_EXECUTION", raising=False)
    write_prompt_set(workplace.params, [a_prompt(1, scorers=["code"])])

    evidence = workplace.run(a_profile(), FakeClient())

    assert evidence.endpoints[0].results[0].pass_rate is None
    assert evidence.endpoints[0].usd_per_success is None
