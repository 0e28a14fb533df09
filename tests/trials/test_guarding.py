"""What both ways out share: addresses, pins, and the count of a reply's bytes."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import yarl

from playbook.trials.guarding import (
    HEAD_BYTES,
    MAX_COMPRESSED_REPLY_BYTES,
    MAX_REPLY_BYTES,
    BodyMeter,
    ReplyTooLongError,
    WireGuard,
    host_port,
)
from playbook.trials.socket_lock import AddressRefusedError, CallTrace
from playbook.trials.transport import address_of
from tests.trials.permitting import a_log, a_permit


@pytest.mark.parametrize(
    "url",
    [
        "https://API.Example.org/v1",
        "http://127.0.0.1:8080/v1",
        "http://[::1]/",
        "https://a@b.example:8443",
        "https://bücher.example/v1",
        "http://localhost",
    ],
)
def test_both_libraries_read_the_same_address_from_a_url(url: str) -> None:
    parsed = yarl.URL(url)

    assert host_port(parsed.scheme, parsed.host or "", parsed.port or 0) == address_of(url)
    assert httpx.URL(url).host.lower() == (parsed.host or "").lower()


def test_meter_keeps_the_first_bytes_and_sees_usage_across_pieces() -> None:
    trace = CallTrace()
    meter = BodyMeter(trace)

    for piece in (b"x" * (HEAD_BYTES + 5), b'"prompt_', b'tokens": 7'):
        meter.take(piece)

    assert trace.head == b"x" * HEAD_BYTES
    assert trace.usage_seen


@pytest.mark.parametrize(
    ("encoding", "limit"),
    [("identity", MAX_REPLY_BYTES), ("gzip", MAX_COMPRESSED_REPLY_BYTES)],
)
def test_meter_stops_at_the_limit_and_sooner_where_a_body_is_compressed(
    encoding: str, limit: int
) -> None:
    meter = BodyMeter(CallTrace(headers={"content-encoding": encoding}))
    meter.take(b"x" * limit)

    with pytest.raises(ReplyTooLongError, match=str(limit)):
        meter.take(b"x")


def test_permit_is_spent_by_the_first_request_that_is_admitted() -> None:
    with a_log() as log, a_permit("127.0.0.1:80"):
        guard = WireGuard("place", log)
        guard.admit("127.0.0.1:80")

        with pytest.raises(AddressRefusedError, match="has sent its one request"):
            guard.admit("127.0.0.1:80")


def test_refused_address_leaves_the_permit_unspent() -> None:
    with a_log() as log, a_permit("127.0.0.1:80"):
        guard = WireGuard("place", log)
        with pytest.raises(AddressRefusedError, match="not an allowed address"):
            guard.admit("127.0.0.1:81")

        assert guard.admit("127.0.0.1:80").requests == 1


def test_https_is_not_pinned_and_http_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def look_up(host: str, port: int) -> tuple[str, ...]:
        asked.append(f"{host}:{port}")
        return ("10.0.0.1", "10.0.0.2")

    monkeypatch.setattr("playbook.trials.guarding.look_up", look_up)

    async def pins(guard: WireGuard) -> list[tuple[str | None, ...]]:
        urls = (("https", 443), ("http", 80), ("http", 80))
        return [await guard.pins(scheme, "models.example", port) for scheme, port in urls]

    with a_log() as log:
        guard = WireGuard("place", log)
        found = asyncio.run(pins(guard))

    assert found == [(None,), ("10.0.0.1", "10.0.0.2"), ("10.0.0.1", "10.0.0.2")]
    assert asked == ["models.example:80"]
    assert guard.pinned("models.example", 80) == ("10.0.0.1", "10.0.0.2")
    assert guard.pinned("models.example", 443) == ()
