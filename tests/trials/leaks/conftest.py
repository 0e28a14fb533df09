"""What leak tests share: a server inside and one outside, and a gate before a real client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import pytest

from playbook.clearance import Clearance, EndpointClearance
from playbook.profile.endpoints import Endpoint
from playbook.trials.audit import AUDIT_LOG, AuditEntry, AuditLog, read_audit, verify_audit
from playbook.trials.client import CallError, Message, Reply, Request
from playbook.trials.clients import LitellmClient
from playbook.trials.gate import GatedClient, Refused
from playbook.vocabulary import DataClass
from tests.trials.clients.conftest import inside, outside

__all__ = ["inside", "outside", "place"]

FORBIDDEN = "FORBIDDEN-PROMPT-4711"
KINDS = pytest.mark.parametrize("prefix", ["hosted_vllm", "openai", "anthropic"])
Result = TypeVar("Result")


def an_endpoint(server: SimpleNamespace, prefix: str = "hosted_vllm") -> Endpoint:
    name = "claude-sonnet-4-5-20250929" if prefix == "anthropic" else "some-model"
    base = server.base if prefix == "anthropic" else f"{server.base}/v1"
    return Endpoint(id="place", litellm_model=f"{prefix}/{name}", api_base=base)


def a_request(text: str = FORBIDDEN) -> Request:
    return Request([Message("user", text)], max_tokens=5)


@dataclass
class Place:
    """A run folder, and the limits of its endpoints: highest class and allowed address."""

    folder: Path
    limits: dict[str, tuple[DataClass | None, str]] = field(default_factory=dict)

    @property
    def clearance(self) -> Clearance:
        entries = [
            EndpointClearance(endpoint=name, highest_class=limit, allowed_addresses=(address,))
            for name, (limit, address) in self.limits.items()
        ]
        return Clearance(endpoints=tuple(entries), team_class=DataClass.RESTRICTED)

    def within(self, work: Callable[[GatedClient, LitellmClient], Awaitable[Result]]) -> Result:
        """Do some work with a gate and the client behind it; check the log afterwards."""

        async def once() -> Result:
            with AuditLog(self.folder / AUDIT_LOG) as audit:
                client = LitellmClient({}, audit)
                try:
                    return await work(GatedClient(client, self.clearance, audit), client)
                finally:
                    await client.close()

        try:
            return asyncio.run(once())
        finally:
            assert verify_audit(self.folder / AUDIT_LOG).intact

    def ask(
        self,
        endpoint: Endpoint,
        data_class: DataClass = DataClass.INTERNAL,
        *,
        request: Request | None = None,
    ) -> Reply | CallError | Refused:
        """Ask once through the gate."""

        async def work(gate: GatedClient, _: LitellmClient) -> Reply | CallError | Refused:
            asked = request or a_request()
            try:
                return await gate.ask(endpoint, asked, data_class=data_class, deadline_s=20)
            except (CallError, Refused) as error:
                return error

        return self.within(work)

    def lines(self) -> list[AuditEntry]:
        return [line.entry for line in read_audit(self.folder / AUDIT_LOG)]

    def events(self) -> list[str]:
        return [one.event for one in self.lines()]

    def blocked(self) -> Mapping[str, str]:
        """Return why attempts were stopped, by address."""
        return {one.address: one.because for one in self.lines() if one.event == "blocked"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def nothing_reached(server: SimpleNamespace) -> bool:
    return (server.connections, server.received) == (0, 0)
