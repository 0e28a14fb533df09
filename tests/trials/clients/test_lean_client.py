"""One call of the lean client: what it says, its total deadline, its failures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from playbook.errors import CredentialsError, TrialError
from playbook.profile.endpoints import Endpoint
from playbook.trials.client import CallError, Message, Reply, Request, ToolCall
from playbook.trials.clients import LeanClient
from tests.trials.clients.scripted import chunk, event, head, scripted, stream, whole
from tests.trials.permitting import a_log, a_permit

KEY = "sk-test-4f9a8b7c6d5e4f3a2b1c"
REQUEST = Request([Message("user", "Hello")], max_tokens=5)
HI = stream(
    chunk(role="assistant", content="h"),
    chunk(content="i"),
    chunk(finish="stop"),
    {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}},
)


def an_endpoint(base: str, **fields: str) -> Endpoint:
    place = {"id": "place", "litellm_model": "hosted_vllm/some-model", "api_base": base + "/v1"}
    return Endpoint.model_validate(place | fields)


async def outcome(client: LeanClient, base: str, deadline_s: float) -> Reply | CallError:
    try:
        with a_permit(base.removeprefix("http://")):
            return await client.ask(an_endpoint(base), REQUEST, deadline_s=deadline_s)
    except CallError as error:
        return error


def ask(*answers: Sequence[bytes], deadline_s: float = 10.0) -> list[Reply | CallError]:
    """Ask once for each answer that a server gives, over one client."""

    async def all_of_them() -> list[Reply | CallError]:
        with a_log() as log:
            client = LeanClient({}, log)
            async with scripted(*answers) as server:
                said = [await outcome(client, server.base, deadline_s) for _ in answers]
            await client.close()
            return said

    return asyncio.run(all_of_them())


def replied(*pieces: bytes) -> Reply:
    (said,) = ask(pieces)
    assert isinstance(said, Reply), said
    return said


def failed(*pieces: bytes, deadline_s: float = 10.0) -> CallError:
    (said,) = ask(pieces, deadline_s=deadline_s)
    assert isinstance(said, CallError), said
    return said


def test_stream_gives_text_counts_times_and_who_answered() -> None:
    reply = replied(whole(HI, more="X-Request-Id: r-1\r\n"))

    assert (reply.text, reply.finish_reason, reply.model_answered) == ("hi", "stop", "some-model")
    assert (reply.input_tokens, reply.output_tokens, reply.request_id) == (7, 2, "r-1")
    assert reply.client == "lean"
    assert reply.first_token_s is not None
    assert 0 < reply.first_token_s <= reply.total_s
    assert reply.token_gap_s is not None


@pytest.mark.parametrize("size", [1, 7, 64])
def test_stream_in_pieces_of_any_size_gives_the_same(size: int) -> None:
    body = HI.replace(b"\n", b"\r\n")
    pieces = [body[start : start + size] for start in range(0, len(body), size)]

    assert replied(head(), *pieces).text == "hi"


def test_reply_in_one_piece_is_taken_though_a_stream_was_asked_for() -> None:
    body = (
        b'\n{"id": "c-9", "model": "some-model", "choices": [{"index": 0, "finish_reason": "stop",'
        b' "message": {"content": "hi", "tool_calls": [{"id": "t", "function": {"name": "f",'
        b' "arguments": "{}"}}]}}], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}'
    )

    reply = replied(head("application/json"), body[:30], body[30:])

    assert (reply.text, reply.output_tokens, reply.request_id) == ("hi", 2, "c-9")
    assert reply.tool_calls == (ToolCall("f", "{}", "t"),)


def test_one_connection_serves_all_calls() -> None:
    async def both() -> int:
        with a_log() as log:
            client = LeanClient({}, log)
            async with scripted([whole(HI)]) as server:
                for _ in range(3):
                    assert isinstance(await outcome(client, server.base, 5.0), Reply)
                await client.close()
                return server.connections

    assert asyncio.run(both()) == 1


def test_connection_that_its_server_has_left_carries_no_request(inside: SimpleNamespace) -> None:
    inside.behaviour = "answer_and_leave"

    async def one_after_another() -> list[Reply | CallError]:
        with a_log() as log:
            client, said = LeanClient({}, log), []
            for _ in range(4):
                said.append(await outcome(client, inside.base, 5.0))
                time.sleep(0.05)  # noqa: ASYNC251  the loop is held up: it does not see the end
            await client.close()
            return said

    said = asyncio.run(one_after_another())

    assert [type(one) for one in said] == [Reply] * 4, said
    assert len(inside.bodies) == 4


@pytest.mark.parametrize(
    ("header", "connections"),
    [
        ("Keep-Alive: timeout=5, max=100", 1),
        ("Keep-Alive: timeout=5, max=0", 3),
        ("Keep-Alive: timeout=0", 3),
        ("Connection: close", 3),
    ],
)
def test_connection_is_kept_as_its_server_says(header: str, connections: int) -> None:
    async def three() -> int:
        with a_log() as log:
            client = LeanClient({}, log)
            async with scripted([whole(HI, more=f"{header}\r\n")]) as server:
                for _ in range(3):
                    assert isinstance(await outcome(client, server.base, 5.0), Reply)
                await client.close()
                return server.connections

    assert asyncio.run(three()) == connections


def test_reply_whose_connection_stays_open_after_its_end_is_taken_at_once() -> None:
    endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    start = time.perf_counter()

    reply = replied(endless, b"%x\r\n%b\r\n" % (len(HI), HI))

    assert reply.text == "hi"
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("pieces", "kind", "words"),
    [
        ([head(), b"data: {broken\n\n"], "server", "no JSON"),
        ([whole(b"<html>", kind="text/html")], "connection", "ended before its answer did"),
        ([whole(b"")], "connection", "ended before its answer did"),
        ([whole(b"data: [DONE]\n\n")], "server", "holds no answer"),
        ([whole(b"{}", kind="application/json")], "server", "holds no answer"),
        ([whole(b'{"choi', kind="application/json")], "server", "no JSON"),
        ([head(), event(chunk(content="h"))], "connection", "ended before its answer did"),
        ([whole(HI)[:-20]], "connection", "ClientPayloadError"),
        (
            [head(), event(chunk(content="h")), event({"error": {"message": "oom"}})],
            "server",
            "oom",
        ),
        ([head(), event({"error": {"message": "slow", "code": 429}})], "rate_limit", "slow"),
        ([head(more="Content-Encoding: gzip\r\n"), b"\x1f\x8b"], "server", "is compressed"),
        ([whole(b"no", status="500 Oops")], "server", "HTTP 500: no"),
        ([b"nonsense\r\n\r\n"], "connection", ""),
        ([whole(b"", status="204 Nothing")], "connection", ""),
    ],
)
def test_broken_replies_fail_by_kind_and_may_be_tried_again(
    pieces: list[bytes], kind: str, words: str
) -> None:
    if b"connection: close" not in pieces[0].lower():
        pieces = [pieces[0].replace(b"\r\n", b"\r\nConnection: close\r\n", 1), *pieces[1:]]

    error = failed(*pieces)

    assert (error.kind, error.retry) == (kind, True)
    assert words in str(error)


def test_busy_endpoint_says_how_long_to_wait_and_keeps_its_connection() -> None:
    busy = whole(b"slow down", status="429 Busy", more="Retry-After: 7\r\n")

    error, reply = ask([busy], [whole(HI)])

    assert isinstance(error, CallError)
    assert (error.kind, error.retry, error.retry_after_s) == ("rate_limit", True, 7.0)
    assert isinstance(reply, Reply)


def test_broken_reply_leaves_nothing_for_the_next_call() -> None:
    error, reply = ask([whole(event({"error": "x"}) + HI)], [whole(HI)])

    assert isinstance(error, CallError)
    assert isinstance(reply, Reply)
    assert reply.text == "hi"


@pytest.mark.parametrize("behaviour", ["drip", "flood", "busy", "half"])
def test_no_reply_takes_longer_than_its_deadline(inside: SimpleNamespace, behaviour: str) -> None:
    async def once() -> Reply | CallError:
        with a_log() as log:
            client = LeanClient({}, log)
            said = await outcome(client, inside.base, 0.5)
            await client.close()
            return said

    inside.behaviour = behaviour
    start = time.perf_counter()

    error = asyncio.run(once())

    assert isinstance(error, CallError)
    assert time.perf_counter() - start < 2.0
    assert len(inside.paths) == 1


def test_endpoint_of_another_dialect_is_refused() -> None:
    endpoint = Endpoint(id="place", litellm_model="anthropic/claude-sonnet-4-5-20250929")

    with a_log() as log, pytest.raises(CallError, match="no plain OpenAI endpoint"):
        asyncio.run(LeanClient({}, log).ask(endpoint, REQUEST, deadline_s=1))


def test_key_is_sent_and_never_told(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACE_KEY", KEY)
    inside.behaviour = "tell_key"
    endpoint = an_endpoint(inside.base, api_key_variable="PLACE_KEY")

    async def once() -> None:
        with a_log() as log, a_permit(inside.host_port):
            client = LeanClient({}, log)
            try:
                await client.ask(endpoint, REQUEST, deadline_s=5)
            finally:
                await client.close()

    with pytest.raises(CallError) as caught:
        asyncio.run(once())

    assert KEY in str(inside.headers)
    assert caught.value.kind == "auth"
    assert KEY not in f"{caught.value!r} {caught.value.__cause__!r}"


def check_model(endpoint: Endpoint, server: SimpleNamespace) -> None:
    async def once() -> None:
        with a_log() as log, a_permit(server.host_port):
            client = LeanClient({}, log)
            try:
                await client.check_model(endpoint)
            finally:
                await client.close()

    asyncio.run(once())


def test_server_with_the_expected_model_passes(inside: SimpleNamespace) -> None:
    inside.model = "llama-3-8b"

    check_model(an_endpoint(inside.base, expected_model="llama-3-8b"), inside)

    assert inside.paths == ["/v1/models"]


def test_server_without_the_expected_model_is_named_with_what_it_serves(
    inside: SimpleNamespace,
) -> None:
    inside.model = "another"

    with pytest.raises(TrialError, match="endpoint place: serves another, not some-model"):
        check_model(an_endpoint(inside.base), inside)


def test_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    endpoint = Endpoint(id="place", litellm_model="openai/gpt-4o")

    with a_log() as log:
        with pytest.raises(CallError, match="set the environment variable OPENAI_API_KEY"):
            asyncio.run(LeanClient({}, log).ask(endpoint, REQUEST, deadline_s=1))
        with pytest.raises(CredentialsError, match="OPENAI_API_KEY"):
            asyncio.run(LeanClient({}, log).check_model(endpoint))


def test_client_belongs_to_one_event_loop(inside: SimpleNamespace) -> None:
    with a_log() as log, asyncio.Runner() as first:
        client = LeanClient({}, log)
        first.run(outcome(client, inside.base, 5.0))

        with asyncio.Runner() as other:
            error = other.run(outcome(client, inside.base, 5.0))
        first.run(client.close())

    assert "a client belongs to one event loop" in str(error)
