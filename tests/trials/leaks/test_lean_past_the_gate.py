"""The lean client past the gate: no byte without a permit, one request with one, all logged."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from playbook.profile.endpoints import Endpoint
from playbook.trials.audit import AUDIT_LOG, AuditLog
from playbook.trials.client import CallError, Reply
from playbook.trials.clients import LeanClient
from playbook.trials.gate import GatedClient
from playbook.trials.socket_lock import AddressRefusedError
from playbook.vocabulary import DataClass
from tests.trials.clients.conftest import counting_server
from tests.trials.leaks.conftest import Place, a_request, an_endpoint, nothing_reached

NO_CALL = "the gate has allowed no call; ask through GatedClient"
SPENT = "its call has sent its one request or has ended"
Result = TypeVar("Result")
Work = Callable[[GatedClient, LeanClient], Awaitable[Result]]


def within(place: Place, work: Work[Result]) -> Result:
    """Do some work with a gate and a lean client behind it."""

    async def once() -> Result:
        with AuditLog(place.folder / AUDIT_LOG) as audit:
            client = LeanClient({}, audit)
            try:
                return await work(GatedClient(client, place.clearance, audit), client)
            finally:
                await client.close()

    return asyncio.run(once())


async def through(gate: GatedClient, endpoint: Endpoint) -> Reply:
    return await gate.ask(endpoint, a_request(), data_class=DataClass.INTERNAL, deadline_s=10)


def test_client_alone_sends_nothing(place: Place, outside: SimpleNamespace) -> None:
    place.limits["place"] = (DataClass.RESTRICTED, outside.host_port)

    async def work(_: GatedClient, client: LeanClient) -> None:
        for call in (
            client.ask(an_endpoint(outside), a_request(), deadline_s=5),
            client.check_model(an_endpoint(outside)),
        ):
            with pytest.raises(CallError, match="the gate has allowed no call"):
                await call

    within(place, work)

    assert nothing_reached(outside)
    assert place.events() == ["blocked", "blocked"]
    assert place.blocked() == {outside.host_port: NO_CALL}


def test_connection_that_a_call_left_open_carries_nothing_without_a_permit(
    place: Place, inside: SimpleNamespace
) -> None:
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)

    async def work(gate: GatedClient, client: LeanClient) -> None:
        await through(gate, an_endpoint(inside))
        with pytest.raises(CallError, match="the gate has allowed no call"):
            await client.ask(an_endpoint(inside), a_request(), deadline_s=5)

    within(place, work)

    assert len(inside.bodies) == 1
    assert place.events() == ["send", "blocked"]


def test_session_itself_sends_nothing_without_a_permit(
    place: Place, inside: SimpleNamespace
) -> None:
    """Whoever takes aiohttp's own session out of the client meets the same lock."""
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)

    async def work(gate: GatedClient, client: LeanClient) -> None:
        await through(gate, an_endpoint(inside))
        session = client._sessions["place"]._session  # noqa: SLF001  what a notebook could reach
        for more in ({}, {"proxy": inside.base}, {"ssl": False}):
            with pytest.raises(OSError, match="was refused"):
                await session.post(inside.base, data=b"x", **more)

    within(place, work)

    assert len(inside.paths) == 1
    assert place.events() == ["send", "blocked", "blocked", "blocked"]


