"""What must hold between the parts of a prompt: tools, calls, schemas, documents."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from playbook.trials.prompt_records import Prompt, PromptMessage
from playbook.trials.scorers.tool_call import expected_calls

TOOL_CALL = "tool_call"
"""Name of the scorer of tool calls."""
LARGEST_SCHEMA_BYTES = 100_000


def part_faults(prompt: Prompt) -> Iterator[str]:
    """Yield what does not fit together in one prompt, with its field."""
    for name, times in Counter(one.name for one in prompt.tools).items():
        if times > 1:
            yield f"tools: {name!r} is there {times} times; keep one"
    if not prompt.tools and prompt.tool_choice != "auto":
        yield f"tool_choice: {prompt.tool_choice!r} without tools; add tools or delete it"
    yield from _expected_tool_faults(prompt)
    yield from _message_faults(prompt.messages)
    for number, tool in enumerate(prompt.tools):
        yield from schema_faults(tool.parameters, f"tools.{number}.parameters")
    if prompt.response_schema is not None:
        yield from schema_faults(prompt.response_schema, "response_schema")
    for number, document in enumerate(prompt.documents):
        if not any(document in one.content for one in prompt.messages):
            yield f"documents.{number}: is in no message, so no model reads it; put it into one"


def schema_faults(schema: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield why a JSON schema can't be used; an empty one can.

    Args:
        schema: JSON schema of 2020-12, or of the version that its `$schema` names.
        where: Its field.
    """
    if not schema:
        return
    if len(json.dumps(schema)) > LARGEST_SCHEMA_BYTES:
        yield f"{where}: above {LARGEST_SCHEMA_BYTES // 1000} KB; shorten it"
        return
    from jsonschema import SchemaError  # noqa: PLC0415  slow import, only where there is a schema
    from jsonschema.validators import Draft202012Validator, validator_for  # noqa: PLC0415  likewise

    try:
        validator_for(schema, default=Draft202012Validator).check_schema(dict(schema))
    except SchemaError as error:
        place = "".join(f".{one}" for one in error.absolute_path)
        yield f"{where}{place}: not a JSON schema: {str(error.message)[:200]}"
    except (RecursionError, TypeError, ValueError) as error:
        yield f"{where}: not a JSON schema: {type(error).__name__}"


def _expected_tool_faults(prompt: Prompt) -> Iterator[str]:
    """Yield expected calls of tools that the prompt does not have, which no answer could make."""
    known = [one.name for one in prompt.tools]
    for use in prompt.scorers:
        if use.name != TOOL_CALL or use.unwanted:
            continue
        expected = prompt.expected if use.expected is None else use.expected
        calls = expected_calls(expected) if isinstance(expected, dict) else ()
        for call in calls or ():
            if call["name"] not in known:
                has = f"its tools are {', '.join(known)}" if known else "it has no tools"
                name = str(call["name"])[:40]
                yield f"scorer {TOOL_CALL} expects a call of {name!r}, but {has}; correct one"


def _message_faults(messages: Sequence[PromptMessage]) -> Iterator[str]:
    called: set[str] = set()
    for number, one in enumerate(messages):
        where = f"messages.{number}"
        if one.role == "user" and not one.content.strip() and not one.images:
            yield f"{where}.content: is empty; write what the user says, or delete the message"
        if one.images and one.role != "user":
            yield f"{where}.images: only a user's message may show images, not a {one.role}'s"
        if one.tool_calls and one.role != "assistant":
            yield f"{where}.tool_calls: only an assistant calls tools, not a {one.role}"
        if one.role == "tool":
            yield from _answer_faults(where, one.tool_call_id, called)
        elif one.tool_call_id:
            yield f"{where}.tool_call_id: only a tool's message answers a call"
        called |= {call.id for call in one.tool_calls if call.id}


def _answer_faults(where: str, call: str, called: set[str]) -> Iterator[str]:
    if not call:
        yield f"{where}.tool_call_id: is missing; name the id of the call that it answers"
    elif call not in called:
        yield f"{where}.tool_call_id: {call[:40]!r} is no call of an earlier message"
