"""The guarded transport sends nothing without a permit, and plain http only where it was pinned."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from playbook.trials.audit import AuditEntry, AuditLog, read_audit
from playbook.trials.permits import permitted, write_blocked
from playbook.trials.pinning import is_private
from playbook.trials.socket_lock import AddressRefusedError, connections_allowed
from playbook.trials.transport import GuardedTransport
from tests.trials.clients.conftest import counting_server, inside, outside
from tests.trials.permitting import a_log, a_permit

__all__ = ["inside", "outside"]


def resolve(monkeypatch: pytest.MonkeyPatch, **names: Sequence[str]) -> list[str]:
    """Let names have addresses; `_` stands for a dot. Returns the names that are looked up."""
    known = {name.replace("_", "."): addresses for name, addresses in names.items()}
    real, asked = socket.getaddrinfo, []

    def stand_in(host: str, *more: Any, **named: Any) -> Any:  # noqa: ANN401  the seam's signature
        if host not in known:
            return real(host, *more, **named)
        asked.append(host)
        return [row for one in known[host] for row in real(one, *more, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", stand_in)
    return asked


async def get(transport: GuardedTransport, url: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        return await client.get(url)


def fetch(url: str, *allowed: str, endpoint: str = "place") -> httpx.Response:
    with a_log() as log, a_permit(*allowed, endpoint=endpoint):
        return asyncio.run(get(GuardedTransport("place", log), url))


def test_without_a_permit_nothing_is_sent_and_the_attempt_is_logged_before_it_is_told(
    outside: SimpleNamespace, tmp_path: Path
) -> None:
    path = tmp_path / "audit.jsonl"

    with AuditLog(path) as log, pytest.raises(AddressRefusedError, match="has allowed no call"):
        asyncio.run(get(GuardedTransport("place", log), f"{outside.base}/?prompt"))

    (line,) = read_audit(path)
    assert (line.entry.event, line.entry.endpoint) == ("blocked", "place")
    assert line.entry.address == outside.host_port
    assert "prompt" not in path.read_text(encoding="utf-8").replace("prompt_", "")
    assert outside.connections == 0


def test_a_permit_of_another_endpoint_opens_nothing(outside: SimpleNamespace) -> None:
    with pytest.raises(AddressRefusedError, match="has allowed no call"):
        fetch(outside.base, outside.host_port, endpoint="other")

    assert outside.connections == 0


def test_a_permit_ends_with_its_call_even_if_nothing_was_sent(outside: SimpleNamespace) -> None:
    async def left_behind() -> httpx.Response:
        over = asyncio.Event()
        with a_log() as log:
            transport = GuardedTransport("place", log)

            async def late() -> httpx.Response:
                await over.wait()
                return await get(transport, outside.base)

            with a_permit(outside.host_port):
                task = asyncio.create_task(late())
            over.set()
            return await task

    with pytest.raises(AddressRefusedError, match="or has ended"):
        asyncio.run(left_behind())

    assert outside.connections == 0


def test_the_wire_stays_shut_when_the_log_cannot_be_written(outside: SimpleNamespace) -> None:
    with a_log() as log:
        transport = GuardedTransport("place", log)

    with pytest.raises(AddressRefusedError, match="the audit log could not be written"):
        asyncio.run(get(transport, outside.base))

    assert outside.connections == 0


def test_a_blocked_line_names_the_call_that_it_was_part_of(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    call = AuditEntry(event="send", endpoint="place", prompt_hmac="ab", clearance_sha256="cd")

    with AuditLog(path) as log, permitted(call):
        write_blocked(log, "place", "x" * 1000, "why")

    (line,) = read_audit(path)
    assert (line.entry.event, line.entry.prompt_hmac) == ("blocked", "ab")
    assert (line.entry.clearance_sha256, line.entry.because) == ("cd", "why")
    assert len(line.entry.address) == 300


def test_a_name_with_several_addresses_is_called_at_the_first_that_answers(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve(monkeypatch, two_example=["127.0.0.9", "127.0.0.1"])

    reply = fetch(f"http://two.example:{inside.port}/v1/models", f"two.example:{inside.port}")

    assert reply.status_code == 200
    assert asked == ["two.example"]
    assert inside.headers[0]["host"] == f"two.example:{inside.port}"


def test_localhost_works_whatever_addresses_it_has(inside: SimpleNamespace) -> None:
    reply = fetch(f"http://localhost:{inside.port}/v1/models", f"localhost:{inside.port}")

    assert reply.status_code == 200


@pytest.mark.parametrize("address", ["203.0.113.7", "100.64.0.1", "2001:db8::1"])
def test_plain_http_to_a_public_address_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    resolve(monkeypatch, api_example=[address])
    path = tmp_path / "audit.jsonl"

    with (
        AuditLog(path) as log,
        a_permit("api.example:80"),
        pytest.raises(AddressRefusedError, match="would carry prompts in the clear; use https"),
    ):
        asyncio.run(get(GuardedTransport("place", log), "http://api.example/"))

    (line,) = read_audit(path)
    assert (line.entry.event, line.entry.address) == ("blocked", "api.example:80")


def test_of_a_name_with_private_and_public_addresses_only_the_private_ones_are_called(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, both_example=["203.0.113.7", "127.0.0.1"])

    reply = fetch(f"http://both.example:{inside.port}/v1/models", f"both.example:{inside.port}")

    assert reply.status_code == 200


def test_a_name_that_is_not_found_is_a_failed_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(httpx.ConnectError, match=r"gone\.example can't be looked up"):
        fetch("http://gone.example/", "gone.example:80")


def test_even_the_guarded_connection_opens_only_what_was_pinned(inside: SimpleNamespace) -> None:
    told: list[str] = []

    def report(address: str, because: str) -> None:
        told.append(f"{address} {because}")

    with counting_server(inside.port) as other:
        host, port = other.host_port.split(":")
        with (
            connections_allowed({("127.0.0.1", inside.port)}, report),
            pytest.raises(AddressRefusedError, match="it was not pinned"),
        ):
            socket.create_connection((host, int(port)))

        assert other.connections == 0
    assert told == [f"{other.host_port} it was not pinned"]


def test_over_https_the_port_is_held_and_the_certificate_proves_the_name() -> None:
    with (
        connections_allowed({(None, 443)}, lambda *_: None),
        pytest.raises(AddressRefusedError, match="it was not pinned"),
    ):
        socket.create_connection(("127.0.0.1", 444))


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True), ("::1", True), ("10.1.2.3", True), ("172.31.0.1", True),
        ("172.32.0.1", False), ("192.168.0.1", True), ("169.254.1.1", True), ("fe80::1", True),
        ("fd00::1", True), ("::ffff:10.0.0.1", True), ("::ffff:8.8.8.8", False),
        ("8.8.8.8", False), ("100.64.0.1", False), ("2606:4700::1", False), ("0.0.0.0", False),  # noqa: S104  the address itself
    ],
)  # fmt: skip
def test_private_addresses_are_loopback_link_local_and_of_private_networks(
    address: str,
    private: bool,  # noqa: FBT001  a table of cases
) -> None:
    assert is_private(address) is private
