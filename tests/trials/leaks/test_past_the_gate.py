"""Whoever takes the library's client and leaves the gate aside sends nothing, and it is logged."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from playbook.profile.endpoints import Endpoint
from playbook.trials.client import CallError, Client, Reply
from playbook.trials.clients import LitellmClient, RecordingClient
from playbook.trials.clients.litellm_client import _litellm_module
from playbook.trials.engine import Address
from playbook.trials.gate import GatedClient
from playbook.vocabulary import DataClass
from tests.trials.leaks.conftest import (
    FORBIDDEN,
    KINDS,
    Place,
    a_request,
    an_endpoint,
    nothing_reached,
)

pytestmark = pytest.mark.filterwarnings("ignore:Item 'summary' on TypedDict:UserWarning")
STREAMED = pytest.mark.parametrize("stream", [False, True])
NO_CALL = "the gate has allowed no call; ask through GatedClient"


def direct(client: LitellmClient, endpoint: Endpoint, **more: object) -> dict[str, Any]:
    """Return arguments of a litellm call that is handed the client object of an endpoint."""
    _, line = client._line(endpoint, client._target(endpoint))  # noqa: SLF001  what a notebook could reach
    messages = [{"role": "user", "content": FORBIDDEN}]
    arguments = {"model": endpoint.litellm_model, "api_base": endpoint.api_base, "api_key": "k"}
    return arguments | {"messages": messages, "client": line, "timeout": 10, **more}


async def asynchronously(**arguments: Any) -> object:  # noqa: ANN401  litellm's
    said = await _litellm_module().acompletion(**arguments)
    return [one async for one in said] if arguments["stream"] else said


async def synchronously(**arguments: Any) -> object:  # noqa: ANN401  litellm's
    said = _litellm_module().completion(**arguments)
    return list(said) if arguments["stream"] else said


def fails(place: Place, work: Callable[[GatedClient, LitellmClient], Awaitable[object]]) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  litellm raises of all kinds
        place.within(work)


@KINDS
@STREAMED
def test_litellm_called_directly_with_the_librarys_client_sends_nothing(
    prefix: str,
    stream: bool,  # noqa: FBT001  a table of cases
    place: Place,
    outside: SimpleNamespace,
) -> None:
    place.limits["place"] = (DataClass.RESTRICTED, outside.host_port)

    async def work(_: GatedClient, client: LitellmClient) -> object:
        return await asynchronously(**direct(client, an_endpoint(outside, prefix), stream=stream))

    fails(place, work)

    assert nothing_reached(outside)
    assert place.blocked() == {outside.host_port: NO_CALL}


@pytest.mark.parametrize("prefix", ["hosted_vllm", "openai", "anthropic", "gemini", "ollama_chat"])
@STREAMED
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_litellm_called_synchronously_beside_the_librarys_client_sends_nothing(
    prefix: str,
    stream: bool,  # noqa: FBT001  a table of cases
    place: Place,
    outside: SimpleNamespace,
) -> None:
    """Given an asynchronous client, it opens its own connection, or fails before it opens any."""
    place.limits["place"] = (DataClass.RESTRICTED, outside.host_port)

    async def work(_: GatedClient, client: LitellmClient) -> object:
        return await synchronously(**direct(client, an_endpoint(outside, prefix), stream=stream))

    fails(place, work)
    gc.collect()  # a coroutine that litellm drops warns here, not in another test

    assert nothing_reached(outside)
    assert set(place.blocked().values()) <= {"litellm opened it by itself, past the gate"}
    assert place.blocked() or prefix in {"openai", "anthropic"}


@KINDS
def test_litellm_called_with_a_client_of_its_own_is_stopped_while_ours_is_open(
    prefix: str, place: Place, outside: SimpleNamespace
) -> None:
    """At an address; a name with several is tried in tasks, which only egress rules see."""

    async def work(_: GatedClient, client: LitellmClient) -> object:
        asked = direct(client, an_endpoint(outside, prefix), stream=False, max_retries=0)
        return await asynchronously(**asked | {"client": None})

    fails(place, work)

    assert nothing_reached(outside)
    assert set(place.blocked().values()) == {"litellm opened it by itself, past the gate"}


@KINDS
def test_fallbacks_in_a_direct_call_send_nothing(
    prefix: str, place: Place, outside: SimpleNamespace
) -> None:
    other = {"model": "hosted_vllm/other", "api_base": f"{outside.base}/v1", "api_key": "k"}
    place.limits["place"] = (DataClass.RESTRICTED, outside.host_port)

    async def work(_: GatedClient, client: LitellmClient) -> object:
        asked = direct(client, an_endpoint(outside, prefix), stream=False, fallbacks=[other])
        return await asynchronously(**asked)

    fails(place, work)

    assert nothing_reached(outside)
    assert place.blocked()


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_client_alone_and_a_recording_of_it_send_nothing(
    wrapped: bool,  # noqa: FBT001  a table of cases
    place: Place,
    outside: SimpleNamespace,
    tmp_path: Path,
) -> None:
    place.limits["place"] = (DataClass.RESTRICTED, outside.host_port)

    async def work(_: GatedClient, live: LitellmClient) -> Reply:
        client: Client = RecordingClient(live, tmp_path / "calls.jsonl") if wrapped else live
        return await client.ask(an_endpoint(outside), a_request(), deadline_s=10)

    with pytest.raises(CallError, match="the gate has allowed no call"):
        place.within(work)

    assert nothing_reached(outside)
    assert place.blocked() == {outside.host_port: NO_CALL}


def test_a_list_of_models_is_not_asked_for_past_the_gate(
    place: Place, outside: SimpleNamespace
) -> None:
    async def work(_: GatedClient, client: LitellmClient) -> None:
        await client.check_model(an_endpoint(outside))

    with pytest.raises(CallError, match="the gate has allowed no call"):
        place.within(work)

    assert nothing_reached(outside)
    assert place.blocked() == {outside.host_port: NO_CALL}


def test_not_even_the_embedded_engine_is_asked_past_the_gate(
    place: Place, outside: SimpleNamespace
) -> None:
    endpoint = Endpoint(id="place", embedded="demo-base")
    engine = Address(outside.base, "engine-key", "demo-base")

    async def work(_: GatedClient, client: LitellmClient) -> Reply:
        client._addresses["demo-base"] = engine  # noqa: SLF001  as if it was started
        return await client.ask(endpoint, a_request(), deadline_s=10)

    with pytest.raises(CallError, match="the gate has allowed no call"):
        place.within(work)

    assert nothing_reached(outside)


def test_a_permit_is_for_one_endpoint_one_request_and_one_call(
    place: Place, inside: SimpleNamespace
) -> None:
    """A task that a call leaves behind, and a second request of the call, are stopped."""
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)
    outcomes: list[type] = []

    async def work(gate: GatedClient, live: LitellmClient) -> None:
        left_behind: list[asyncio.Task[Reply]] = []

        class Twice:
            async def ask(self, endpoint: Endpoint, *more: Any, **named: Any) -> Reply:  # noqa: ANN401  passed on
                reply = await live.ask(endpoint, *more, **named)
                left_behind.append(asyncio.create_task(late(endpoint, *more, **named)))
                other = endpoint.changed(id="other")
                for again in (endpoint, other):
                    try:
                        await live.ask(again, *more, **named)
                    except CallError as error:
                        outcomes.append(type(error))
                return reply

            async def close(self) -> None: ...

        async def late(*more: Any, **named: Any) -> Reply:  # noqa: ANN401  passed on
            await over.wait()
            return await live.ask(*more, **named)

        over = asyncio.Event()
        gate._client = Twice()  # noqa: SLF001  a client that asks more than it may
        await gate.ask(
            an_endpoint(inside), a_request(), data_class=DataClass.INTERNAL, deadline_s=20
        )
        over.set()
        late_ones = await asyncio.gather(*left_behind, return_exceptions=True)
        outcomes.extend(map(type, late_ones))

    place.within(work)

    assert outcomes == [CallError] * 3
    assert len(inside.bodies) == 1
    assert place.events() == ["send", "blocked", "blocked", "blocked"]
