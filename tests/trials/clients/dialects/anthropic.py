"""Anthropic: typed events, content blocks, cached tokens counted beside the input."""

from __future__ import annotations

import json
from typing import Any

from tests.trials.clients.dialects.speaking import (
    CALLS,
    JSON_ANSWER,
    REPEATED,
    Body,
    Case,
    Counts,
    Dialect,
)

MODEL = "claude-sonnet-4-5-20250929"
_FINISH = {"tools": "tool_use", "filtered": "refusal", "refusal": "refusal"}


def stream(case: Case) -> str:
    usage = {
        "input_tokens": 1, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 2,
        "output_tokens": 1,
    }  # fmt: skip
    start = {
        "id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": MODEL,
        "stop_reason": None, "usage": usage,
    }  # fmt: skip
    stop = {"stop_reason": _FINISH.get(case, "end_turn"), "stop_sequence": None}
    rows: list[Body] = [
        {"type": "message_start", "message": start},
        {"type": "ping"},
        *_blocks(case),
        {"type": "message_delta", "delta": stop, "usage": {"output_tokens": 3}},
        {"type": "message_stop"},
    ]
    return "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in rows)


def _blocks(case: Case) -> list[Body]:
    if case == "tools":
        return [row for index, call in enumerate(CALLS) for row in _call(index, *call)]
    texts = {
        "schema": (JSON_ANSWER[:9], JSON_ANSWER[9:]),
        "filtered": ("Hel",),
        "refusal": (),
        "repeating": REPEATED,
    }
    deltas = [{"type": "text_delta", "text": one} for one in texts.get(case, ("Hel", "lo"))]
    return _block(0, {"type": "text", "text": ""}, deltas)


def _call(index: int, name: str, arguments: dict[str, str]) -> list[Body]:
    text = json.dumps(arguments)
    deltas = [{"type": "input_json_delta", "partial_json": one} for one in ("", text[:5], text[5:])]
    block = {"type": "tool_use", "id": f"toolu_{index}", "name": name, "input": {}}
    return _block(index, block, deltas)


def _block(index: int, block: Body, deltas: list[Body]) -> list[Body]:
    return [
        {"type": "content_block_start", "index": index, "content_block": block},
        *({"type": "content_block_delta", "index": index, "delta": one} for one in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def error(status: int) -> Body:
    return {"type": "error", "error": {"type": "some_error", "message": f"error {status}"}}


def picture(body: Body) -> object:
    parts = body["messages"][-1]["content"]
    source = next(one for one in parts if one["type"] == "image")["source"]
    return f"data:{source['media_type']};{source['type']},{source['data']}"


def tools(body: Body) -> dict[str, Any]:
    return {one["name"]: one["input_schema"] for one in body["tools"]}


def schema(body: Body) -> object:
    return body["output_format"]["schema"]


def result(body: Body) -> object:
    said = next(one for one in body["messages"][-1]["content"] if one["type"] == "tool_result")
    return said["tool_use_id"], said["content"]


ANTHROPIC = Dialect(
    prefix="anthropic",
    model=MODEL,
    path="/v1/messages",
    base_path="",
    stream=stream,
    error=error,
    picture=picture,
    tools=tools,
    schema=schema,
    result=result,
    counts=Counts(cached=4, written=2),
    key_header="x-api-key",
    key_words="{}",
)
