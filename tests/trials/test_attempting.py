"""What a reply is taken for."""

from __future__ import annotations

import pytest

from playbook.trials.attempting import accepted_models, judge
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
    assert len(evidence.samples[0].text) == 400
