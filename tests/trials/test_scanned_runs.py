"""A run with prompts that hold more than their label: kept back, listed, and asked when decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from playbook.errors import TrialError
from playbook.profile import Endpoint
from playbook.trials.client import Client
from playbook.trials.connecting import Connection, given
from playbook.trials.ledger import LEDGER
from playbook.trials.timing import Timing
from tests.trials.conftest import (
    AS_OF,
    FakeClient,
    Workplace,
    a_clearance,
    a_profile,
    a_prompt,
    an_endpoint,
    write_prompt_set,
)

SSN = "523-84-1967"
OVERRIDE = {
    "prompt_set": "demo",
    "rule": "us_ssn",
    "owner": "data protection officer",
    "reason": "made up",
    "decided_on": "2026-11-01",
}


def with_ssn(number: int, role: str = "user") -> dict[str, object]:
    asked = {"role": "user", "content": f"question {number}"}
    return a_prompt(number, messages=[{"role": role, "content": f"SSN {SSN}"}, asked])


def events(place: Workplace) -> list[str]:
    lines = (place.folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["entry"]["event"] for line in lines]


@pytest.mark.parametrize("role", ["system", "user", "assistant"])
def test_a_prompt_with_more_than_its_label_is_a_refusal_among_the_results(
    workplace: Workplace, role: str
) -> None:
    write_prompt_set(workplace.params, [a_prompt(0), with_ssn(1, role)])
    client = FakeClient()

    evidence = workplace.run(a_profile(), client)

    assert client.asked == [("own", "question 0")]
    assert evidence.status == "complete"
    own = evidence.endpoints[0]
    assert own.results[0].outcomes == {"answered": 1, "refused_by_gate": 1}
    assert own.refusal_reasons == (
        "SCAN:us_ssn: found above the label in 1 of the prompts; the ledger says where",
    )
    assert sorted(events(workplace)) == ["refuse", "send"]


def test_the_value_is_in_no_file_of_the_run(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(0), with_ssn(1)])

    evidence = workplace.run(a_profile(), FakeClient())

    files = [path for path in workplace.folder.rglob("*") if path.is_file()]
    assert files
    assert all(SSN.encode() not in path.read_bytes() for path in files)
    assert SSN not in evidence.model_dump_json()


def test_a_kept_back_prompt_is_not_asked_nor_written_again_on_resume(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(0), with_ssn(1)])
    first = workplace.run(a_profile(), FakeClient())
    ledger, logged = (workplace.folder / LEDGER).read_text(), events(workplace)
    client = FakeClient()

    second = workplace.run(a_profile(), client)

    assert client.asked == []
    assert second == first
    assert (workplace.folder / LEDGER).read_text() == ledger
    assert events(workplace) == logged


def test_a_decision_made_after_a_run_lets_the_prompt_go_on_resume(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [a_prompt(0), with_ssn(1)])
    workplace.run(a_profile(), FakeClient())
    client = FakeClient()

    evidence = workplace.run(a_profile(scan_overrides=(OVERRIDE,)), client)

    assert client.asked == [("own", "question 1")]
    assert events(workplace)[-2:] == ["override", "send"]
    assert evidence.endpoints[0].refused_by_gate == 0
    (line,) = [one for one in evidence.not_considered if one.startswith("scan override:")]
    assert "data protection officer let us_ssn pass in 1 of the prompts of demo" in line


def test_a_decision_that_has_ended_keeps_the_prompt_back_on_resume(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [with_ssn(1)])
    ended = OVERRIDE | {"valid_until": "2026-11-22"}
    client = FakeClient()

    evidence = workplace.run(a_profile(scan_overrides=(ended,)), client)

    assert client.asked == []
    assert evidence.endpoints[0].refused_by_gate == 1


def test_what_a_decision_let_pass_is_not_shown_as_a_sample(workplace: Workplace) -> None:
    prompts = [
        a_prompt(0, messages=[{"role": "user", "content": f"question {SSN}"}]),
        a_prompt(1),
    ]
    write_prompt_set(workplace.params, prompts)

    evidence = workplace.run(a_profile(scan_overrides=(OVERRIDE,)), FakeClient())

    assert [one.prompt for one in evidence.samples] == ["p001"]
    assert SSN not in evidence.model_dump_json()


def test_no_endpoint_is_got_ready_when_all_its_prompts_are_kept_back(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_prompt_set(workplace.params, [with_ssn(1)])
    ready: list[Endpoint] = []

    def noting(client: Client, endpoints: Sequence[Endpoint]) -> Connection:
        ready.extend(endpoints)
        return given(client, endpoints)

    monkeypatch.setattr("playbook.trials.run.given", noting)

    workplace.run(a_profile(), FakeClient())

    assert ready == []


def test_the_label_of_one_prompt_may_say_it(workplace: Workplace) -> None:
    write_prompt_set(workplace.params, [with_ssn(1) | {"data_class": "restricted"}])
    profile, client = a_profile(an_endpoint("own")), FakeClient()

    workplace.run(profile, client, clearance=a_clearance(profile, own="restricted"))  # type: ignore[arg-type]

    assert client.asked == [("own", "question 1")]


def test_a_model_for_names_that_is_missing_is_told_before_anything_is_sent(
    workplace: Workplace,
) -> None:
    client = FakeClient()

    with pytest.raises(TrialError, match=r"trials\.scan_model: 'no_such_model'"):
        workplace.run(a_profile(scan_model="no_such_model"), client)

    assert client.asked == []
    assert not workplace.folder.exists()


def test_a_run_for_an_earlier_day_revives_no_decision_that_has_ended_since(
    workplace: Workplace,
) -> None:
    write_prompt_set(workplace.params, [with_ssn(0)])
    ended = OVERRIDE | {"valid_until": AS_OF.isoformat()}
    next_day = datetime(2026, 11, 24, 12, tzinfo=UTC)
    client = FakeClient()

    workplace.run(a_profile(scan_overrides=(ended,)), client, timing=Timing(now=lambda: next_day))

    assert client.asked == []
    assert events(workplace) == ["refuse"]
