"""No prompt is sent that the clearance keeps back, and none before its audit line is on disk."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.clearance import Clearance, EndpointClearance
from playbook.profile.endpoints import Endpoint
from playbook.profile.trial_settings import ScanOverride
from playbook.trials.audit import AuditLine, AuditLog, read_audit
from playbook.trials.client import ClientName, Message, Reply, Request
from playbook.trials.gate import GatedClient, Refused, prompt_bytes
from playbook.trials.screening import PromptRef, Screen
from playbook.vocabulary import DataClass

PROMPT = "Patient Jane Roe, born 1970"
REQUEST = Request([Message("user", PROMPT)], max_tokens=5)


class Witness:
    """A client that notes what reached it, and what the audit log held then."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sent: list[str] = []
        self.audited: list[list[AuditLine]] = []
        self.expected = REQUEST
        self.recorded_as: ClientName | None = None

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        assert request == self.expected
        self.sent.append(endpoint.id)
        self.audited.append(list(read_audit(self.path)))
        total_s = min(0.2, deadline_s)
        return Reply("yes", "m", "stop", 1, 1, 0.1, total_s, client=self.recorded_as)

    async def close(self) -> None:
        self.sent.append("closed")


def a_clearance(limit: DataClass | None) -> Clearance:
    entry = EndpointClearance(
        endpoint="api",
        highest_class=limit,
        allowed_addresses=("api.example.org:443",),
        controls=("HIPAA-01",),
        because="Sign a BAA.",
    )
    return Clearance(endpoints=(entry,), team_class=DataClass.RESTRICTED)


def send(
    folder: Path, clearance: Clearance, data_class: DataClass, *, endpoint: str = "api"
) -> tuple[Witness, Refused | None]:
    async def once(gated: GatedClient) -> None:
        await gated.ask(Endpoint(id=endpoint), REQUEST, data_class=data_class, deadline_s=1.0)

    path = folder / "audit.jsonl"
    witness = Witness(path)
    with AuditLog(path) as audit:
        try:
            asyncio.run(once(GatedClient(witness, clearance, audit)))
        except Refused as refused:
            return witness, refused
    return witness, None


@given(limit=st.sampled_from([None, *DataClass]), data_class=st.sampled_from(DataClass))
def test_a_prompt_is_sent_only_within_the_limit(
    tmp_path_factory: pytest.TempPathFactory, limit: DataClass | None, data_class: DataClass
) -> None:
    witness, refused = send(tmp_path_factory.mktemp("run"), a_clearance(limit), data_class)

    within = limit is not None and data_class.rank <= limit.rank
    assert witness.sent == (["api"] if within else [])
    assert (refused is None) is within


def test_refusal_carries_its_ruling_and_is_written(tmp_path: Path) -> None:
    _, refused = send(tmp_path, a_clearance(DataClass.PUBLIC), DataClass.CONFIDENTIAL)

    assert refused is not None
    assert refused.ruling.controls == ("HIPAA-01",)
    assert "Sign a BAA." in str(refused)
    (line,) = read_audit(tmp_path / "audit.jsonl")
    assert (line.entry.event, line.entry.controls) == ("refuse", ("HIPAA-01",))


def test_unknown_endpoint_gets_nothing(tmp_path: Path) -> None:
    witness, refused = send(
        tmp_path, a_clearance(DataClass.RESTRICTED), DataClass.PUBLIC, endpoint="other"
    )

    assert witness.sent == []
    assert "no clearance was computed for endpoint other" in str(refused)


def test_audit_line_is_on_disk_before_anything_is_sent(tmp_path: Path) -> None:
    witness, _ = send(tmp_path, a_clearance(DataClass.INTERNAL), DataClass.INTERNAL)

    ((line,),) = witness.audited
    assert (line.entry.event, line.entry.endpoint) == ("send", "api")
    assert line.entry.addresses == ("api.example.org:443",)
    assert line.entry.prompt_bytes == len(prompt_bytes(REQUEST))


def test_nothing_is_sent_when_the_audit_line_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    witness = Witness(tmp_path / "audit.jsonl")

    async def once(gated: GatedClient) -> None:
        await gated.ask(Endpoint(id="api"), REQUEST, data_class=DataClass.PUBLIC, deadline_s=1.0)

    with AuditLog(witness.path) as audit:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            asyncio.run(once(GatedClient(witness, a_clearance(DataClass.PUBLIC), audit)))

    assert witness.sent == []


