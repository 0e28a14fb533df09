"""A run whose answers are code: run once, and never again to make evidence of the ledger."""

from __future__ import annotations

from unittest import mock

import pytest

from playbook.profile import Endpoint
from playbook.trials import run as runs
from playbook.trials import scoring
from playbook.trials.client import Reply, Request
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.scorers.code import ALLOWED_BY
from tests.trials.conftest import (
    AS_OF,
    FakeClient,
    Workplace,
    a_profile,
    a_prompt,
    a_reply,
    write_prompt_set,
)

RUN_CODE = "playbook.trials.code_runs.running.count_passed"


def writes_code(_endpoint: Endpoint, request: Request, _times: int) -> Reply:
    number = int(request.messages[-1].content.split()[1])
    return a_reply(f"```python\ndef f():\n    return {number}\n```")


@pytest.fixture
def coded(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    tests = ["assert f() < 3", "assert f() >= 0"]
    rows = [a_prompt(number, scorers=["code"], expected=tests) for number in range(5)]
    write_prompt_set(workplace.params, rows)
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(workplace.params))
    monkeypatch.setattr(scoring, "_kept", type(scoring._kept)())  # noqa: SLF001  a fresh process
    return workplace


def test_code_is_scored_and_kept_in_the_ledger(
    coded: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOWED_BY, "1")

    evidence = coded.run(a_profile(), FakeClient(writes_code))

    rate = evidence.endpoints[0].results[0].pass_rate
    assert rate is not None
    assert rate.value == pytest.approx(3 / 5)
    scores = [one.scores["code"] for one in read_ledger(coded.folder / LEDGER)]
    assert sorted(scores, key=str) == [0.5, 0.5, 1, 1, 1]


def test_evidence_of_a_ledger_runs_no_code_again_allowed_or_not(
    coded: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOWED_BY, "1")
    first = coded.run(a_profile(), FakeClient(writes_code))
    monkeypatch.setattr(scoring, "_kept", type(scoring._kept)())  # noqa: SLF001  a fresh process

    with mock.patch(RUN_CODE, side_effect=AssertionError("code was run again")):
        allowed = runs.evidence_of(a_profile(), folder=coded.folder, as_of=AS_OF)
        monkeypatch.delenv(ALLOWED_BY)
        not_allowed = runs.evidence_of(a_profile(), folder=coded.folder, as_of=AS_OF)

    assert allowed.endpoints == not_allowed.endpoints == first.endpoints


def test_answers_that_came_without_leave_are_scored_once_there_is_leave(
    coded: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ALLOWED_BY, raising=False)
    before = coded.run(a_profile(), FakeClient(writes_code))
    monkeypatch.setenv(ALLOWED_BY, "1")

    after = runs.evidence_of(a_profile(), folder=coded.folder, as_of=AS_OF)

    assert before.endpoints[0].results[0].pass_rate is None
    assert before.endpoints[0].results[0].not_scored == 5
    rate = after.endpoints[0].results[0].pass_rate
    assert rate is not None
    assert rate.value == pytest.approx(3 / 5)
