"""What a reply is taken for."""

from __future__ import annotations

import socket

import pytest

from playbook.trials.attempting import accepted_models, judge, usage_of
from playbook.trials.ledger import LEDGER, read_ledger
from tests.trials.conftest import (
    FakeClient,
    Workplace,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    write_prompt_set,
)


@pytest.mark.parametrize(
    ("changes", "answered", "accepted"),
    [
        ({"litellm_model": "openai/gpt-x"}, "gpt-x", True),
        ({"litellm_model": "openrouter/meta/llama"}, "meta/llama", True),
        ({"litellm_model": "openai/gpt-x"}, "gpt-x-2026-01-01", False),
        ({"litellm_model": "openai/gpt-x"}, "", False),
        ({"litellm_model": "openai/gpt-x", "expected_model": "gpt-x-1"}, "gpt-x-1", True),
        ({"litellm_model": "openai/gpt-x", "expected_model": "gpt-x-1"}, "gpt-x", False),
        ({"litellm_model": "", "embedded": "demo-base"}, "demo-base", True),
        ({"litellm_model": "", "embedded": "demo-base"}, "demo-small", False),
    ],
)
def test_only_the_model_that_was_asked_for_may_answer(
    changes: dict[str, object], answered: str, *, accepted: bool
) -> None:
    endpoint = an_endpoint(**changes)

    outcome, because = judge(endpoint, a_reply("x", model_answered=answered))

    assert (outcome == "answered") is accepted
    assert accepted or "set expected_model of own" in because
    assert (answered in accepted_models(endpoint)) is accepted


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("stop", "answered"), ("length", "truncated"), ("content_filter", "filtered")],
)
def test_the_finish_reason_tells_an_answer_from_half_of_one(reason: str, outcome: str) -> None:
    assert judge(an_endpoint(), a_reply("x", finish_reason=reason))[0] == outcome


def test_a_hostile_reply_is_written_down_and_harms_nothing(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(0)])
    reply = a_reply(
        "\ud800\x00<script>\u2028" + "x" * 300_000, input_tokens=-5, output_tokens=10**12
    )
    priced = an_endpoint(input_usd_per_million_tokens=1, output_usd_per_million_tokens=1)

    evidence = workplace.run(a_profile(priced), FakeClient(lambda *_: reply))

    written = read_ledger(workplace.folder / LEDGER)[0]
    assert written.text.startswith("?\x00<script>")
    assert len(written.text) == 200_000
    assert (written.input_tokens, written.output_tokens, written.cost_usd) == (None, None, None)
    assert written.at_most_usd is not None
    assert len(evidence.samples[0].answers[0].text) == 400


def test_a_client_that_leaves_the_guarded_connection_fails_its_trial_and_not_the_run(
    workplace: Workplace,
) -> None:
    write_prompt_set(workplace.params, [a_prompt(0), a_prompt(1)])
    careless = FakeClient(lambda *_: socket.create_connection(("127.0.0.1", 9)))  # type: ignore[arg-type,return-value]

    evidence = workplace.run(a_profile(), careless)

    assert evidence.endpoints[0].results[0].outcomes == {"error": 2}
    written = read_ledger(workplace.folder / LEDGER)
    assert {one.attempt for one in written} == {1}
    assert "127.0.0.1:9 was refused: other code opened it inside a call" in written[0].error


def test_a_reply_is_billed_by_the_counts_of_its_endpoint() -> None:
    counts = {"cached_input_tokens": 60, "cache_written_tokens": 30, "reasoning_tokens": 4}

    used = usage_of(a_reply("x", **counts))

    assert used is not None
    assert (used.input_tokens, used.output_tokens) == (100, 10)
    assert (used.cached_input_tokens, used.cache_written_tokens) == (60, 30)
    assert used.reasoning_tokens == pytest.approx(4)


def test_parts_that_exceed_their_whole_are_billed_in_full() -> None:
    counts = {"cached_input_tokens": 60, "cache_written_tokens": 50, "reasoning_tokens": 11}

    used = usage_of(a_reply("x", **counts))

    assert used is not None
    assert (used.cached_input_tokens, used.cache_written_tokens, used.reasoning_tokens) == (0, 0, 0)


def test_cached_tokens_are_written_down_and_an_own_price_bills_them_in_full(
    workplace: Workplace,
) -> None:
    """By hand: an own price has no cache discount, so 100 x 2 + 10 x 8 USD a million: 0.00028."""
    write_prompt_set(workplace.params, [a_prompt(0)])
    priced = an_endpoint(input_usd_per_million_tokens=2, output_usd_per_million_tokens=8)
    reply = a_reply("x", cached_input_tokens=60)

    workplace.run(a_profile(priced), FakeClient(lambda *_: reply))

    written = read_ledger(workplace.folder / LEDGER)[0]
    assert (written.cached_input_tokens, written.reasoning_tokens) == (60, None)
    assert written.cost_usd == pytest.approx(0.00028)
