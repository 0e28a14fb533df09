"""vLLM: no key wanted, its own ids, a call's name and first arguments in separate pieces."""

from __future__ import annotations

from tests.trials.clients.dialects import shaped
from tests.trials.clients.dialects.speaking import Body, Case, Counts, Dialect

MODEL = "meta-llama/Llama-3.1-8B-Instruct"


def stream(case: Case) -> str:
    usage = shaped.usage_of(prompt_tokens_details={"cached_tokens": 4})
    return shaped.stream(MODEL, case, usage)


def error(status: int) -> Body:
    return {"object": "error", "message": f"error {status}", "type": "Error", "code": status}


HOSTED_VLLM = Dialect(
    prefix="hosted_vllm",
    model=MODEL,
    path="/v1/chat/completions",
    stream=stream,
    error=error,
    picture=shaped.picture,
    tools=shaped.tools,
    schema=shaped.schema,
    result=shaped.result,
    counts=Counts(cached=4),
)
