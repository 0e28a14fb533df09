"""Self-consistency: the same prompt asked again, and what its answers have in common."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest

from playbook.profile import Endpoint
from playbook.trials import Evidence
from playbook.trials.client import CallError, Reply, Request, ToolCall
from playbook.trials.consistency import answer_key
from playbook.trials.prompt_records import Prompt
from playbook.trials.records import Attempt
from tests.trials.conftest import (
    AS_OF,
    FakeClient,
    Workplace,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    write_prompt_set,
)


def run_with(place: Workplace, *texts: str | Exception, **prompt: object) -> Evidence:
    """Return the evidence of one prompt that is asked so often and answers so."""
    said = itertools.cycle(texts)

    def rule(_endpoint: Endpoint, _request: Request, _times: int) -> Reply | Exception:
        text = next(said)
        return text if isinstance(text, Exception) else a_reply(text)

    asked = a_prompt(1, repeats=len(texts), **prompt)
    write_prompt_set(place.params, [asked, a_prompt(2)])
    return place.run(a_profile(concurrency=1), FakeClient(rule))


def test_answers_that_agree_but_for_case_and_punctuation_are_the_same(workplace: Workplace) -> None:
    [found] = run_with(workplace, "Billing.", "billing", " BILLING ").consistency[1:]

    assert (found.task, found.prompts, found.samples) == ("classify", 1, 3)
    assert found.agreement.value == found.stable.value == 1
    assert found.entropy == 0


def test_agreement_is_that_of_pairs_and_entropy_that_of_clusters(workplace: Workplace) -> None:
    """Of 4 answers three agree: 3 of 6 pairs; entropy -(3/4 ln 3/4 + 1/4 ln 1/4) / ln 4."""
    [found] = run_with(workplace, "a", "a", "a", "b").consistency[1:]

    assert found.agreement.value == pytest.approx(0.5)
    assert found.stable.value == 0
    by_hand = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25)) / math.log(4)
    assert found.entropy == pytest.approx(by_hand)


def test_answers_that_all_differ_have_no_agreement_and_full_entropy(workplace: Workplace) -> None:
    [found] = run_with(workplace, "a", "b", "c").consistency[1:]

    assert found.agreement.value == 0
    assert found.entropy == pytest.approx(1)


def test_an_error_agrees_with_nothing_and_is_not_left_out(workplace: Workplace) -> None:
    broken = CallError("bad_request", "no", retry=False)

    [found] = run_with(workplace, "a", broken, "a", broken).consistency[1:]

    assert found.samples == 4
    assert found.not_answered == 2
    assert found.agreement.value == pytest.approx(1 / 6)


def test_prompts_that_are_sent_once_say_nothing_of_it(workplace: Workplace) -> None:
    evidence = run_with(workplace, "a", "a")

    assert [one.prompts for one in evidence.consistency] == [1, 1]
    assert workplace.run(a_profile(), FakeClient()).consistency[0].prompts == 1


def test_each_endpoint_and_task_has_its_own_record(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(number) for number in range(4)])
    profile = a_profile(an_endpoint("one"), an_endpoint("two"), repeats=2)

    found = workplace.run(profile, FakeClient()).consistency

    assert [(one.endpoint, one.task) for one in found] == [
        ("one", "all"), ("one", "extract"), ("one", "classify"),
        ("two", "all"), ("two", "extract"), ("two", "classify"),
    ]  # fmt: skip
    assert found[0].agreement.method.startswith("Wilson, 2 groups")


def test_the_temperatures_that_were_used_are_told(workplace: Workplace) -> None:
    assert run_with(workplace, "a", "a", temperature=0.7).consistency[0].temperatures == (0.7,)


def key(text: str, scorer: str, **changes: object) -> object:
    prompt = Prompt.model_validate(
        {
            "id": "p", "task": "t", "messages": [{"role": "user", "content": "q"}],
            "scorers": [{"name": scorer}], "data_class": "public",
        }
    )  # fmt: skip
    values: dict[str, object] = {
        "run_key": "k", "prompt_set": "s", "prompt": "p", "task": "t", "group": "g",
        "data_class": "public", "endpoint": "e", "repeat": 0, "attempt": 1, "final": True,
        "outcome": "answered", "text": text, "at": f"{AS_OF}T00:00:00Z",
    }  # fmt: skip
    return answer_key(prompt, Attempt.model_validate(values | changes))


def test_answers_of_one_value_are_the_same_where_values_are_scored() -> None:
    assert key("It is five days.", "grounded") == key("5 days", "grounded")
    assert key("5 weeks", "grounded") != key("5 days", "grounded")
    assert key("It is five days.", "exact") != key("5 days", "exact")


def test_json_counts_by_its_values() -> None:
    assert key('{"a": 1, "b": 2}', "json_field") == key('Here: {"b": 2, "a": 1}', "json_field")


def test_calls_of_tools_count_by_name_and_arguments() -> None:
    first = key("", "exact", tool_calls=(ToolCall("find", '{"a": 1, "b": 2}', "id-1"),))
    same = key("", "exact", tool_calls=(ToolCall("find", '{"b":2,"a":1}', "id-2"),))
    other = key("", "exact", tool_calls=(ToolCall("find", '{"a": 2}', "id-3"),))

    assert first == same != other


@pytest.mark.parametrize("outcome", ["error", "truncated", "filtered", "timeout"])
def test_what_is_no_answer_has_no_key(outcome: str) -> None:
    assert key("a", "exact", outcome=outcome) is None


def test_the_shipped_folder_of_records_is_read_back(workplace: Workplace, tmp_path: Path) -> None:
    evidence = run_with(workplace, "a", "b")
    file = tmp_path / "evidence.json"
    file.write_text(evidence.model_dump_json(), encoding="utf-8")

    assert Evidence.model_validate_json(file.read_text(encoding="utf-8")) == evidence


def test_what_was_not_repeated_is_told_apart(workplace: Workplace) -> None:
    some = run_with(workplace, "a", "b").not_considered
    told = "but for those that ask for repeats, each prompt was sent once"

    assert any(one.startswith(told) for one in some)
    assert not any(one.startswith(told) for one in run_with(workplace, "a").not_considered)
