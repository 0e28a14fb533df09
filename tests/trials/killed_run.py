"""A run to be killed: arguments are the server's port, the run folder and the concurrency."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

import httpx

from playbook.catalog import Catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.profile import Endpoint, Profile
from playbook.profile.trial_settings import Trials
from playbook.trials import run_trials
from playbook.trials.audit import AuditLog
from playbook.trials.client import Reply, Request
from playbook.trials.transport import GuardedTransport
from playbook.vocabulary import DataClass


class PlainClient:
    """Posts the question to a loopback server over a guarded connection."""

    def __init__(self, port: int, audit: AuditLog) -> None:
        self.url = f"http://127.0.0.1:{port}/"
        self.http = httpx.AsyncClient(transport=GuardedTransport("own", audit), trust_env=False)

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        del endpoint
        started = time.perf_counter()
        question = request.messages[-1].content
        reply = await self.http.post(self.url, content=question.encode(), timeout=deadline_s)
        took = time.perf_counter() - started
        return Reply(str(reply.json()["text"]), "model-x", "stop", 10, 5, took / 2, took)

    async def close(self) -> None:
        await self.http.aclose()


def main(port: int, folder: Path, concurrency: int) -> None:
    endpoint = Endpoint(id="own", litellm_model="hosted_vllm/model-x", operator="self")
    cleared = EndpointClearance(
        endpoint="own",
        highest_class=DataClass.INTERNAL,
        allowed_addresses=(f"127.0.0.1:{port}",),
    )
    folder.mkdir(exist_ok=True)
    trials = Trials(prompt_sets=("demo",), endpoints=(endpoint,), concurrency=concurrency)
    with AuditLog(folder / "stopped.jsonl") as stopped:
        evidence = run_trials(
            Profile(trials=trials),
            Catalog(),
            Clearance(endpoints=(cleared,), team_class=DataClass.INTERNAL),
            folder=folder,
            as_of=date(2026, 11, 23),
            client=PlainClient(port, stopped),
        )
    (folder / "evidence.json").write_text(evidence.model_dump_json(), encoding="utf-8")


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    except KeyboardInterrupt:
        sys.exit(130)
