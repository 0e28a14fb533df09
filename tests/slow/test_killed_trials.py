"""kill -9 at random times, again and again, while a server fails in every way: nothing is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from playbook.trials.audit import AUDIT_LOG, read_audit, verify_audit
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.money import charged_usd
from tests.trials.conftest import Workplace, a_prompt, write_prompt_set
from tests.trials.faults import run_to_kill
from tests.trials.faults.server import FAULTS, FINAL, Fault, FaultServer, serving

pytestmark = pytest.mark.slow

PROMPTS, KILLS, LATENCY_CALLS, LONGEST_S = 140, 20, 20, 300
FIRST_CALL_S = 60.0
"""A run may take so long to start on a busy machine; its time to be killed counts from there."""


def start(place: Workplace, base: str, client: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PLAYBOOK_PARAMS_DIR": str(place.params)}
    command = [sys.executable, run_to_kill.__file__, base, client, str(place.folder)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def kill_at_random(run: subprocess.Popen[bytes], server: FaultServer, rng: random.Random) -> bool:
    """Kill a run some time after its first call; return whether it was still running."""
    before, waits_until = server.asked.total(), time.monotonic() + FIRST_CALL_S
    while server.asked.total() == before and run.poll() is None and time.monotonic() < waits_until:
        time.sleep(0.005)
    time.sleep(rng.uniform(0, 0.5))
    was_running = run.poll() is None
    run.kill()
    run.communicate()
    return was_running


@pytest.mark.parametrize("client", ["lean", "litellm"])
def test_after_20_kills_every_prompt_has_one_result_and_none_was_asked_for_twice(
    tmp_path: Path, client: str
) -> None:
    place, rng = Workplace(tmp_path), random.Random(20_261_123)  # noqa: S311  when to kill
    write_prompt_set(place.params, [a_prompt(number) for number in range(PROMPTS)])
    kinds: list[Fault] = [rng.choice(FAULTS) for _ in range(PROMPTS // 2)]
    faults = {f"question {2 * number}": one for number, one in enumerate(kinds)}
    recorded: dict[str, int] = {}
    kills = 0
    with serving(FaultServer(faults, delay_s=0.05)) as server:
        for _ in range(KILLS):
            kills += kill_at_random(start(place, server.base, client), server, rng)
            for one in read_ledger(place.folder / LEDGER):
                if one.final and one.purpose == "trial":
                    question = f"question {int(one.prompt[1:])}"
                    recorded.setdefault(question, server.asked[question])
        last = start(place, server.base, client)
        output, _ = last.communicate(timeout=LONGEST_S)

    assert (kills, output.decode()) == (KILLS, "complete")
    lines = read_ledger(place.folder / LEDGER)
    finals = [one for one in lines if one.final]
    assert len({one.run_key for one in finals}) == len(finals)
    trials = [one for one in finals if one.purpose == "trial"]
    assert {one.prompt for one in trials} == {f"p{number:03d}" for number in range(PROMPTS)}
    assert len(trials) == PROMPTS
    latency = [one for one in finals if one.purpose == "latency"]
    assert len(latency) == (LATENCY_CALLS if client == "litellm" else 0)
    whole = {one.prompt for one in trials if one.outcome == "answered" and one.passed}
    assert len(whole) >= PROMPTS - sum(kind in FINAL for kind in kinds)
    asked_later = {
        question: server.asked[question] - count
        for question, count in recorded.items()
        if server.asked[question] > count
    }
    of_latency = {f"question {int(one.prompt[1:])}" for one in latency}
    assert set(asked_later) <= of_latency, "a recorded answer was asked for again"
    assert charged_usd(lines) > 0
    log = place.folder / AUDIT_LOG
    assert verify_audit(log).intact
    sent = sum(line.entry.event == "send" for line in read_audit(log))
    assert sent >= server.asked.total() >= len(lines)
