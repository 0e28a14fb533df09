"""A run that may kill itself: arguments are when, the server's address and the run folder."""

from __future__ import annotations

import os
import signal
import sys
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


class CrashingClient:
    """Posts the question; with `before`, the process dies when the wire is already open for it."""

    def __init__(self, when: str, host_port: str, audit: AuditLog) -> None:
        self.when = when
        self.url = f"http://{host_port}/v1/chat/completions"
        self.http = httpx.AsyncClient(transport=GuardedTransport("own", audit), trust_env=False)

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        del endpoint
        if self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        asked = {"model": "model-x", "messages": [{"content": request.messages[-1].content}]}
        reply = await self.http.post(self.url, json=asked, timeout=deadline_s)
        reply.raise_for_status()
        return Reply("answer", "model-x", "stop", 10, 5, 0.1, 0.1)

    async def close(self) -> None:
        await self.http.aclose()


def main(when: str, host_port: str, folder: Path) -> None:
    endpoint = Endpoint(id="own", litellm_model="hosted_vllm/model-x", operator="self")
    cleared = EndpointClearance(
        endpoint="own", highest_class=DataClass.INTERNAL, allowed_addresses=(host_port,)
    )
    folder.mkdir(exist_ok=True)
    with AuditLog(folder / "stopped.jsonl") as stopped:
        run_trials(
            Profile(trials=Trials(prompt_sets=("demo",), endpoints=(endpoint,), attempts=1)),
            Catalog(),
            Clearance(endpoints=(cleared,), team_class=DataClass.RESTRICTED),
            folder=folder,
            as_of=date(2026, 11, 23),
            client=CrashingClient(when, host_port, stopped),
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
