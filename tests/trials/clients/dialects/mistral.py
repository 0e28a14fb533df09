"""Mistral: short call ids, whole calls in one chunk, usage beside the finish reason."""

from __future__ import annotations

import json

from tests.trials.clients.dialects import shaped
from tests.trials.clients.dialects.speaking import CALLS, Body, Case, Dialect, events

MODEL = "mistral-small-2506"


def stream(case: Case) -> str:
    deltas, finish = shaped.deltas_of(case)
    if case == "tools":
        deltas = [
            {
                "content": "",
                "tool_calls": [
                    {
                        "id": f"D681PevK{index}", "index": index,
                        "function": {"name": name, "arguments": json.dumps(arguments)},
                    }
                    for index, (name, arguments) in enumerate(CALLS)
                ],
            }
        ]  # fmt: skip
    rows = [shaped.chunk(MODEL, one) for one in ({"role": "assistant", "content": ""}, *deltas)]
    last = shaped.chunk(MODEL, {"content": ""}, finish, usage=shaped.usage_of())
    return events(*rows, last)


def error(status: int) -> Body:
    return {"object": "error", "message": f"error {status}", "type": "error", "code": "1000"}


MISTRAL = Dialect(
    prefix="mistral",
    model=MODEL,
    path="/v1/chat/completions",
    stream=stream,
    error=error,
    picture=shaped.picture,
    tools=shaped.tools,
    schema=shaped.schema,
    result=shaped.result,
)
