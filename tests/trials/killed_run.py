"""A run to be killed: arguments are the server's port, the run folder and the concurrency."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from datetime import date
from pathlib import Path

from playbook.catalog import Catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.profile import Endpoint, Profile
from playbook.profile.sections import Trials
from playbook.trials import run_trials
from playbook.trials.client import Reply, Request
from playbook.vocabulary import DataClass


class PlainClient:
    """Posts the question to a loopback server."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/"

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        del endpoint
        started = time.perf_counter()
        text = await asyncio.to_thread(self._post, request.messages[-1].content, deadline_s)
        took = time.perf_counter() - started
        return Reply(text, "model-x", "stop", 10, 5, took / 2, took)

    def _post(self, question: str, deadline_s: float) -> str:
        with urllib.request.urlopen(self.url, question.encode(), timeout=deadline_s) as reply:  # noqa: S310  loopback
            return str(json.load(reply)["text"])

    async def close(self) -> None:
        pass


def main(port: int, folder: Path, concurrency: int) -> None:
    endpoint = Endpoint(id="own", litellm_model="hosted_vllm/model-x", operator="self")
    cleared = EndpointClearance(
        endpoint="own", highest_class=DataClass.INTERNAL, allowed_addresses=()
    )
    evidence = run_trials(
        Profile(
            trials=Trials(prompt_sets=("demo",), endpoints=(endpoint,), concurrency=concurrency)
        ),
        Catalog(),
        Clearance(endpoints=(cleared,), team_class=DataClass.INTERNAL),
        folder=folder,
        as_of=date(2026, 11, 23),
        client=PlainClient(port),
    )
    (folder / "evidence.json").write_text(evidence.model_dump_json(), encoding="utf-8")


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    except KeyboardInterrupt:
        sys.exit(130)
