"""A load sweep over the real wire: a loopback server of a known speed is measured as that fast."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.profile.sections import Workload
from playbook.trials import Evidence, run_trials
from playbook.trials.audit import AUDIT_LOG, read_audit, verify_audit
from playbook.vocabulary import DataClass
from tests.slow.loopback import serving
from tests.trials.conftest import a_profile, a_prompt, write_prompt_set
from tests.trials.measured_runs import an_own_server

pytestmark = pytest.mark.slow
TOKENS, DELAY_S, LOADS = 2, 1.0, (4, 8)


def swept(root: Path, *, delay_s: float, slots: int = 1_000, **trials: object) -> Evidence:
    """Return what a run of ten prompts and a sweep finds out about a server."""
    write_prompt_set(root, [a_prompt(number) for number in range(10)])
    with serving(delay_s=delay_s, slots=slots) as server:
        port = server.server_address[1]
        endpoint = an_own_server(api_base=f"http://127.0.0.1:{port}/v1")
        level = Workload(first_token_p95_s=0.8, output_tokens_per_second=1)
        cleared = EndpointClearance(
            endpoint="own",
            highest_class=DataClass.INTERNAL,
            allowed_addresses=(f"127.0.0.1:{port}",),
        )
        return run_trials(
            a_profile(endpoint, latency_calls=0, **trials).changed(workload=level),
            load_catalog(),
            Clearance(endpoints=(cleared,), team_class=DataClass.INTERNAL),
            folder=root / "run",
            as_of=date(2026, 11, 23),
        )


def test_a_server_that_takes_a_second_for_a_call_is_measured_at_each_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call writes 2 tokens in 1 s: 8 a second with 4 in flight, 16 with 8."""
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path))

    evidence = swept(tmp_path, delay_s=DELAY_S, load_sweep=LOADS, load_calls=52)

    rates = {one.concurrency: one.output_tokens_per_second for one in evidence.measurements}
    assert {load: rates[load] for load in LOADS} == {
        load: pytest.approx(load * TOKENS / DELAY_S, rel=0.15) for load in LOADS
    }
    log = tmp_path / "run" / AUDIT_LOG
    assert verify_audit(log).intact
    sent = [line for line in read_audit(log) if line.entry.event == "send"]
    assert len(sent) == evidence.attempts


def test_a_server_with_four_places_has_its_knee_at_four_and_its_limit_at_eight_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four places of 0.5 s: 8 calls a second at most. At 16 in flight every call waits for
    three others, which is beyond the service level; at 20 a second the queue only grows."""
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path))

    evidence = swept(
        tmp_path,
        delay_s=0.5,
        slots=4,
        load_sweep=(2, 4, 16),
        load_rates=(3.0, 20.0, 32.0),
        load_calls=40,
    )

    closed, unasked = evidence.load_curves
    rates = {one.load: one.requests_per_second for one in (*closed.points, *unasked.points)}
    assert {load: rate.value for load, rate in rates.items() if rate} == {
        2: pytest.approx(4, rel=0.15),
        4: pytest.approx(8, rel=0.15),
        16: pytest.approx(8, rel=0.25),
        3: pytest.approx(3, rel=0.5),
        20: pytest.approx(8, rel=0.25),
        32: pytest.approx(8, rel=0.25),
    }
    assert (closed.knee, closed.best) == (4, 4)
    assert (unasked.knee, unasked.best) == (3, 3)
    late = unasked.points[1].first_token_p95_s
    assert late is not None
    assert late.value > 1.5
