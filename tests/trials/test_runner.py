"""The runner under faults: retries, deadlines, money, concurrency; each trial settled once."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Literal
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook.errors import TrialError
from playbook.profile import Endpoint
from playbook.trials.client import CallError, Reply, Request
from playbook.trials.ledger import LEDGER, Ledger, read_ledger
from playbook.trials.records import Attempt
from playbook.vocabulary import DataClass
from tests.trials.conftest import (
    FakeClient,
    FakeTime,
    Rule,
    Workplace,
    a_clearance,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    right_answer,
    write_prompt_set,
)

FAULTS: dict[str, CallError] = {
    "429": CallError("rate_limit", "HTTP 429", retry=True, retry_after_s=7.0),
    "500": CallError("server", "HTTP 500", retry=True),
    "drop": CallError("connection", "reset", retry=True),
    "broken JSON": CallError("server", "not JSON", retry=True),
    "slow body": CallError("timeout", "no full reply within 1 s", retry=True),
}
PRICED = {"input_usd_per_million_tokens": 0, "output_usd_per_million_tokens": 1_000}


def failing_first(fault: Exception, times: int = 1) -> Rule:
    def rule(_endpoint: Endpoint, request: Request, asked: int) -> Reply | Exception:
        return fault if asked <= times else a_reply(right_answer(request))

    return rule


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_passes_costs_an_attempt_and_not_the_answer(
    workplace: Workplace, name: str
) -> None:
    evidence = workplace.run(a_profile(), FakeClient(failing_first(FAULTS[name])))

    own = evidence.endpoints[0]
    assert own.results[0].outcomes == {"answered": 10}
    assert evidence.attempts == 20


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_stays_is_the_result_after_the_last_attempt(
    workplace: Workplace, name: str
) -> None:
    write_prompt_set(workplace.params, [a_prompt(0)])
    client = FakeClient(failing_first(FAULTS[name], times=99))

    own = workplace.run(a_profile(attempts=3), client).endpoints[0]

    assert len(client.asked) == 3
    outcome = "timeout" if name == "slow body" else "error"
    assert own.results[0].outcomes == {outcome: 1}
    assert own.results[0].pass_rate is not None
    assert own.results[0].pass_rate_answered is None
    tries = read_ledger(workplace.folder / LEDGER)
    assert [(one.attempt, one.final) for one in tries] == [(1, False), (2, False), (3, True)]


@pytest.mark.parametrize("kind", ["auth", "bad_request", "other"])
def test_what_would_fail_again_is_not_tried_again(workplace: Workplace, kind: str) -> None:
    write_prompt_set(workplace.params, [a_prompt(0)])
    error = CallError(kind, "no", retry=False)  # type: ignore[arg-type]
    client = FakeClient(lambda *_: error)

    workplace.run(a_profile(), client)

    assert len(client.asked) == 1


def test_retry_after_is_waited_for(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(0)])
    time = FakeTime()

    workplace.run(a_profile(), FakeClient(failing_first(FAULTS["429"])), timing=time.timing())

    assert time.seconds >= 7.0


def test_an_endpoint_that_asks_for_an_hour_is_given_up_and_its_prompts_stay_open(
    workplace: Workplace,
) -> None:
    quota = CallError("rate_limit", "HTTP 429: quota", retry=True, retry_after_s=3_600)
    time, client = FakeTime(), FakeClient(lambda *_: quota)

    evidence = workplace.run(a_profile(concurrency=4), client, timing=time.timing())

    assert len(client.asked) == 1
    assert time.seconds < 60
    assert evidence.because == (
        "10 of 10 trials have no result: own: it asks to wait 3600 s (rate_limit: HTTP 429: quota)"
    )
    assert workplace.run(a_profile(), FakeClient()).status == "complete"


def test_a_connection_that_breaks_past_the_client_is_tried_again(workplace: Workplace) -> None:
    client = FakeClient(failing_first(ConnectionResetError("peer")))

    evidence = workplace.run(a_profile(), client)

    assert evidence.endpoints[0].results[0].outcomes == {"answered": 10}
    assert evidence.attempts == 20


def test_an_endpoint_that_is_down_for_a_while_is_waited_for(workplace: Workplace) -> None:
    """It answers 3 prompts, is down for 20 s, and comes back: the circuit opens and closes."""
    time, answered = FakeTime(), []

    def rule(_endpoint: Endpoint, request: Request, _times: int) -> Reply | Exception:
        if len(answered) >= 3 and time.seconds < 20:
            return FAULTS["drop"]
        answered.append(request)
        return a_reply(right_answer(request))

    profile = a_profile(concurrency=1, attempts=10)
    evidence = workplace.run(profile, FakeClient(rule), timing=time.timing())

    (rates,) = evidence.rates
    assert evidence.endpoints[0].results[0].outcomes == {"answered": 10}
    assert 1 <= rates.breaker_openings <= 4
    assert rates.failures["connection"] <= 12


def test_what_another_endpoint_does_stops_nobody(workplace: Workplace) -> None:
    def rule(endpoint: Endpoint, request: Request, _times: int) -> Reply | Exception:
        down = endpoint.id == "down"
        return FAULTS["500"] if down else a_reply(right_answer(request))

    profile = a_profile(an_endpoint("down"), an_endpoint("up"))
    evidence = workplace.run(profile, FakeClient(rule))

    down, up = evidence.endpoints
    assert up.results[0].outcomes == {"answered": 10}
    assert "answered" not in down.results[0].outcomes
    assert "down: 8 calls in a row failed" in evidence.because


def test_the_cap_holds_with_many_calls_in_flight_and_over_a_resume(workplace: Workplace) -> None:
    """At most 0.016 USD a call, 0.010 paid: no moment may have more reserved and spent than 0.1."""
    write_prompt_set(workplace.params, [a_prompt(number) for number in range(60)])
    priced = a_profile(an_endpoint(**PRICED), money_cap_usd=0.1, concurrency=16)

    first = workplace.run(priced, FakeClient())
    second = workplace.run(priced, FakeClient())

    assert first.cost_usd <= 0.1
    assert first.cost_usd > 0.1 - 0.016 - 0.010
    assert second.cost_usd == first.cost_usd
    assert "money cap" in second.because


def test_a_client_that_never_answers_is_cut_off_at_the_deadline(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(0)])
    profile = a_profile(deadline_s=0.05, attempts=2)
    timing = FakeTime().timing(backstop_s=0.0)

    evidence = workplace.run(profile, FakeClient(lambda *_: 60.0), timing=timing)

    assert evidence.endpoints[0].results[0].outcomes == {"timeout": 1}
    errors = {one.error for one in read_ledger(workplace.folder / LEDGER)}
    assert errors == {"timeout: no full answer within 0.05 s"}


def test_a_bug_in_a_client_ends_one_trial_and_not_the_run(workplace: Workplace) -> None:
    def rule(_endpoint: Endpoint, request: Request, _times: int) -> Reply | Exception:
        if request.messages[-1].content == "question 3":
            return RuntimeError("secret inside")
        return a_reply(right_answer(request))

    evidence = workplace.run(a_profile(), FakeClient(rule))

    assert evidence.endpoints[0].results[0].outcomes == {"answered": 9}
    assert evidence.status == "partial"
    assert "secret" not in (workplace.folder / LEDGER).read_text()


def test_an_endpoint_that_only_fails_is_given_up(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(number) for number in range(40)])
    client = FakeClient(lambda *_: FAULTS["drop"])

    evidence = workplace.run(a_profile(concurrency=1, attempts=2), client)

    assert len(client.asked) == 10
    assert evidence.status == "partial"
    assert evidence.because == (
        "35 of 40 trials have no result: own: 8 calls in a row failed, and so did one after each "
        "wait of 2 s, 4 s (connection: reset)"
    )


def test_keys_in_an_error_do_not_reach_the_ledger(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", "hunter2-very-secret")
    error = CallError("bad_request", "hunter2-very-secret and sk-abcdefgh12345", retry=False)
    endpoint = an_endpoint(api_key_variable="SOME_KEY")

    workplace.run(a_profile(endpoint), FakeClient(lambda *_: error))

    written = (workplace.folder / LEDGER).read_text()
    assert "hunter2" not in written
    assert "sk-abc" not in written
    assert "bad_request: " in written


def test_no_more_calls_are_in_flight_than_allowed(workplace: Workplace) -> None:
    client = FakeClient()

    workplace.run(a_profile(concurrency=3), client)

    assert 1 <= client.most_in_flight <= 3


def test_the_money_cap_stops_before_it_could_be_passed(workplace: Workplace) -> None:
    """16 tokens at most a call at 1,000 USD a million: 0.016 USD; 10 came, so 0.010 is paid."""
    profile = a_profile(an_endpoint(**PRICED), money_cap_usd=0.05, concurrency=4)
    client = FakeClient()

    evidence = workplace.run(profile, client)

    assert len(client.asked) == 4  # 0.030 paid after 3: a 4th fits, after it a 5th would not
    assert evidence.cost_usd == pytest.approx(0.04)
    assert evidence.status == "partial"
    assert "would pass the money cap of 0.05 USD (0.0400 spent)" in evidence.because


def test_a_raised_cap_goes_on_where_the_run_stopped(workplace: Workplace) -> None:
    client = FakeClient()
    workplace.run(a_profile(an_endpoint(**PRICED), money_cap_usd=0.05), client)

    evidence = workplace.run(a_profile(an_endpoint(**PRICED), money_cap_usd=1), client)

    assert Counter(client.asked).most_common(1)[0][1] == 1
    assert evidence.status == "complete"
    assert evidence.cost_usd == pytest.approx(0.1)


def test_calls_that_may_be_billed_count_their_worst_case(workplace: Workplace) -> None:
    profile = a_profile(an_endpoint(**PRICED), money_cap_usd=0.05, attempts=10, concurrency=1)
    client = FakeClient(lambda *_: FAULTS["drop"])

    evidence = workplace.run(profile, client)

    assert len(client.asked) == 3  # 3 x 0.016 = 0.048
    assert evidence.cost_usd == 0
    assert "3 attempts told no cost" in " ".join(evidence.not_considered)


def test_an_api_without_a_price_is_not_asked_since_the_cap_could_not_be_kept(
    workplace: Workplace,
) -> None:
    client = FakeClient()

    evidence = workplace.run(a_profile(an_endpoint(operator="third_party")), client)

    assert client.asked == []
    assert "no price is known" in evidence.because


def test_requests_a_minute_are_kept_by_waiting(workplace: Workplace) -> None:
    time = FakeTime()

    workplace.run(a_profile(an_endpoint(rpm=60)), FakeClient(), timing=time.timing())

    assert time.seconds == pytest.approx(9 / 0.975, abs=0.1)  # 10 calls, a second apart


def test_a_server_that_serves_another_model_is_not_sent_any_prompt(workplace: Workplace) -> None:
    class Listing(FakeClient):
        async def check_model(self, endpoint: Endpoint) -> None:
            await asyncio.sleep(0)
            raise TrialError(f"endpoint {endpoint.id}: serves b, not a")

    client = Listing()

    evidence = workplace.run(a_profile(), client)

    assert client.asked == []
    assert evidence.because == "10 of 10 trials have no result: endpoint own: serves b, not a"


def test_a_server_without_a_list_of_models_is_tried_all_the_same(workplace: Workplace) -> None:
    class Listing(FakeClient):
        checks = 0

        async def check_model(self, endpoint: Endpoint) -> None:
            del endpoint
            self.checks += 1
            await asyncio.sleep(0)
            raise CallError("server", "HTTP 404", retry=False)

    client = Listing()

    assert workplace.run(a_profile(), client).status == "complete"
    assert client.checks == 1


def test_bad_requests_give_an_endpoint_up_only_where_it_never_answered(
    workplace: Workplace,
) -> None:
    refused = CallError("bad_request", "HTTP 404: no such model", retry=False)

    def after_the_first(_endpoint: Endpoint, request: Request, _times: int) -> Reply | Exception:
        first = request.messages[-1].content == "question 0"
        return a_reply(right_answer(request)) if first else refused

    never = workplace.run(a_profile(concurrency=1), FakeClient(lambda *_: refused))
    once = workplace.run(
        a_profile(concurrency=1),
        FakeClient(after_the_first),
        folder=workplace.root / "other",
    )

    assert "5 prompts in a row failed (bad_request: HTTP 404" in never.because
    assert once.endpoints[0].results[0].outcomes == {"answered": 1, "error": 9}


@pytest.mark.parametrize("kind", ["auth", "server"])
def test_a_server_that_repeats_a_restricted_prompt_does_not_get_it_into_the_evidence(
    workplace: Workplace, kind: Literal["auth", "server"]
) -> None:
    write_prompt_set(
        workplace.params, [a_prompt(one) for one in range(10)], data_class="restricted"
    )
    profile = a_profile(attempts=1, concurrency=1)

    def repeating(_endpoint: Endpoint, request: Request, _times: int) -> Reply | Exception:
        return CallError(kind, f"HTTP 500: you asked {request.messages[-1].content}", retry=False)

    evidence = workplace.run(
        profile,
        FakeClient(repeating),
        clearance=a_clearance(profile, DataClass.RESTRICTED),
    )

    assert f"{kind}: HTTP 500; the ledger has the words" in evidence.because
    assert "question" not in evidence.model_dump_json()
    assert "you asked question" in (workplace.folder / LEDGER).read_text()


def test_the_first_call_of_an_endpoint_is_made_alone(workplace: Workplace) -> None:
    in_flight: list[int] = []
    client = FakeClient()

    def slow(_endpoint: Endpoint, _request: Request, _times: int) -> float:
        in_flight.append(client.in_flight)
        return 0.2

    client.rule = slow
    workplace.run(a_profile(concurrency=4), client)

    assert len(client.asked) == 10
    assert in_flight[0] == 1
    assert client.most_in_flight > 1


fault_plans = st.dictionaries(
    st.tuples(st.sampled_from(["one", "two"]), st.integers(0, 7)),
    st.lists(st.sampled_from(sorted(FAULTS)), max_size=2),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(faults=fault_plans, concurrency=st.integers(1, 9), repeats=st.integers(1, 2))
def test_whatever_fails_each_prompt_endpoint_and_repeat_has_one_result(
    faults: dict[tuple[str, int], list[str]], concurrency: int, repeats: int
) -> None:
    def rule(endpoint: Endpoint, request: Request, asked: int) -> Reply | Exception:
        number = int(request.messages[-1].content.split()[1])
        planned = faults.get((endpoint.id, number), [])
        return FAULTS[planned[asked - 1]] if asked <= len(planned) else a_reply("x")

    with tempfile.TemporaryDirectory() as root:
        place = Workplace(Path(root))
        write_prompt_set(place.params, [a_prompt(number) for number in range(8)])
        profile = a_profile(
            an_endpoint("one"), an_endpoint("two"), concurrency=concurrency, repeats=repeats
        )
        client = FakeClient(rule)

        evidence = place.run(profile, client)
        attempts = read_ledger(place.folder / LEDGER)

    finals = Counter((one.endpoint, one.prompt, one.repeat) for one in attempts if one.final)
    assert set(finals.values()) == {1}
    assert len(finals) == 2 * 8 * repeats
    assert len(attempts) == len(client.asked) == evidence.attempts
    assert evidence.status == "complete"


def test_the_params_folder_of_the_tests_is_not_left_behind() -> None:
    assert "PLAYBOOK_PARAMS_DIR" not in os.environ


def test_a_full_disk_ends_the_run_with_that_error_and_no_group_of_errors(
    workplace: Workplace,
) -> None:
    async def write(ledger: Ledger, attempt: Attempt) -> None:
        if len(ledger.attempts()) > 2:
            raise OSError(errno.ENOSPC, "No space left on device", "trials.jsonl")
        ledger.append(attempt)

    with (
        mock.patch.object(Ledger, "write", write),
        pytest.raises(OSError, match="No space left on device"),
    ):
        workplace.run(a_profile(concurrency=4), FakeClient())
