"""CPU of one trial call through runner, gate, audit log and ledger, against litellm alone.

Both send the same questions, as many at a time, to the same loopback server, and stream. Rounds
take turns in one process, so that a slow minute of the machine hits both.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playbook.catalog import Catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.profile import Endpoint, Profile
from playbook.profile.trial_settings import Trials
from playbook.trials import run_trials
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.vocabulary import DataClass
from tests.benchmarks.measuring import ROOT
from tests.slow.loopback import MODEL
from tests.trials.conftest import a_prompt, write_prompt_set

CALLS, ROUNDS, CONCURRENCY = 200, 5, 8
Rounds = tuple[list[float], list[float]]


def measure() -> Rounds:
    """Return CPU seconds per call, ours and the plain loop's, one pair a round."""
    ours, plain = [], []
    with tempfile.TemporaryDirectory() as name, _server() as port:
        folder = Path(name)
        os.environ["PLAYBOOK_PARAMS_DIR"] = str(folder / "params")
        write_prompt_set(folder / "params", [a_prompt(number) for number in range(CALLS)])
        for number in range(ROUNDS + 1):
            through = _cpu_s_per_call(lambda at=folder / f"r{number}": _ours(port, at))
            alone = _cpu_s_per_call(lambda: asyncio.run(_plain(port)))
            if number:  # the first round loads libraries
                ours.append(through)
                plain.append(alone)
    return ours, plain


def _cpu_s_per_call(work: object) -> float:
    before = time.process_time()
    work()  # type: ignore[operator]
    return (time.process_time() - before) / CALLS


@contextmanager
def _server() -> Iterator[int]:
    """Serve from a process of its own, whose CPU does not count."""
    command = [sys.executable, "-m", "tests.slow.loopback"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        assert server.stdin
        yield int(server.stdout.readline())
        server.stdin.close()


def _ours(port: int, folder: Path) -> None:
    endpoint = Endpoint(
        id="own",
        litellm_model=f"hosted_vllm/{MODEL}",
        api_base=f"http://127.0.0.1:{port}/v1",
        operator="self",
    )
    cleared = EndpointClearance(
        endpoint="own",
        highest_class=DataClass.INTERNAL,
        allowed_addresses=(f"127.0.0.1:{port}",),
    )
    trials = Trials(
        prompt_sets=("demo",), endpoints=(endpoint,), concurrency=CONCURRENCY, latency_calls=0
    )
    run_trials(
        Profile(trials=trials),
        Catalog(),
        Clearance(endpoints=(cleared,), team_class=DataClass.INTERNAL),
        folder=folder,
        as_of=date(2026, 11, 23),
    )
    answered = sum(one.outcome == "answered" for one in read_ledger(folder / LEDGER))
    assert answered == CALLS, f"{answered} of {CALLS} answered"


async def _plain(port: int) -> None:
    import litellm  # noqa: PLC0415  the peer; loading it takes seconds

    turn = asyncio.Semaphore(CONCURRENCY)
    texts: list[str] = []

    async def ask(number: int) -> None:
        async with turn:
            reply = await litellm.acompletion(
                model=f"hosted_vllm/{MODEL}",
                api_base=f"http://127.0.0.1:{port}/v1",
                api_key="no-key",
                messages=[{"role": "user", "content": f"question {number}"}],
                max_tokens=16,
                temperature=0.0,
                stream=True,
                stream_options={"include_usage": True},
            )
            parts = [one.choices[0].delta.content or "" async for one in reply if one.choices]
            texts.append("".join(parts))

    await asyncio.gather(*(ask(number) for number in range(CALLS)))
    assert len(texts) == CALLS
    assert all(texts)
