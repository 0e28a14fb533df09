"""Rates and waits of an endpoint, worked out from the ledger alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.rates import rate_figures
from playbook.trials.run import evidence_of
from tests.trials.conftest import (
    AS_OF,
    FakeClient,
    Workplace,
    a_profile,
    an_endpoint,
)
from tests.trials.measured_runs import DAY, an_attempt
from tests.trials.test_runner import FAULTS, failing_first


def test_requests_and_tokens_a_minute_are_told_against_the_limits() -> None:
    """A call a second for two minutes, 2,000 tokens each: 60 and 120,000 in the busiest minute."""
    calls = [an_attempt(n, total_s=2.0, at=DAY + timedelta(seconds=n)) for n in range(120)]

    (own,) = rate_figures([an_endpoint(rpm=100, tpm=200_000)], calls)

    assert (own.requests, own.tokens) == (120, 240_000)
    assert (own.busiest_minute_requests, own.busiest_minute_tokens) == (60, 120_000)
    assert (own.share_of_rpm, own.share_of_tpm) == (0.6, 0.6)
    assert own.requests_per_minute == pytest.approx(120 / (121 / 60))


def test_the_time_between_two_runs_is_no_time_of_a_run() -> None:
    calls = [an_attempt(n, total_s=1.0, at=DAY + timedelta(seconds=n)) for n in range(60)]
    calls += [an_attempt(n, total_s=1.0, at=DAY + timedelta(hours=5, seconds=n)) for n in range(60)]

    (own,) = rate_figures([an_endpoint()], calls)

    assert own.active_minutes == pytest.approx(2, abs=0.05)
    assert (own.rpm, own.share_of_rpm, own.share_of_tpm) == (None, None, None)


def test_failures_retries_and_waits_are_told_by_cause() -> None:
    calls = [
        an_attempt(0, outcome="error", error="rate_limit: HTTP 429", waits_s={"limits": 1.5}),
        an_attempt(1, attempt=2, waits_s={"limits": 0.5, "retry": 2.0, "pause": 7.0}),
        an_attempt(2, outcome="timeout", error="timeout: no full reply within 1 s"),
        an_attempt(3, attempt=2, waits_s={"probe": 4.0}),
    ]

    (own,) = rate_figures([an_endpoint()], calls)

    assert own.failures == {"rate_limit": 1, "timeout": 1}
    assert (own.refused_for_limits, own.retries, own.breaker_openings) == (1, 2, 1)
    assert own.waits_s == {"limits": 2.0, "pause": 7.0, "probe": 4.0, "retry": 2.0}


def test_what_was_not_sent_is_no_call() -> None:
    calls = [
        an_attempt(0, attempt=0, outcome="refused_by_gate"),
        an_attempt(1, recorded=True),
        an_attempt(2, stored_on=datetime(2026, 1, 1, tzinfo=UTC)),
    ]

    assert rate_figures([an_endpoint()], calls) == ()


def test_a_report_made_again_from_the_folder_tells_the_same(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = a_profile(an_endpoint(rpm=60))
    evidence = workplace.run(profile, FakeClient(failing_first(FAULTS["500"])))
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(workplace.params))

    again = evidence_of(profile, folder=workplace.folder, as_of=AS_OF)

    (own,) = evidence.rates
    assert again.rates == evidence.rates
    assert own.requests == len(read_ledger(workplace.folder / LEDGER)) == 20
    assert own.failures == {"server": 10}
    assert own.waits_s["limits"] > 0
    assert own.waits_s["retry"] > 0
