"""Our sides: the lean client alone, and whole runs on both paths: gate, scan, logs, scores."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Literal

from playbook.catalog import Catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.profile import Endpoint, Profile
from playbook.profile.trial_settings import Trials
from playbook.trials import run_trials
from playbook.trials.audit import AuditEntry, AuditLog
from playbook.trials.client import Message, Request
from playbook.trials.clients import LeanClient
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.permits import permitted
from playbook.vocabulary import DataClass
from tests.benchmarks.trials.calling import Job, Seen, checked, take_turns
from tests.benchmarks.trials.timed_server import TOKENS, stats
from tests.trials.conftest import a_prompt, write_prompt_set


def run(job: Job) -> Seen:
    """Run the side that is named."""
    with tempfile.TemporaryDirectory() as name:
        if job.side == "lean":
            return asyncio.run(_alone(job, Path(name)))
        return _whole(job, Path(name), "lean" if job.side == "whole_lean" else "litellm")


def _endpoint(job: Job) -> Endpoint:
    return Endpoint(
        id="own", litellm_model=f"hosted_vllm/{job.model}", api_base=job.base, operator="self"
    )


async def _alone(job: Job, folder: Path) -> Seen:
    endpoint, address = _endpoint(job), f"127.0.0.1:{job.port}"
    entry = AuditEntry(event="send", endpoint="own", addresses=(address,))
    with AuditLog(folder / "audit.jsonl") as audit:
        client = LeanClient({}, audit)

        async def ask(number: int) -> float:
            request = Request([Message("user", f"question {number}")], max_tokens=TOKENS)
            with permitted(entry):
                reply = await client.ask(endpoint, request, deadline_s=60.0)
            assert reply.first_token_s is not None
            return reply.first_token_s

        seen = await take_turns(ask, job)
        await client.close()
        return seen


def _whole(job: Job, folder: Path, client: Literal["lean", "litellm"]) -> Seen:
    """Run trials from a params file's profile to their evidence; a smaller run goes before."""
    _run_trials(job, folder / "before", client, job.at_once)
    stats(job.port)
    before = time.process_time()
    _run_trials(job, folder / "run", client, job.calls)
    used = time.process_time() - before
    lines = read_ledger(folder / "run" / LEDGER)
    assert sum(one.outcome == "answered" for one in lines) == job.calls
    return Seen(used, checked(job), median(one.first_token_s or 0.0 for one in lines) * 1000)


def _run_trials(job: Job, folder: Path, client: Literal["lean", "litellm"], calls: int) -> None:
    os.environ["PLAYBOOK_PARAMS_DIR"] = str(folder / "params")
    write_prompt_set(folder / "params", [a_prompt(number) for number in range(calls)])
    address = f"127.0.0.1:{job.port}"
    cleared = EndpointClearance(
        endpoint="own", highest_class=DataClass.INTERNAL, allowed_addresses=(address,)
    )
    section = Trials(
        prompt_sets=("demo",),
        endpoints=(_endpoint(job),),
        concurrency=job.at_once,
        client=client,
        latency_calls=0,
    )
    run_trials(
        Profile(trials=section),
        Catalog(),
        Clearance(endpoints=(cleared,), team_class=DataClass.INTERNAL),
        folder=folder,
        as_of=date(2026, 11, 28),
    )
