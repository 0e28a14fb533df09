"""aiohttp alone: the least that a client in Python can do, and nothing that a trial needs."""

from __future__ import annotations

import asyncio
import json
import time

import aiohttp

from tests.benchmarks.trials.calling import Job, Seen, take_turns
from tests.benchmarks.trials.timed_server import SLOW, TOKENS


def run(job: Job) -> Seen:
    """Ask through one session."""
    return asyncio.run(_run(job))


async def _run(job: Job) -> Seen:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(number: int) -> float:
            body = {
                "model": job.model,
                "messages": [{"role": "user", "content": f"question {number}"}],
                "max_tokens": TOKENS,
            }
            if job.model == SLOW:
                return await _streamed(session, job.base, body | {"stream": True})
            start = time.perf_counter()
            async with session.post(f"{job.base}/chat/completions", json=body) as response:
                found = await response.json()
            assert found["choices"][0]["message"]["content"]
            return time.perf_counter() - start

        return await take_turns(ask, job)


async def _streamed(session: aiohttp.ClientSession, base: str, body: dict[str, object]) -> float:
    start, first_s, texts = time.perf_counter(), 0.0, []
    async with session.post(f"{base}/chat/completions", json=body) as response:
        async for line in response.content:
            if not line.startswith(b"data: {"):
                continue
            for choice in json.loads(line[6:])["choices"]:
                if text := choice["delta"].get("content"):
                    first_s = first_s or time.perf_counter() - start
                    texts.append(text)
    assert len(texts) == TOKENS
    return first_s
