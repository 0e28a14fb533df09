"""litellm alone: `acompletion` in a loop, in one piece or, as our path always does, as a stream."""

from __future__ import annotations

import asyncio
import os
import time

from tests.benchmarks.trials.calling import Job, Seen, take_turns
from tests.benchmarks.trials.timed_server import SLOW, TOKENS


def run(job: Job) -> Seen:
    """Ask through litellm's default client."""
    os.environ |= {"LITELLM_OFFLINE_MODE": "true", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    return asyncio.run(_run(job))


async def _run(job: Job) -> Seen:
    import litellm  # noqa: PLC0415  the peer; loading it takes seconds

    litellm.suppress_debug_info = True

    async def ask(number: int) -> float:
        start, first_s, texts = time.perf_counter(), 0.0, []
        streams = job.model == SLOW or job.side == "litellm_stream"
        reply = await litellm.acompletion(
            model=f"hosted_vllm/{job.model}",
            api_base=job.base,
            api_key="no-key",
            messages=[{"role": "user", "content": f"question {number}"}],
            max_tokens=TOKENS,
            stream=streams,
            **({"stream_options": {"include_usage": True}} if streams else {}),
        )
        if not streams:
            assert reply.choices[0].message.content
            return time.perf_counter() - start
        async for chunk in reply:
            if chunk.choices and chunk.choices[0].delta.content:
                first_s = first_s or time.perf_counter() - start
                texts.append(chunk.choices[0].delta.content)
        assert texts
        return first_s

    return await take_turns(ask, job)
