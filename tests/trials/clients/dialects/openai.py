"""OpenAI: usage in a chunk of its own, a refusal field, a filter that answers 400."""

from __future__ import annotations

from tests.trials.clients.dialects import shaped
from tests.trials.clients.dialects.speaking import Case, Counts, Dialect

MODEL = "gpt-4o-2024-08-06"


def stream(case: Case) -> str:
    usage = shaped.usage_of(
        prompt_tokens_details={"cached_tokens": 4},
        completion_tokens_details={"reasoning_tokens": 1},
    )
    return shaped.stream(MODEL, case, usage)


OPENAI = Dialect(
    prefix="openai",
    model=MODEL,
    path="/v1/chat/completions",
    stream=stream,
    error=shaped.error,
    picture=shaped.picture,
    tools=shaped.tools,
    schema=shaped.schema,
    result=shaped.result,
    counts=Counts(cached=4, reasoning=1),
    prompt_filter={
        "error": {
            "message": "flagged",
            "type": "invalid_request_error",
            "code": "content_policy_violation",
        }
    },
)
