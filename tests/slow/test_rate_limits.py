"""Limits that a loopback server enforces over each minute: none is passed, and both are used."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import Catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.trials import run_trials
from playbook.vocabulary import DataClass
from tests.trials.conftest import a_profile, a_prompt, an_endpoint, write_prompt_set
from tests.trials.faults.server import (
    MODEL,
    READ_TOKENS,
    WRITTEN_TOKENS,
    FaultServer,
    Limits,
    serving,
)

pytestmark = pytest.mark.slow
RPM, TPM = 1_200, 9_000
MINUTES = 2.0
TOKENS = READ_TOKENS + WRITTEN_TOKENS


@pytest.mark.parametrize(("rpm", "tpm"), [(RPM, None), (None, TPM)])
def test_no_call_is_refused_and_95_percent_of_the_limit_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rpm: int | None, tpm: int | None
) -> None:
    per_minute = rpm or TPM // TOKENS
    prompts = round(per_minute * MINUTES)
    write_prompt_set(tmp_path, [a_prompt(number) for number in range(prompts)])
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path))
    with serving(FaultServer(delay_s=0.2, limits=Limits(rpm, tpm))) as server:
        endpoint = an_endpoint(
            litellm_model=f"hosted_vllm/{MODEL}", api_base=server.base, rpm=rpm, tpm=tpm
        )
        cleared = EndpointClearance(
            endpoint="own",
            highest_class=DataClass.INTERNAL,
            allowed_addresses=(f"127.0.0.1:{server.port}",),
        )
        evidence = run_trials(
            a_profile(endpoint, client="lean", concurrency=64),
            Catalog(),
            Clearance(endpoints=(cleared,), team_class=DataClass.INTERNAL),
            folder=tmp_path / "run",
            as_of=date(2026, 11, 23),
        )

    first, last = server.arrivals[0], server.arrivals[-1]
    warm = [at for at in server.arrivals if first + 30 <= at < last]
    used = len(warm) / ((last - first - 30) / 60) / per_minute
    assert server.refused == 0
    assert used >= 0.95
    (own,) = evidence.rates
    assert own.refused_for_limits == 0
    assert (own.share_of_rpm or own.share_of_tpm or 0) <= 1
