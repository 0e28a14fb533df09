"""Parity: verdicts of the same weights, against the noise of asking one endpoint twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playbook.profile import Endpoint, Profile
from playbook.trials.client import CallError, Reply, Request
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.parity_records import ParityResult
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

Wrong = Callable[[str, int, int], bool]
"""Whether an endpoint is wrong, by its id, the prompt's number and how often it was asked."""


def a_pair(*, first: Endpoint | None = None, **parity: object) -> Profile:
    endpoints = (first or an_endpoint("api"), an_endpoint("own", precision="fp8"))
    return a_profile(*endpoints, parity=[{"first": "api", "second": "own"} | parity])


def compared(
    place: Workplace,
    wrong: Wrong,
    *,
    prompts: int = 100,
    profile: Profile | None = None,
    said: Callable[[str, str], str] = lambda _endpoint, text: text,
    **prompt: object,
) -> ParityResult:
    rows = [a_prompt(number, **({"group": ""} | prompt)) for number in range(prompts)]
    write_prompt_set(place.params, rows)

    def rule(endpoint: Endpoint, request: Request, times: int) -> Reply:
        number = int(request.messages[-1].content.split()[1])
        text = f"wrong {times}" if wrong(endpoint.id, number, times) else right_answer(request)
        return a_reply(said(endpoint.id, text))

    (found,) = place.run(profile or a_pair(), FakeClient(rule)).parity
    return found


def never(_endpoint: str, _number: int, _times: int) -> bool:
    return False


def test_endpoints_that_pass_the_same_prompts_are_equivalent(workplace: Workplace) -> None:
    found = compared(workplace, never)

    assert (found.verdict, found.n, found.margin) == ("equivalent", 100, 0.05)
    assert found.p_equivalent is not None
    assert found.p_equivalent < 0.025
    assert found.because[0].startswith("pass rates differ by +0.0 points (-3.7 to +3.7), within")


def test_an_endpoint_that_fails_a_fifth_more_is_not_equivalent(workplace: Workplace) -> None:
    found = compared(workplace, lambda endpoint, number, _: endpoint == "own" and number % 5 == 0)

    assert found.verdict == "not equivalent"
    assert found.difference is not None
    assert found.difference.value == pytest.approx(-0.2)
    assert found.agreement is not None
    assert found.agreement.differs_beyond_noise


def test_a_few_prompts_settle_nothing_and_say_how_many_would(workplace: Workplace) -> None:
    found = compared(workplace, never, prompts=20)

    assert found.verdict == "inconclusive"
    assert found.needed is not None
    assert 73 <= found.needed < 400


def test_the_margin_of_the_pair_goes_before_that_of_all_trials(workplace: Workplace) -> None:
    found = compared(workplace, never, prompts=20, profile=a_pair(margin=0.2))

    assert (found.verdict, found.margin) == ("equivalent", 0.2)


def test_the_first_endpoint_alone_is_asked_once_more(workplace: Workplace) -> None:
    compared(workplace, never, prompts=10)

    again = [one for one in read_ledger(workplace.folder / LEDGER) if one.purpose == "again"]
    assert {one.endpoint for one in again} == {"api"}
    assert len(again) == 10


def test_asking_again_resumes_and_counts_in_no_pass_rate(workplace: Workplace) -> None:
    """A second run of the folder asks nothing; 10 prompts stay 10."""
    write_prompt_set(workplace.params, [a_prompt(number) for number in range(10)])
    first, second = FakeClient(), FakeClient()

    workplace.run(a_pair(), first)
    evidence = workplace.run(a_pair(), second)

    assert (len(first.asked), len(second.asked)) == (30, 0)
    assert all(one.results[0].outcomes == {"answered": 10} for one in evidence.endpoints)


