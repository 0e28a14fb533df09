"""Azure OpenAI: a deployment in the path, a dated query, its own key header, filter results."""

from __future__ import annotations

from tests.trials.clients.dialects import shaped
from tests.trials.clients.dialects.speaking import Case, Counts, Dialect, events

DEPLOYMENT, MODEL = "our-gpt-4o", "gpt-4o-2024-08-06"
_JUDGED = {"hate": {"filtered": False, "severity": "safe"}}

_REFUSED = {
    "error": {
        "message": "The response was filtered.", "type": None, "param": "prompt",
        "code": "content_filter", "status": 400,
        "innererror": {"code": "ResponsibleAIPolicyViolation"},
    }
}  # fmt: skip


def stream(case: Case) -> str:
    deltas, finish = shaped.deltas_of(case)
    judged = {
        "id": "", "object": "", "created": 0, "model": "", "choices": [],
        "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": _JUDGED}],
    }  # fmt: skip
    rows = [shaped.chunk(MODEL, one) for one in ({"role": "assistant", "content": ""}, *deltas)]
    usage = shaped.usage_of(prompt_tokens_details={"cached_tokens": 4})
    last = shaped.usage_chunk(MODEL, usage)
    return events(judged, *rows, shaped.chunk(MODEL, finish=finish), last)


AZURE = Dialect(
    prefix="azure",
    model=DEPLOYMENT,
    path=f"/openai/deployments/{DEPLOYMENT}/chat/completions?api-version=2024-10-21",
    base_path="",
    stream=stream,
    error=shaped.error,
    picture=shaped.picture,
    tools=shaped.tools,
    schema=shaped.schema,
    result=shaped.result,
    counts=Counts(cached=4),
    key_header="api-key",
    key_words="{}",
    fields={"api_version": "2024-10-21", "expected_model": MODEL},
    prompt_filter=_REFUSED,
)
