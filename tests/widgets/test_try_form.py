"""The form that tries one prompt on all endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from playbook.errors import EngineError
from playbook.profile import Endpoint
from playbook.trials.client import ToolCall
from playbook.trials.records import Attempt
from playbook.trials.trying import Question
from playbook.vocabulary import DataClass
from playbook.widgets.answer_cards import cards
from playbook.widgets.try_form import NOT_LABELLED, TryForm
from tests.trials.conftest import a_clearance, a_profile, an_endpoint
from tests.widgets.builders import HOSTILE

PROFILE = a_profile(an_endpoint("one", title="Server one"), an_endpoint("two"))


def a_line(endpoint: str = "one", **changes: object) -> Attempt:
    values: dict[str, object] = {
        "run_key": "k", "prompt_set": "by-hand", "prompt": "tried", "task": "tried", "group": "g",
        "data_class": "internal", "endpoint": endpoint, "repeat": 0, "attempt": 1, "final": True,
        "outcome": "answered", "text": "an answer", "at": datetime(2026, 11, 23, tzinfo=UTC),
    }  # fmt: skip
    return Attempt.model_validate(values | changes)


class Asked:
    def __init__(self, error: Exception | None = None) -> None:
        self.seen: list[tuple[Question, tuple[str, ...]]] = []
        self.error = error

    def __call__(self, question: Question, endpoints: Sequence[Endpoint]) -> list[Attempt]:
        self.seen.append((question, tuple(one.id for one in endpoints)))
        if self.error:
            raise self.error
        return [a_line(one.id, text=f"from {one.id}") for one in endpoints]


def a_form(asked: Asked, *, usd: float = 0.0, **limits: DataClass | None) -> TryForm:
    clearance = a_clearance(PROFILE, **limits)
    return TryForm(
        PROFILE.trials.endpoints, clearance, ask=asked, most_usd=lambda _question, _ends: usd
    )


def test_it_asks_the_ticked_endpoints_and_shows_their_answers() -> None:
    asked = Asked()
    form = a_form(asked)
    form.text.value = " hello "
    form.label.value = "internal"

    form.button.click()

    ((question, endpoints),) = asked.seen
    assert (question.text, question.label.data_class) == ("hello", DataClass.INTERNAL)
    assert endpoints == ("one", "two")
    assert "from one" in form.answers.value
    assert "from two" in form.answers.value
    assert not form.button.disabled


def test_no_label_is_preset_and_none_counts_as_restricted() -> None:
    form = a_form(Asked())

    assert form.label.label == NOT_LABELLED
    assert form.question.label.data_class is DataClass.RESTRICTED


def test_an_endpoint_that_may_receive_nothing_is_shown_and_not_ticked() -> None:
    asked = Asked()
    form = a_form(asked, two=None)
    form.text.value = "hello"

    form.send()

    assert "may receive nothing" in form.chosen["two"].description
    assert asked.seen[0][1] == ("one",)


def test_an_empty_prompt_is_not_sent() -> None:
    asked = Asked()
    form = a_form(asked)

    form.send()

    assert asked.seen == []
    assert form.said.text == "write a prompt first"


def test_the_cost_is_told_before_it_is_sent() -> None:
    form = a_form(Asked(), usd=0.125)

    form.text.value = "hello"

    assert form.said.text == "could cost at most $0.12"


def test_a_failure_is_told_and_the_button_comes_back() -> None:
    form = a_form(Asked(EngineError("no engine here")))
    form.text.value = "hello"

    form.send()

    assert "no engine here" in form.said.text
    assert not form.button.disabled


@pytest.mark.parametrize("field", ["text", "error", "model_answered"])
def test_hostile_text_is_shown_as_text(field: str) -> None:
    line = a_line(**{field: HOSTILE})

    page = cards([line], {})

    assert "<img" not in page
    assert "&lt;img" in page


def test_a_card_says_which_model_answered_and_for_what() -> None:
    line = a_line(
        model_answered="model-x", total_s=0.412, input_tokens=12, output_tokens=3, cost_usd=0.002,
        tool_calls=(ToolCall("find", '{"id": 1}'),),
    )  # fmt: skip

    page = cards([line], {one.id: one for one in PROFILE.trials.endpoints})

    assert "Server one" in page
    assert "calls find({&#34;id&#34;: 1})" in page
    assert "model-x · 0.41 s · 12 tokens in, 3 out · $0.002" in page


def test_a_demonstration_model_and_a_stand_in_are_named_so() -> None:
    shown = an_endpoint("one", litellm_model="", embedded="demo-base", stand_in=True)

    page = cards([a_line()], {"one": shown})

    assert "(stand-in, demonstration model)" in page


def test_a_cost_too_small_to_read_is_told_as_small() -> None:
    assert "under $0.001" in cards([a_line(cost_usd=4.8e-5)], {})
