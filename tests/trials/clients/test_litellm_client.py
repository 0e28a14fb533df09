"""One call through litellm: its total deadline, its failures, what it says and what it hides."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import Coroutine
from types import SimpleNamespace

import pytest

from playbook.errors import CredentialsError, TrialError
from playbook.profile.endpoints import Endpoint
from playbook.trials.client import CallError, Message, Reply, Request
from playbook.trials.clients.litellm_client import LitellmClient
from tests.trials.permitting import a_log, a_permit

KEY = "sk-test-4f9a8b7c6d5e4f3a2b1c"
REQUEST = Request([Message("system", "Be brief."), Message("user", "Hello")], max_tokens=5)
BOTH_KINDS = pytest.mark.parametrize("prefix", ["openai", "hosted_vllm", "anthropic"])


def an_endpoint(prefix: str, base: str, **fields: str) -> Endpoint:
    path = "" if prefix == "anthropic" else "/v1"
    model = f"{prefix}/claude-sonnet-4-5-20250929"
    place = {"id": "place", "litellm_model": model, "api_base": base + path, **fields}
    return Endpoint.model_validate(place)


def ask(
    endpoint: Endpoint, server: SimpleNamespace, *, deadline_s: float = 20.0
) -> Reply | CallError:
    async def once() -> Reply | CallError:
        with a_log() as log, a_permit(server.host_port):
            client = LitellmClient({}, log)
            try:
                return await client.ask(endpoint, REQUEST, deadline_s=deadline_s)
            except CallError as error:
                return error
            finally:
                await client.close()

    return asyncio.run(once())


def failed(endpoint: Endpoint, server: SimpleNamespace, *, deadline_s: float = 20.0) -> CallError:
    error = ask(endpoint, server, deadline_s=deadline_s)
    assert isinstance(error, CallError), error
    return error


@BOTH_KINDS
def test_a_reply_that_drips_meets_the_total_deadline(prefix: str, inside: SimpleNamespace) -> None:
    ask(an_endpoint(prefix, inside.base), inside)  # imports are not part of a call
    inside.behaviour = "drip"
    start = time.perf_counter()

    error = failed(an_endpoint(prefix, inside.base), inside, deadline_s=0.5)

    assert error.kind == "timeout"
    assert error.retry
    assert time.perf_counter() - start < 2.0


@BOTH_KINDS
def test_busy_endpoint_says_how_long_to_wait(prefix: str, inside: SimpleNamespace) -> None:
    inside.behaviour = "busy"

    error = failed(an_endpoint(prefix, inside.base), inside)

    assert (error.kind, error.retry, error.retry_after_s) == ("rate_limit", True, 7.0)
    assert len(inside.paths) == 1


@BOTH_KINDS
def test_server_error_is_reported_after_one_request(prefix: str, inside: SimpleNamespace) -> None:
    inside.behaviour = "broken"

    error = failed(an_endpoint(prefix, inside.base), inside)

    assert (error.kind, error.retry) == ("server", True)
    assert "HTTP 503" in str(error)
    assert len(inside.paths) == 1


@BOTH_KINDS
def test_broken_connection_is_not_tried_again(prefix: str, inside: SimpleNamespace) -> None:
    inside.behaviour = "hang_up"

    error = failed(an_endpoint(prefix, inside.base), inside)

    assert (error.kind, error.retry) == ("connection", True)
    assert len(inside.paths) == 1


@BOTH_KINDS
def test_dead_port_is_a_connection_failure(prefix: str) -> None:
    dead = SimpleNamespace(host_port="127.0.0.1:9")

    error = failed(an_endpoint(prefix, "http://127.0.0.1:9"), dead)

    assert (error.kind, error.retry) == ("connection", True)


@BOTH_KINDS
def test_key_is_sent_and_never_told(
    prefix: str, inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACE_KEY", KEY)
    inside.behaviour = "tell_key"

    error = failed(an_endpoint(prefix, inside.base, api_key_variable="PLACE_KEY"), inside)

    assert KEY in str(inside.headers)
    assert error.kind == "auth"
    assert not error.retry
    assert KEY not in f"{error} {error!r} {error.__cause__!r}"
    assert KEY[:12] not in str(error)


@BOTH_KINDS
def test_endless_reply_is_cut_off(prefix: str, inside: SimpleNamespace) -> None:
    inside.behaviour = "flood"

    error = failed(an_endpoint(prefix, inside.base), inside)

    assert error.kind == "connection"


@BOTH_KINDS
def test_model_that_answered_is_what_the_server_says(prefix: str, inside: SimpleNamespace) -> None:
    inside.model = "another-model"

    reply = ask(an_endpoint(prefix, inside.base), inside)

    assert isinstance(reply, Reply)
    assert reply.model_answered == "another-model"


def test_cached_and_reasoning_tokens_are_told_as_the_server_counts_them(
    inside: SimpleNamespace,
) -> None:
    reply = ask(an_endpoint("hosted_vllm", inside.base), inside)

    assert isinstance(reply, Reply)
    assert (reply.input_tokens, reply.cached_input_tokens) == (7, 4)
    assert (reply.output_tokens, reply.reasoning_tokens) == (2, 1)
    assert reply.cache_written_tokens is None


def test_tokens_that_the_server_did_not_count_are_unknown(inside: SimpleNamespace) -> None:
    inside.behaviour = "answer_without_usage"

    reply = ask(an_endpoint("hosted_vllm", inside.base), inside)

    assert isinstance(reply, Reply)
    assert (reply.text, reply.input_tokens, reply.output_tokens) == ("hi", None, None)


def test_missing_key_names_its_variable(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLACE_KEY", raising=False)
    endpoint = an_endpoint("openai", inside.base, api_key_variable="PLACE_KEY")

    error = failed(endpoint, inside)

    assert error.kind == "auth"
    assert "endpoint place: set the environment variable PLACE_KEY" in str(error)
    assert inside.paths == []


def test_check_of_models_names_a_missing_key_before_any_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    endpoint = Endpoint(id="place", litellm_model="openai/gpt-4o")

    with a_log() as log, pytest.raises(CredentialsError, match="OPENAI_API_KEY"):
        asyncio.run(LitellmClient({}, log).check_model(endpoint))


def check_model(endpoint: Endpoint, server: SimpleNamespace) -> None:
    async def once() -> None:
        with a_log() as log, a_permit(server.host_port):
            client = LitellmClient({}, log)
            try:
                await client.check_model(endpoint)
            finally:
                await client.close()

    asyncio.run(once())


def test_server_with_the_expected_model_passes(inside: SimpleNamespace) -> None:
    inside.model = "llama-3-8b"

    check_model(an_endpoint("openai", inside.base, expected_model="llama-3-8b"), inside)

    assert inside.paths == ["/v1/models"]


def test_ollama_lists_its_models_with_a_tag(inside: SimpleNamespace) -> None:
    inside.model = "llama3"

    check_model(
        Endpoint(id="place", litellm_model="ollama_chat/llama3", api_base=inside.base), inside
    )

    assert inside.paths == ["/api/tags"]


def test_server_with_another_model_is_named(inside: SimpleNamespace) -> None:
    inside.model = "llama-3-8b"

    with pytest.raises(TrialError, match="serves llama-3-8b, not claude-sonnet-4-5-20250929"):
        check_model(an_endpoint("openai", inside.base), inside)


def test_getting_ready_for_a_provider_sends_nothing(
    outside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clearance would let the request out; getting ready uses none."""
    for name in ("HTTPS_PROXY", "OPENAI_API_BASE"):
        monkeypatch.setenv(name, outside.base)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    connected: list[str] = []

    async def note(host: str, **_: object) -> None:
        connected.append(host)
        raise OSError

    monkeypatch.setattr("anyio.connect_tcp", note)
    check_model(Endpoint(id="place", litellm_model="openai/gpt-4o"), outside)

    assert (connected, outside.connections) == ([], 0)


