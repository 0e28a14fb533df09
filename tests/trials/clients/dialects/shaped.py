"""What the OpenAI-shaped dialects share: chunks, and where a request holds its parts."""

from __future__ import annotations

import json
from typing import Any

from tests.trials.clients.dialects.speaking import CALLS, JSON_ANSWER, REPEATED, Body, Case, events


def chunk(model: str, delta: Body | None = None, finish: str | None = None, **more: object) -> Body:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model}
    return {**head, "choices": [choice], **more}


def usage_chunk(model: str, usage: Body) -> Body:
    return {**chunk(model), "choices": [], "usage": usage}


def usage_of(**details: Body) -> Body:
    return {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10, **details}


def call_piece(index: int, **said: object) -> Body:
    """Return a delta with a piece of one tool call; `name` and `arguments` go into `function`."""
    function = {name: said.pop(name) for name in ("name", "arguments") if name in said}
    return {"tool_calls": [{"index": index, **said, "function": function}]}


def calls_in_pieces() -> list[Body]:
    """Return OpenAI's deltas of two calls: the id and name first, then arguments in pieces."""
    deltas = []
    for index, (name, arguments) in enumerate(CALLS):
        text = json.dumps(arguments)
        head = {"id": f"call_{index}", "type": "function", "name": name, "arguments": ""}
        deltas.append(call_piece(index, **head))
        deltas += [call_piece(index, arguments=one) for one in (text[:5], text[5:])]
    return deltas


def deltas_of(case: Case) -> tuple[list[Body], str]:
    """Return the deltas of a case and its finish reason."""
    if case == "tools":
        return calls_in_pieces(), "tool_calls"
    if case == "repeating":
        return [{"content": one} for one in REPEATED], "stop"
    if case == "filtered":
        return [{"content": "Hel"}], "content_filter"
    if case == "refusal":
        return [{"refusal": "I can't "}, {"refusal": 'help with "that".'}], "stop"
    texts = ("Hel", "lo") if case == "text" else (JSON_ANSWER[:9], JSON_ANSWER[9:])
    return [{"content": one} for one in texts], "stop"


def stream(model: str, case: Case, usage: Body) -> str:
    """Return OpenAI's own stream: role, deltas, finish, then a chunk with usage alone."""
    deltas, finish = deltas_of(case)
    rows = [
        chunk(model, {"role": "assistant", "content": None}),
        *(chunk(model, one) for one in deltas),
    ]
    return events(*rows, chunk(model, finish=finish), usage_chunk(model, usage))


def error(status: int) -> Body:
    return {"error": {"message": f"error {status}", "type": "error", "code": None}}


def picture(body: Body) -> object:
    parts = body["messages"][-1]["content"]
    return next(one for one in parts if one["type"] == "image_url")["image_url"]["url"]


def tools(body: Body) -> dict[str, Any]:
    return {one["function"]["name"]: one["function"]["parameters"] for one in body["tools"]}


def schema(body: Body) -> object:
    return body["response_format"]["json_schema"]["schema"]


def result(body: Body) -> object:
    last = body["messages"][-1]
    return last["tool_call_id"], last["content"]
