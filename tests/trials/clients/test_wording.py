"""A request in litellm's words, and what is stopped when litellm leaves part of it out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import httpx
import pytest

from playbook.trials.client import Message, Request, Tool, ToolCall
from playbook.trials.clients.wording import (
    Carried,
    LostPartError,
    carrying,
    check_carried,
    lost_error,
    spoken_arguments,
)

TOOL = Tool("find", "Finds.", {"type": "object"})
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
PICTURE = "data:image/png;base64,iVBORw0KGgo="


def a_request(*messages: Message, **fields: object) -> Request:
    return Request(messages or (Message("user", "Hello"),), max_tokens=5, **fields)  # type: ignore[arg-type]


def lost(request: Request, body: object, method: str = "POST") -> Carried:
    async def once() -> None:
        await check_carried(httpx.Request(method, "http://h/", content=json.dumps(body)))

    with carrying(request) as carried:
        try:
            asyncio.run(once())
        except LostPartError:
            assert carried.lost
        else:
            assert not carried.lost
    return carried


def test_plain_request_has_no_parts_that_it_does_not_need() -> None:
    assert spoken_arguments(a_request(seed=3)) == {
        "messages": [{"role": "user", "content": "Hello"}],
        "max_tokens": 5,
        "temperature": 0.0,
        "seed": 3,
    }


def test_call_without_words_has_no_content_that_litellm_would_fill() -> None:
    called = Message("assistant", "", tool_calls=[ToolCall("find", "{}", "a")])

    (said,) = spoken_arguments(a_request(called), openai_shaped=False)["messages"]
    (passed_on,) = spoken_arguments(a_request(called))["messages"]

    assert (said["content"], passed_on["content"]) == (None, "")
    assert said["tool_calls"][0]["function"] == {"name": "find", "arguments": "{}"}


@pytest.mark.parametrize(
    ("changes", "strict"),
    [
        ({}, None),
        ({"additionalProperties": False}, True),
        ({"additionalProperties": False, "required": []}, None),
    ],
)
def test_schema_is_strict_only_where_it_is_closed(
    changes: Mapping[str, object], strict: object
) -> None:
    """OpenAI refuses a strict schema that leaves a field open."""
    said = spoken_arguments(a_request(response_schema=SCHEMA | changes))["response_format"]

    assert said["json_schema"].get("strict") is strict
    assert said["json_schema"]["schema"] == SCHEMA | changes


@pytest.mark.parametrize(
    ("request_", "body", "part"),
    [
        (a_request(tools=[TOOL]), {"tools": [{"name": "other"}]}, "tools"),
        (a_request(tools=[TOOL], tool_choice="required"), {"t": "find"}, "tool_choice required"),
        (a_request(response_schema=SCHEMA), {"format": "json"}, "response schema"),
        (a_request(Message("user", "x", images=[PICTURE])), {"m": "x"}, "pictures"),
    ],
)
def test_part_that_is_left_out_stops_the_request(
    request_: Request, body: object, part: str
) -> None:
    carried = lost(request_, body)

    assert carried.lost == [part]
    assert f"litellm sends no {part} to groq/x" in str(lost_error(carried, "groq/x"))


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (a_request(tools=[TOOL]), {"tools": [{"function": {"name": "find"}}]}),
        (a_request(tools=[TOOL], tool_choice="none"), {"t": "find", "tool_choice": {}}),
        (a_request(response_schema=SCHEMA), {"format": {"properties": {"city": {}}}}),
        (a_request(Message("user", "x", images=[PICTURE])), {"url": PICTURE}),
        (a_request(Message("user", "x", images=[PICTURE])), {"data": "iVBORw0KGgo="}),
        (a_request(), {}),
    ],
)
def test_request_with_all_its_parts_passes(request_: Request, body: object) -> None:
    assert lost(request_, body).lost == []


def test_nothing_is_checked_outside_a_call_or_without_a_body() -> None:
    asyncio.run(check_carried(httpx.Request("POST", "http://h/", content=b"{}")))

    assert lost(a_request(tools=[TOOL]), {}, method="GET").lost == []