def test_redirected_list_of_models_is_not_followed(
    inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    inside.behaviour, inside.aim = "redirect", outside.base

    with pytest.raises(CallError, match="was not followed"):
        check_model(an_endpoint("openai", inside.base), inside)

    assert outside.connections == 0


def test_client_of_another_event_loop_is_refused(inside: SimpleNamespace) -> None:
    endpoint = an_endpoint("openai", inside.base)

    with a_log() as log, a_permit(inside.host_port), asyncio.Runner() as first:
        client = LitellmClient({}, log)
        first.run(client.ask(endpoint, REQUEST, deadline_s=20))
        with a_permit(inside.host_port), pytest.raises(TrialError, match="one event loop"):
            asyncio.run(client.ask(endpoint, REQUEST, deadline_s=20))
        first.run(client.close())


def test_calls_side_by_side_keep_their_own_traces(inside: SimpleNamespace) -> None:
    """Twenty calls at once on one connection pool, each with its own reply."""

    endpoint = an_endpoint("hosted_vllm", inside.base)

    async def one(client: LitellmClient) -> Reply:
        with a_permit(inside.host_port):
            return await client.ask(endpoint, REQUEST, deadline_s=20)

    async def many() -> list[Reply]:
        with a_log() as log:
            client = LitellmClient({}, log)
            try:
                return list(await asyncio.gather(*(one(client) for _ in range(20))))
            finally:
                await client.close()

    replies = asyncio.run(many())

    assert {one.text for one in replies} == {"hi"}
    assert all(0 < (one.first_token_s or 0) <= one.total_s for one in replies)
    assert len(inside.paths) == 20


def test_azure_without_a_version_of_its_api_says_what_to_set(inside: SimpleNamespace) -> None:
    endpoint = Endpoint(id="place", litellm_model="azure/our-gpt", api_base=inside.base)

    error = failed(endpoint, inside)

    assert "endpoint place: api_version: azure/ needs api_version" in str(error)
    assert inside.paths == []


def test_name_of_llama_asks_nobody_for_a_tokenizer(inside: SimpleNamespace) -> None:
    """litellm would block the loop for minutes to count what the server has counted."""
    endpoint = Endpoint(
        id="place", litellm_model="hosted_vllm/meta-llama/Llama-3.1-8B", api_base=inside.base
    )

    reply = ask(endpoint, inside, deadline_s=5)

    assert isinstance(reply, Reply), reply
    assert reply.text == "hi"


def test_an_answer_is_neither_priced_nor_handed_on_by_litellm(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(an_endpoint("openai", inside.base), inside)
    logs = importlib.import_module("litellm.litellm_core_utils.litellm_logging")
    handed_on: list[object] = []

    def hand_on(_: object, answer: object, **__: object) -> Coroutine[None, None, None]:
        handed_on.append(answer)
        return asyncio.sleep(0)

    monkeypatch.setattr(logs.Logging, "dispatch_success_handlers", hand_on)

    for prefix in ("openai", "hosted_vllm", "anthropic"):
        assert isinstance(ask(an_endpoint(prefix, inside.base), inside), Reply)

    assert handed_on == []


def test_a_model_that_repeats_itself_has_answered(inside: SimpleNamespace) -> None:
    ask(an_endpoint("openai", inside.base), inside)

    limit = importlib.import_module("litellm").REPEATED_STREAMING_CHUNK_LIMIT

    assert limit > 1_000_000  # litellm's own 100 makes an error of a small model's true answer