def test_differences_that_asking_twice_shows_too_are_noise(workplace: Workplace) -> None:
    """Half of all answers vary each time they are asked for, wherever they are asked."""

    def varies(endpoint: str, number: int, times: int) -> bool:
        del endpoint
        return number % 2 == 0 and times > 1

    found = compared(workplace, varies).agreement

    assert found is not None
    assert (found.alike.value, found.alike_of_itself.value) == (1, 0.5)
    assert not found.differs_beyond_noise


def test_another_case_is_alike_and_not_the_same_text(workplace: Workplace) -> None:
    found = compared(
        workplace, never, said=lambda endpoint, text: text.upper() if endpoint == "own" else text,
        scorers=["normalised"],
    )  # fmt: skip

    assert found.agreement is not None
    assert (found.agreement.same_text.value, found.agreement.alike.value) == (0, 1)
    assert found.agreement.same_text_of_itself.value == 1


def test_without_scored_prompts_the_answers_decide(workplace: Workplace) -> None:
    same = compared(workplace, never, scorers=[])

    assert same.difference is None
    assert same.verdict == "equivalent"
    assert "no scored prompt is shared" in same.because[0]


def test_unscored_answers_that_differ_beyond_noise_are_not_equivalent(
    workplace: Workplace,
) -> None:
    found = compared(workplace, lambda endpoint, *_: endpoint == "own", scorers=[])

    assert found.verdict == "not equivalent"


def test_what_was_pinned_and_what_is_unknown_is_told(workplace: Workplace) -> None:
    found = compared(workplace, never, prompts=10)

    states = {one.name: one.state for one in found.settings}
    assert states["temperature"] == states["model that answered"] == "same"
    assert states["chat template"] == states["precision"] == states["engine"] == "unknown"
    assert any("unknown: precision, engine, GPU, chat template" in one for one in found.because)


def test_another_precision_is_told_as_different(workplace: Workplace) -> None:
    profile = a_pair(first=an_endpoint("api", precision="bf16"))

    found = compared(workplace, never, prompts=10, profile=profile)

    precision = next(one for one in found.settings if one.name == "precision")
    assert (precision.first, precision.second, precision.state) == ("bf16", "fp8", "different")


def test_how_prompts_ended_and_what_they_took_is_compared(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(number, group="") for number in range(10)])

    def rule(endpoint: Endpoint, request: Request, _times: int) -> Reply | Exception:
        number = int(request.messages[-1].content.split()[1])
        if endpoint.id == "own" and number == 0:
            return CallError("bad_request", "no", retry=False)
        own = endpoint.id == "own"
        return a_reply(right_answer(request), input_tokens=110 if own else 100, output_tokens=10)

    (found,) = workplace.run(a_pair(), FakeClient(rule)).parity

    assert found.outcomes_that_differ == {"answered and error": 1}
    assert found.same_outcome is not None
    assert found.same_outcome.value == 0.9
    assert found.input_tokens is not None
    assert found.output_tokens is not None
    assert (found.input_tokens.value, found.output_tokens.value) == (10, 0)
    assert "input tokens differ: another chat template or tokenizer is in use" in found.because


def test_an_endpoint_that_answers_nothing_leaves_parity_open(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(1, scorers=[])])
    client = FakeClient(lambda *_: CallError("bad_request", "no", retry=False))

    (found,) = workplace.run(a_pair(), client).parity

    assert (found.verdict, found.agreement) == ("inconclusive", None)
    assert found.because[0] == "no scored prompt is shared and no noise floor is known"


def test_a_profile_without_pairs_asks_nobody_again(workplace: Workplace) -> None:
    client = FakeClient()

    evidence = workplace.run(a_profile(), client)

    assert evidence.parity == ()
    assert len(client.asked) == 10


def test_a_replayed_answer_sets_no_noise_floor(workplace: Workplace) -> None:
    """A recording says the same each time it is asked, whatever its endpoint would have said."""
    client = FakeClient()
    client.recorded = True  # type: ignore[attr-defined]

    (found,) = workplace.run(a_pair(), client).parity

    assert found.agreement is None
    assert any("noise floor is unknown" in one for one in found.because)
