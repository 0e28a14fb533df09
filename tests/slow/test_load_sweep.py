"""A load sweep over the real wire: a loopback server of a known speed is measured as that fast."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.profile import Profile
from playbook.trials import run_trials
from playbook.trials.audit import AUDIT_LOG, read_audit, verify_audit
from playbook.vocabulary import DataClass
from tests.slow.loopback import serving
from tests.trials.conftest import a_profile, a_prompt, write_prompt_set
from tests.trials.measured_runs import an_own_server

pytestmark = pytest.mark.slow
TOKENS, DELAY_S, LOADS = 2, 1.0, (4, 8)


def a_team(port: int) -> Profile:
    address = f"http://127.0.0.1:{port}/v1"
    return a_profile(an_own_server(api_base=address), load_sweep=LOADS, load_calls=52)


def test_a_server_that_takes_a_second_for_a_call_is_measured_at_each_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call writes 2 tokens in 1 s: 8 a second with 4 in flight, 16 with 8."""
    write_prompt_set(tmp_path, [a_prompt(number) for number in range(10)])
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path))
    with serving(delay_s=DELAY_S) as server:
        port = server.server_address[1]
        cleared = EndpointClearance(
            endpoint="own",
            highest_class=DataClass.INTERNAL,
            allowed_addresses=(f"127.0.0.1:{port}",),
        )
        clearance = Clearance(endpoints=(cleared,), team_class=DataClass.INTERNAL)
        evidence = run_trials(
            a_team(port),
            load_catalog(),
            clearance,
            folder=tmp_path / "run",
            as_of=date(2026, 11, 23),
        )

    rates = {one.concurrency: one.output_tokens_per_second for one in evidence.measurements}
    assert rates == {load: pytest.approx(load * TOKENS / DELAY_S, rel=0.15) for load in LOADS}
    log = tmp_path / "run" / AUDIT_LOG
    assert verify_audit(log).intact
    sent = [line for line in read_audit(log) if line.entry.event == "send"]
    assert len(sent) == evidence.attempts
