"""The stage `run_trials` with a client that answers by rule."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from playbook.errors import ArtefactError, PromptSetError
from playbook.profile import Profile
from playbook.runs import MANIFEST, Manifest, Run
from playbook.trials import TrialProgress
from playbook.trials.client import CallError
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.vocabulary import DataClass
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


def test_every_prompt_is_asked_once_of_every_endpoint(workplace: Workplace) -> None:
    profile = a_profile(an_endpoint("one"), an_endpoint("two"))
    client = FakeClient()

    evidence = workplace.run(profile, client)

    assert sorted(client.asked) == sorted(
        (name, f"question {number}") for name in ("one", "two") for number in range(10)
    )
    assert evidence.status == "complete"
    assert evidence.because == "all 20 trials of demo have a result"
    assert client.closed


def test_a_profile_without_endpoints_is_untested_and_says_why(workplace: Workplace) -> None:
    evidence = workplace.run(Profile(), FakeClient())

    assert evidence.status == "untested"
    assert evidence.because == (
        "the profile names no endpoints and no prompt_sets in its section trials"
    )
    assert not workplace.folder.exists()


def test_a_missing_prompt_set_is_named_with_the_nearest_one(workplace: Workplace) -> None:
    profile = a_profile(prompt_sets=("demmo",))

    with pytest.raises(PromptSetError, match=r"demmo.jsonl does not exist; did you mean demo\?"):
        workplace.run(profile, FakeClient())


def test_a_forbidden_prompt_never_reaches_the_client(workplace: Workplace) -> None:
    prompts = [a_prompt(0), a_prompt(1, data_class="restricted"), a_prompt(2)]
    write_prompt_set(workplace.params, prompts)
    client = FakeClient()

    evidence = workplace.run(a_profile(), client)

    assert sorted(client.asked) == [("own", "question 0"), ("own", "question 2")]
    assert evidence.status == "complete"
    own = evidence.endpoints[0]
    assert own.refused_by_gate == 1
    assert own.refusal_reasons[0].startswith("restricted data may not go to own: at most internal")
    assert own.results[0].outcomes == {"answered": 2, "refused_by_gate": 1}
    assert own.results[0].pass_rate is not None
    assert own.results[0].pass_rate.n == 2


def test_an_endpoint_without_clearance_is_sent_nothing(workplace: Workplace) -> None:
    profile, client = a_profile(an_endpoint("known"), an_endpoint("unknown")), FakeClient()
    clearance = a_clearance(a_profile(an_endpoint("known")))

    evidence = workplace.run(profile, client, clearance=clearance)

    assert {endpoint for endpoint, _question in client.asked} == {"known"}
    assert evidence.endpoints[1].refused_by_gate == 10
    assert evidence.endpoints[1].results[0].pass_rate is None


def test_every_send_and_refusal_is_in_the_audit_log(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(0), a_prompt(1, data_class="restricted")])

    workplace.run(a_profile(), FakeClient())

    lines = (workplace.folder / "audit.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["entry"]["event"] for line in lines) == ["refuse", "send"]


def test_running_again_asks_nothing_and_gives_the_same_evidence(workplace: Workplace) -> None:
    prompts = [a_prompt(number) for number in range(4)]
    write_prompt_set(workplace.params, [*prompts, a_prompt(9, data_class="confidential")])
    first = workplace.run(a_profile(), FakeClient())
    lines = (workplace.folder / LEDGER).read_text()
    again = FakeClient()

    second = workplace.run(a_profile(), again)

    assert again.asked == []
    assert second == first
    assert (workplace.folder / LEDGER).read_text() == lines


def test_a_refused_prompt_is_asked_once_its_clearance_allows_it(workplace: Workplace) -> None:
    profile, client = a_profile(), FakeClient()
    workplace.run(profile, client, clearance=a_clearance(profile, DataClass.PUBLIC))
    assert client.asked == []

    evidence = workplace.run(profile, client, clearance=a_clearance(profile))

    assert len(client.asked) == 10
    assert evidence.endpoints[0].refused_by_gate == 0


def test_a_corrected_expectation_scores_again_without_asking_again(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(0, expected="wrong")])
    before = workplace.run(a_profile(), FakeClient()).endpoints[0].results[0].pass_rate
    write_prompt_set(workplace.params, [a_prompt(0)])
    again = FakeClient()

    after = workplace.run(a_profile(), again).endpoints[0].results[0].pass_rate

    assert before is not None
    assert after is not None
    assert (before.value, after.value, again.asked) == (0.0, 1.0, [])


def test_an_answer_of_another_model_is_not_attributed_to_the_endpoint(
    workplace: Workplace,
) -> None:
    client = FakeClient(
        lambda _endpoint, request, _times: a_reply(right_answer(request), model_answered="other")
    )

    own = workplace.run(a_profile(), client).endpoints[0]

    assert own.results[0].outcomes == {"wrong_model": 10}
    assert own.results[0].pass_rate is not None
    assert own.results[0].pass_rate.value == 0
    assert own.model_answered == ()
    assert "answered as other" in read_ledger(workplace.folder / LEDGER)[0].error


def test_cut_off_and_filtered_answers_are_failures_by_intention_only(
    workplace: Workplace,
) -> None:
    reasons = {"question 0": "length", "question 1": "content_filter"}

    def rule(_endpoint: object, request: object, _times: int) -> object:
        text = right_answer(request)  # type: ignore[arg-type]
        question = text.replace("answer", "question")
        return a_reply(text, finish_reason=reasons.get(question, "stop"))

    result = workplace.run(a_profile(), FakeClient(rule)).endpoints[0].results[0]  # type: ignore[arg-type]

    assert result.outcomes == {"answered": 8, "filtered": 1, "truncated": 1}
    assert result.pass_rate is not None
    assert result.pass_rate_answered is not None
    assert (result.pass_rate.value, result.pass_rate.n) == (0.8, 10)
    assert (result.pass_rate_answered.value, result.pass_rate_answered.n) == (1.0, 8)


def test_it_works_inside_a_running_event_loop(workplace: Workplace) -> None:
    async def cell() -> str:
        await asyncio.sleep(0)
        return workplace.run(a_profile(), FakeClient()).status

    assert asyncio.run(cell()) == "complete"


def test_progress_counts_up_to_the_total(workplace: Workplace) -> None:
    seen: list[TrialProgress] = []

    workplace.run(a_profile(repeats=2), FakeClient(), progress=seen.append)

    assert [one.done for one in seen] == list(range(1, 21))
    assert {one.total for one in seen} == {20}
    assert seen[0].waiting_for == "answers of own"


def test_only_the_first_prompts_of_each_task_are_tried_when_so_asked(
    workplace: Workplace,
) -> None:
    client = FakeClient()

    evidence = workplace.run(a_profile(prompts_per_task=2), client)

    assert sorted(question for _endpoint, question in client.asked) == [
        f"question {number}" for number in range(4)
    ]
    assert [one.task for one in evidence.endpoints[0].results] == ["all", "extract", "classify"]


def test_a_key_that_is_not_accepted_stops_the_endpoint_and_leaves_it_open(
    workplace: Workplace,
) -> None:
    failing = FakeClient(lambda *_: CallError("auth", "HTTP 401", retry=False))
    profile = a_profile(an_endpoint(api_key_variable="SOME_KEY"), concurrency=1)

    evidence = workplace.run(profile, failing)

    assert len(failing.asked) == 1
    assert evidence.status == "partial"
    assert evidence.because == (
        "10 of 10 trials have no result: own: auth: HTTP 401; check SOME_KEY"
    )
    assert workplace.run(profile, FakeClient()).status == "complete"


def test_the_day_and_the_hash_of_the_prompts_are_on_the_evidence(workplace: Workplace) -> None:
    evidence = workplace.run(a_profile(), FakeClient())

    assert evidence.as_of == AS_OF
    assert len(evidence.prompt_sets["demo"]) == 64


def test_a_run_whose_audit_log_was_removed_is_not_gone_on_with(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(0)])
    kept = {"team": "acme", "started": datetime(2026, 11, 23, tzinfo=UTC), "as_of": "2026-11-23"}
    workplace.folder.mkdir(exist_ok=True)
    Run(workplace.folder).write(MANIFEST, Manifest.model_validate(kept | {"audit_head": "a" * 64}))
    client = FakeClient()

    with pytest.raises(ArtefactError, match="was removed, and the manifest keeps its head"):
        workplace.run(a_profile(), client)

    assert client.asked == []
