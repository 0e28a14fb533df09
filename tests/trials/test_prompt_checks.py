"""The parts of a prompt fit together: tools, calls, schemas; and no prompt counts twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.errors import PromptSetError
from playbook.trials import load_prompt_set
from playbook.trials.prompt_checks import LARGEST_SCHEMA_BYTES
from tests.trials.conftest import a_prompt, write_prompt_set

TOOL = {
    "name": "find_order",
    "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
}
CALL = {"role": "assistant", "content": "", "tool_calls": [{"name": "find_order", "id": "c1"}]}
ASK = {"role": "user", "content": "Where is it?"}


def test_a_conversation_with_tools_loads_and_becomes_a_request(tmp_path: Path) -> None:
    messages = [ASK, CALL, {"role": "tool", "content": "at sea", "tool_call_id": "c1"}]
    line = a_prompt(1, messages=messages, tools=[TOOL], tool_choice="none")

    (prompt,) = load_prompt_set(write_prompt_set(tmp_path, [line])).prompts

    request = prompt.request()
    assert request.messages[1].tool_calls[0].name == "find_order"
    assert request.messages[2].tool_call_id == "c1"
    assert request.tools[0].parameters == TOOL["parameters"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            {"messages": [{"role": "user", "content": " "}]},
            "line 2: messages.0.content: is empty; write what the user says, or delete the message",
        ),
        (
            {"tools": [TOOL], "scorers": ["tool_call"], "expected": {"name": "find_ordr"}},
            "line 2: scorer tool_call expects a call of 'find_ordr', but its tools are find_order",
        ),
        (
            {"scorers": ["tool_call"], "expected": {"calls": [{"name": "find_order"}]}},
            "line 2: scorer tool_call expects a call of 'find_order', but it has no tools",
        ),
        ({"tools": [TOOL, TOOL]}, "line 2: tools: 'find_order' is there 2 times; keep one"),
        (
            {"tool_choice": "required"},
            "line 2: tool_choice: 'required' without tools; add tools or delete it",
        ),
        (
            {"messages": [ASK, {"role": "tool", "content": "x", "tool_call_id": "c9"}]},
            "line 2: messages.1.tool_call_id: 'c9' is no call of an earlier message",
        ),
        (
            {"messages": [ASK, CALL, {"role": "tool", "content": "x"}]},
            "line 2: messages.2.tool_call_id: is missing; name the id of the call",
        ),
        (
            {"messages": [ASK | {"tool_calls": [{"name": "find_order"}]}]},
            "line 2: messages.0.tool_calls: only an assistant calls tools, not a user",
        ),
        (
            {"messages": [ASK | {"tool_call_id": "c1"}]},
            "line 2: messages.0.tool_call_id: only a tool's message answers a call",
        ),
        (
            {"tools": [TOOL | {"parameters": {"type": "objekt"}}]},
            "line 2: tools.0.parameters.type: not a JSON schema",
        ),
        (
            {"response_schema": {"properties": []}},
            "line 2: response_schema.properties: not a JSON schema",
        ),
        (
            {"response_schema": {"const": "x" * LARGEST_SCHEMA_BYTES}},
            "line 2: response_schema: above 100 KB; shorten it",
        ),
    ],
)
def test_parts_that_do_not_fit_are_told_with_line_and_field(
    tmp_path: Path, fields: dict[str, object], problem: str
) -> None:
    path = write_prompt_set(tmp_path, [a_prompt(1, **fields)])

    with pytest.raises(PromptSetError) as caught:
        load_prompt_set(path)

    (told,) = caught.value.problems
    assert told.startswith(problem)


def test_the_same_question_counts_twice_only_within_one_group(tmp_path: Path) -> None:
    twins = [a_prompt(1), a_prompt(1, id="twin"), a_prompt(1, id="stranger", group="other")]

    with pytest.raises(PromptSetError) as caught:
        load_prompt_set(write_prompt_set(tmp_path, twins))

    (told,) = caught.value.problems
    assert told.startswith("line 4: asks the same as line 2, and would count twice; delete it")
