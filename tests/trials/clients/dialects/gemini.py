"""Gemini: candidates of parts, whole calls without ids, thinking counted beside the answer."""

from __future__ import annotations

from typing import Any

from tests.trials.clients.dialects.speaking import (
    CALLS,
    JSON_ANSWER,
    REPEATED,
    Body,
    Case,
    Counts,
    Dialect,
    events,
)

MODEL = "gemini-2.5-flash"


def stream(case: Case) -> str:
    usage = {
        "promptTokenCount": 7, "candidatesTokenCount": 2, "thoughtsTokenCount": 1,
        "totalTokenCount": 10, "cachedContentTokenCount": 4,
    }  # fmt: skip
    rows = _rows(case)
    return events(*rows[:-1], rows[-1] | {"usageMetadata": usage}, done=False)


def _rows(case: Case) -> list[Body]:
    if case == "tools":
        parts = [{"functionCall": {"name": name, "args": args}} for name, args in CALLS]
        return [_row(parts[:1]), _row(parts[1:], "STOP")]
    if case == "filtered":
        return [_row([{"text": "Hel"}]), _row([], "SAFETY")]
    if case == "refusal":
        return [{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "modelVersion": MODEL}]
    texts = {"text": ("Hel", "lo"), "repeating": REPEATED}.get(case)
    *before, last = texts or (JSON_ANSWER[:9], JSON_ANSWER[9:])
    return [*(_row([{"text": one}]) for one in before), _row([{"text": last}], "STOP")]


def _row(parts: list[Body], finish: str = "") -> Body:
    candidate: Body = {"content": {"role": "model", "parts": parts}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {"candidates": [candidate], "modelVersion": MODEL, "responseId": "r-1"}


def error(status: int) -> Body:
    return {"error": {"code": status, "message": f"error {status}", "status": "SOME_STATUS"}}


def picture(body: Body) -> object:
    data = next(one for one in body["contents"][-1]["parts"] if "inline_data" in one)["inline_data"]
    return f"data:{data['mime_type']};base64,{data['data']}"


def tools(body: Body) -> dict[str, Any]:
    rows = body["tools"][0]["function_declarations"]
    return {one["name"]: one["parameters"] for one in rows}


def schema(body: Body) -> object:
    return body["generationConfig"]["response_json_schema"]


def result(body: Body) -> object:
    said = next(one for one in body["contents"][-1]["parts"] if "function_response" in one)
    answer = said["function_response"]
    return {"get_weather": "call_9"}[answer["name"]], answer["response"]["content"]


GEMINI = Dialect(
    prefix="gemini",
    model=MODEL,
    path=f"/models/{MODEL}:streamGenerateContent?alt=sse",
    base_path="",
    stream=stream,
    error=error,
    picture=picture,
    tools=tools,
    schema=schema,
    result=result,
    counts=Counts(cached=4, reasoning=1),
    key_header="x-goog-api-key",
    key_words="{}",
)
