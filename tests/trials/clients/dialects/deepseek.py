"""DeepSeek: reasoning in a field of its own, cache hits and misses counted beside the prompt."""

from __future__ import annotations

from tests.trials.clients.dialects import shaped
from tests.trials.clients.dialects.speaking import Case, Counts, Dialect, events

MODEL = "deepseek-chat"


def stream(case: Case) -> str:
    deltas, finish = shaped.deltas_of(case)
    thought = {"role": "assistant", "content": None, "reasoning_content": "A greeting."}
    usage = shaped.usage_of(completion_tokens_details={"reasoning_tokens": 1})
    usage |= {"prompt_cache_hit_tokens": 4, "prompt_cache_miss_tokens": 3}
    rows = [shaped.chunk(MODEL, one) for one in (thought, *deltas)]
    return events(*rows, shaped.chunk(MODEL, {"content": ""}, finish, usage=usage))


DEEPSEEK = Dialect(
    prefix="deepseek",
    model=MODEL,
    path="/v1/chat/completions",
    stream=stream,
    error=shaped.error,
    picture=shaped.picture,
    tools=shaped.tools,
    schema=shaped.schema,
    result=shaped.result,
    counts=Counts(cached=4, reasoning=1),
    has_pictures=False,
)