def test_permit_is_for_one_endpoint_one_request_and_one_call(
    place: Place, inside: SimpleNamespace
) -> None:
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)
    said: list[str] = []

    async def work(gate: GatedClient, live: LeanClient) -> None:
        left_behind: list[asyncio.Task[Reply]] = []
        over = asyncio.Event()

        async def late(*more: Any, **named: Any) -> Reply:  # noqa: ANN401  passed on
            await over.wait()
            return await live.ask(*more, **named)

        class Twice:
            async def ask(self, endpoint: Endpoint, *more: Any, **named: Any) -> Reply:  # noqa: ANN401  passed on
                reply = await live.ask(endpoint, *more, **named)
                left_behind.append(asyncio.create_task(late(endpoint, *more, **named)))
                for again in (endpoint, endpoint.changed(id="other")):
                    try:
                        await live.ask(again, *more, **named)
                    except CallError as error:
                        said.append(str(error))
                return reply

            async def close(self) -> None: ...

        gate._client = Twice()  # noqa: SLF001  a client that asks more than it may
        await through(gate, an_endpoint(inside))
        over.set()
        said.extend(map(str, await asyncio.gather(*left_behind, return_exceptions=True)))

    within(place, work)

    assert [SPENT in one for one in said] == [True, False, True]
    assert len(inside.bodies) == 1
    assert place.events() == ["send", "blocked", "blocked", "blocked"]


def test_redirect_is_logged_with_its_aim_and_not_followed(
    place: Place, inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)
    inside.behaviour, inside.aim = "redirect", outside.base

    async def work(gate: GatedClient, _: LeanClient) -> None:
        with pytest.raises(CallError, match="was not followed"):
            await through(gate, an_endpoint(inside))

    within(place, work)

    assert nothing_reached(outside)
    assert place.events() == ["send", "blocked"]
    assert place.blocked() == {outside.host_port: "HTTP 307: a redirect there was not followed"}


@pytest.mark.parametrize("aim", ["//xn--", "https:////[ ["])
def test_redirect_to_no_address_is_logged_too(
    aim: str, place: Place, inside: SimpleNamespace
) -> None:
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)
    inside.behaviour, inside.aim = "redirect", aim

    async def work(gate: GatedClient, _: LeanClient) -> None:
        with pytest.raises(CallError):
            await through(gate, an_endpoint(inside))

    within(place, work)

    assert place.events() == ["send", "blocked"]


def test_name_that_moves_between_calls_is_called_where_it_was_first(
    place: Place, inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def moving(host: str, *more: Any, **named: Any) -> Any:  # noqa: ANN401  the seam's signature
        if host != "models.example":
            return real(host, *more, **named)
        looked_up.append("127.0.0.2" if looked_up else "127.0.0.1")
        return real(looked_up[-1], *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", moving)
    place.limits["place"] = (DataClass.INTERNAL, f"models.example:{inside.port}")
    endpoint = an_endpoint(inside).changed(api_base=f"http://models.example:{inside.port}/v1")

    async def work(gate: GatedClient, client: LeanClient) -> list[Reply]:
        replies = []
        for _ in range(3):
            replies.append(await through(gate, endpoint))
            pool = client._sessions["place"]._session.connector  # noqa: SLF001  so that it connects anew
            for idle, _ in [one for kept in pool._conns.values() for one in kept]:  # noqa: SLF001  as above
                idle.close()
        return replies

    with counting_server(inside.port) as moved_to:
        within(place, work)

        assert nothing_reached(moved_to)
    assert looked_up == ["127.0.0.1"]
    assert len(inside.bodies) == 3
    assert inside.headers[0]["host"] == f"models.example:{inside.port}"


def test_call_opens_no_way_out_for_code_beside_it(
    place: Place, inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    """While a reply is read, and after it, a socket elsewhere is refused in the call's task."""
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)
    host, port = outside.host_port.split(":")
    refused: list[type] = []

    async def work(gate: GatedClient, live: LeanClient) -> None:
        class Curious:
            async def ask(self, *more: Any, **named: Any) -> Reply:  # noqa: ANN401  passed on
                reply = await live.ask(*more, **named)
                for aim in ((host, int(port)), ("127.0.0.1", inside.port)):
                    try:
                        socket.create_connection(aim)
                    except OSError as error:
                        refused.append(type(error))
                return reply

            async def close(self) -> None: ...

        gate._client = Curious()  # noqa: SLF001  a client that opens more than it may
        await through(gate, an_endpoint(inside))

    within(place, work)

    assert refused == [AddressRefusedError] * 2
    assert nothing_reached(outside)
