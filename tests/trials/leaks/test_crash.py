"""kill -9 around a send: what was about to leave is in the log, and resuming leaks nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from playbook.trials.audit import AUDIT_LOG, read_audit, verify_audit
from tests.trials.conftest import Workplace, a_prompt, write_prompt_set
from tests.trials.leaks.conftest import FORBIDDEN, nothing_reached

SCRIPT = Path(__file__).with_name("crashing_run.py")


def start(place: Workplace, server: SimpleNamespace, when: str) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, str(SCRIPT), when, server.host_port, str(place.folder)]
    environment = os.environ | {"PLAYBOOK_PARAMS_DIR": str(place.params)}
    return subprocess.Popen(arguments, env=environment)


def events(place: Workplace) -> list[str]:
    assert verify_audit(place.folder / AUDIT_LOG).intact
    return [line.entry.event for line in read_audit(place.folder / AUDIT_LOG)]


@pytest.fixture
def allowed_and_forbidden(workplace: Workplace) -> Workplace:
    forbidden = [{"role": "user", "content": FORBIDDEN}]
    prompts = [a_prompt(0), a_prompt(1, data_class="restricted", messages=forbidden)]
    write_prompt_set(workplace.params, prompts)
    return workplace


@pytest.mark.parametrize("when", ["before", "during"])
def test_a_run_killed_around_a_send_leaks_nothing_then_or_when_resumed(
    when: str,
    allowed_and_forbidden: Workplace,
    inside: SimpleNamespace,
    outside: SimpleNamespace,
) -> None:
    place = allowed_and_forbidden
    inside.aim = outside.base
    inside.next = ["kill", "redirect"] if when == "during" else ["redirect"]
    first = start(place, inside, when)
    inside.kill = lambda: first.send_signal(signal.SIGKILL)

    assert first.wait(60) == -signal.SIGKILL
    assert events(place) == ["send"]
    assert len(inside.bodies) == (when == "during")
    assert start(place, inside, "never").wait(60) == 0

    assert sorted(events(place)) == ["refuse", "send", "send"]
    assert FORBIDDEN not in str(inside.bodies)
    assert nothing_reached(outside)
    aims = [line.entry.address for line in read_audit(place.folder / "stopped.jsonl")]
    assert aims == [outside.host_port]