def test_prompt_is_never_in_the_audit_log(tmp_path: Path) -> None:
    send(tmp_path, a_clearance(DataClass.INTERNAL), DataClass.INTERNAL)

    raw = (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
    assert "Jane" not in raw
    assert "Patient" not in raw


def scanned(folder: Path, label: DataClass, *overrides: ScanOverride) -> tuple[Witness, list[str]]:
    """Send a prompt with an SSN where restricted data may go; return who got it, and the events."""
    witness = Witness(folder / "audit.jsonl")
    request = Request([Message("user", "SSN 523-84-1967")], max_tokens=5)
    ref = PromptRef("tickets", "p1")

    async def once(gated: GatedClient) -> None:
        await gated.ask(Endpoint(id="api"), request, data_class=label, deadline_s=1.0, ref=ref)

    screen = Screen(overrides, as_of=date(2026, 11, 23))
    with AuditLog(witness.path) as audit, suppress(Refused):
        gated = GatedClient(witness, a_clearance(DataClass.RESTRICTED), audit, screen)
        witness.expected = request
        asyncio.run(once(gated))
    return witness, [line.entry.event for line in read_audit(witness.path)]


AN_OVERRIDE = ScanOverride(
    prompt_set="tickets",
    rule="us_ssn",
    owner="data protection officer",
    reason="the numbers are made up",
    decided_on=date(2026, 11, 1),
)


def test_a_prompt_that_holds_more_than_its_label_is_not_sent(tmp_path: Path) -> None:
    witness, events = scanned(tmp_path, DataClass.INTERNAL)

    assert witness.sent == []
    assert events == ["refuse"]
    (line,) = read_audit(witness.path)
    assert line.entry.controls == ("SCAN:us_ssn",)
    assert "characters 5 to 15" in line.entry.because
    assert "1967" not in witness.path.read_text(encoding="utf-8")


def test_a_prompt_whose_label_says_it_is_sent(tmp_path: Path) -> None:
    witness, events = scanned(tmp_path, DataClass.RESTRICTED)

    assert (witness.sent, events) == (["api"], ["send"])


def test_an_override_is_on_disk_before_the_prompt_is_sent(tmp_path: Path) -> None:
    witness, events = scanned(tmp_path, DataClass.INTERNAL, AN_OVERRIDE)

    assert witness.sent == ["api"]
    assert events == ["override", "send"]
    override, send = witness.audited[0]
    assert override.entry.controls == ("SCAN:us_ssn",)
    assert "data protection officer" in override.entry.because
    assert "the numbers are made up" in override.entry.because
    assert override.entry.prompt_hmac == send.entry.prompt_hmac


def test_an_override_opens_no_endpoint_that_the_clearance_closes(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "audit.jsonl")
    screen = Screen((AN_OVERRIDE,), as_of=date(2026, 11, 23))

    async def once(gated: GatedClient) -> None:
        ref = PromptRef("tickets", "p1")
        await gated.ask(
            Endpoint(id="api"), REQUEST, data_class=DataClass.INTERNAL, deadline_s=1.0, ref=ref
        )

    with AuditLog(witness.path) as audit, pytest.raises(Refused, match=r"Sign a BAA\."):
        asyncio.run(once(GatedClient(witness, a_clearance(DataClass.PUBLIC), audit, screen)))

    assert witness.sent == []
    assert [line.entry.event for line in read_audit(witness.path)] == ["refuse"]


def test_a_scan_that_fails_sends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        msg = "broken"
        raise ValueError(msg)

    monkeypatch.setattr("playbook.trials.screening.scan", broken)

    with pytest.raises(ValueError, match="broken"):
        send(tmp_path, a_clearance(DataClass.RESTRICTED), DataClass.INTERNAL)

    assert list(read_audit(tmp_path / "audit.jsonl")) == []


@pytest.mark.parametrize(("client", "told"), [("lean", True), ("replay", False)])
def test_reply_tells_what_its_client_did_but_for_one_that_is_replayed(
    tmp_path: Path,
    client: ClientName,
    told: bool,  # noqa: FBT001  a table of cases
) -> None:
    async def once(gated: GatedClient) -> Reply:
        return await gated.ask(
            Endpoint(id="api"), REQUEST, data_class=DataClass.PUBLIC, deadline_s=1.0
        )

    witness = Witness(tmp_path / "audit.jsonl")
    witness.recorded_as = client
    with AuditLog(witness.path) as audit:
        reply = asyncio.run(once(GatedClient(witness, a_clearance(DataClass.PUBLIC), audit)))

    assert (reply.client_lag_s is not None, reply.client_busy is not None) == (told, told)
