"""Beside a server of a known pace: whose latencies are the server's, and whose the client's own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from playbook.clearance import Clearance, EndpointClearance
from playbook.profile.endpoints import Endpoint
from playbook.trials.audit import AuditLog
from playbook.trials.client import Message, Reply, Request
from playbook.trials.clients import LeanClient, LitellmClient
from playbook.trials.gate import GatedClient
from playbook.trials.load.honesty import client_bound
from playbook.vocabulary import DataClass
from tests.benchmarks.measuring import ROOT
from tests.benchmarks.trials.timed_server import FIRST_S, SLOW

pytestmark = pytest.mark.slow
STREAMS, CALLS = 8, 80


@pytest.fixture
def port() -> Iterator[int]:
    """A server in a process of its own: 32 tokens, the first after 50 ms, 5 ms apart."""
    command = [sys.executable, "-m", "tests.benchmarks.trials.timed_server"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        assert server.stdin
        yield int(server.stdout.readline())
        server.stdin.close()


async def replies_of(
    kind: type[LeanClient | LitellmClient], port: int, folder: Path, *, busy: bool = False
) -> list[Reply]:
    address = f"127.0.0.1:{port}"
    endpoint = Endpoint(
        id="own", litellm_model=f"hosted_vllm/{SLOW}", api_base=f"http://{address}/v1"
    )
    entry = EndpointClearance(
        endpoint="own", highest_class=DataClass.PUBLIC, allowed_addresses=(address,)
    )
    clearance = Clearance(endpoints=(entry,), team_class=DataClass.PUBLIC)
    with AuditLog(folder / "audit.jsonl") as audit:
        gate, turn = GatedClient(kind({}, audit), clearance, audit), asyncio.Semaphore(STREAMS)

        async def ask(number: int) -> Reply:
            request = Request([Message("user", f"question {number}")], max_tokens=64)
            async with turn:
                return await gate.ask(endpoint, request, data_class=DataClass.PUBLIC, deadline_s=60)

        await gate.check_model(endpoint)
        await ask(0)
        beside = asyncio.create_task(_hold_up()) if busy else None
        found = await asyncio.gather(*(ask(number) for number in range(CALLS)))
        if beside is not None:
            beside.cancel()
        await gate.close()
        return found


async def _hold_up() -> None:
    """Do what a careless notebook does beside its calls."""
    while True:
        until = time.perf_counter() + 0.06
        while time.perf_counter() < until:
            pass
        await asyncio.sleep(0.001)


def flagged_share(replies: list[Reply]) -> float:
    return sum(bool(client_bound(one)) for one in replies) / len(replies)


def median_first_token_s(replies: list[Reply]) -> float:
    times = sorted(one.first_token_s or 0.0 for one in replies)
    return times[len(times) // 2]


def test_8_streams_of_the_lean_client_read_the_servers_own_latency(
    port: int, tmp_path: Path
) -> None:
    """In the quietest of three rounds: whatever else uses the machine holds any client up."""
    rounds = [asyncio.run(replies_of(LeanClient, port, tmp_path)) for _ in range(3)]

    quietest = min(rounds, key=flagged_share)
    assert median_first_token_s(quietest) == pytest.approx(FIRST_S, abs=0.02)
    assert flagged_share(quietest) < 0.25


def test_8_streams_of_litellm_are_flagged(port: int, tmp_path: Path) -> None:
    replies = asyncio.run(replies_of(LitellmClient, port, tmp_path))

    assert median_first_token_s(replies) > FIRST_S + 0.005
    assert flagged_share(replies) > 0.5


def test_busy_code_beside_the_calls_is_flagged(port: int, tmp_path: Path) -> None:
    replies = asyncio.run(replies_of(LeanClient, port, tmp_path, busy=True))

    assert flagged_share(replies) == 1.0
