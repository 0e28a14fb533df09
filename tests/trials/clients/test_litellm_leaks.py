"""Nothing reaches a server outside, for every litellm prefix that is let through."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from playbook.profile.endpoints import Endpoint
from playbook.trials.client import CallError, Message, Reply, Request
from playbook.trials.clients.litellm_client import LitellmClient
from playbook.trials.clients.wires import WIRES
from playbook.trials.engine import Address
from tests.trials.permitting import a_log, a_permit

NAMES = {
    "openai": "gpt-4o",
    "anthropic": "claude-sonnet-4-5-20250929",
    "gemini": "gemini-2.5-flash",
    "mistral": "mistral-small-latest",
    "deepseek": "deepseek-chat",
}
WITHOUT_V1 = {"anthropic", "gemini", "ollama_chat", "azure"}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
BASES = (
    "OPENAI_API_BASE", "OPENAI_BASE_URL", "ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL",
    "MISTRAL_API_BASE", "DEEPSEEK_API_BASE", "GEMINI_API_BASE", "OLLAMA_API_BASE",
    "HOSTED_VLLM_API_BASE", "TOGETHER_AI_API_BASE", "GROQ_API_BASE", "XAI_API_BASE",
    "FIREWORKS_API_BASE", "DASHSCOPE_API_BASE", "OPENROUTER_API_BASE", "DEEPINFRA_API_BASE",
    "MOONSHOT_API_BASE", "NVIDIA_NIM_API_BASE", "LLAMAFILE_API_BASE", "LM_STUDIO_API_BASE",
    "AZURE_API_BASE", "AZURE_OPENAI_ENDPOINT",
)  # fmt: skip
KEYS = (
    "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "HOSTED_VLLM_API_KEY",
    "AZURE_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN", "AZURE_AD_TOKEN",
)  # fmt: skip
REQUEST = Request([Message("user", "SECRET PROMPT")], max_tokens=5)


def an_endpoint(prefix: str, base: str, *, name: str = "") -> Endpoint:
    path = "" if prefix in WITHOUT_V1 else "/v1"
    model = f"{prefix}/{name or NAMES.get(prefix, 'some-model')}"
    version = "2024-10-21" if prefix == "azure" else ""
    return Endpoint(id="place", litellm_model=model, api_base=base + path, api_version=version)


def ask(endpoint: Endpoint, allowed: str, *, deadline_s: float = 20.0) -> Reply | CallError:
    async def once() -> Reply | CallError:
        with a_log() as log, a_permit(allowed):
            client = LitellmClient({}, log)
            try:
                return await client.ask(endpoint, REQUEST, deadline_s=deadline_s)
            except CallError as error:
                return error
            finally:
                await client.close()

    return asyncio.run(once())


def move_environment(monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    for name in (*PROXIES, *BASES):
        monkeypatch.setenv(name, to)


@pytest.mark.parametrize("prefix", WIRES)
def test_prefix_answers_over_the_guarded_connection(prefix: str, inside: SimpleNamespace) -> None:
    reply = ask(an_endpoint(prefix, inside.base), inside.host_port)

    assert isinstance(reply, Reply), reply
    assert (reply.text, reply.finish_reason) == ("hi", "stop")
    assert (reply.input_tokens, reply.output_tokens) == (7, 2)
    assert reply.model_answered.endswith(NAMES.get(prefix, "some-model"))
    assert len(inside.paths) == 1


@pytest.mark.parametrize("prefix", WIRES)
def test_redirect_sends_nothing_outside(
    prefix: str, inside: SimpleNamespace, outside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_environment(monkeypatch, outside.base)
    inside.behaviour, inside.aim = "redirect", outside.base

    error = ask(an_endpoint(prefix, inside.base), inside.host_port)

    assert isinstance(error, CallError)
    assert error.kind == "connection"
    assert not error.retry
    assert f"redirect to {outside.host_port} was not followed" in str(error)
    assert (outside.connections, outside.received) == (0, 0)
    assert len(inside.paths) == 1


@pytest.mark.parametrize("prefix", WIRES)
def test_environment_cannot_move_the_address(
    prefix: str, inside: SimpleNamespace, outside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_environment(monkeypatch, outside.base)

    reply = ask(an_endpoint(prefix, inside.base), inside.host_port)

    assert isinstance(reply, Reply), reply
    assert (outside.connections, outside.received) == (0, 0)


@pytest.mark.parametrize("prefix", WIRES)
def test_address_without_clearance_gets_nothing(
    prefix: str, inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    error = ask(an_endpoint(prefix, outside.base), inside.host_port)

    assert isinstance(error, CallError)
    assert f"{outside.host_port} was refused" in str(error)
    assert (outside.connections, outside.received) == (0, 0)


@pytest.mark.parametrize("prefix", [prefix for prefix, wire in WIRES.items() if wire.api_base])
def test_provider_address_is_the_one_litellm_uses(
    prefix: str, outside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without clearance the request stops at the guard, which tells where it wanted to go."""
    move_environment(monkeypatch, outside.base)
    wire = WIRES[prefix]
    monkeypatch.setenv(wire.key_variable, "sk-key-of-the-provider")
    endpoint = Endpoint(id="place", litellm_model=f"{prefix}/{NAMES.get(prefix, 'some-model')}")

    error = ask(endpoint, outside.host_port)

    host = wire.api_base.removeprefix("https://").partition("/")[0]
    assert f"{host}:443 was refused" in str(error)
    assert outside.connections == 0


@pytest.mark.parametrize(
    "model", ["cohere_chat/command-r", "cohere/command-r", "bedrock/x", "vertex_ai/x", "gpt-4o"]
)
def test_prefix_that_cannot_be_guarded_is_refused(model: str, outside: SimpleNamespace) -> None:
    endpoint = Endpoint(id="place", litellm_model=model, api_base=outside.base)

    error = ask(endpoint, outside.host_port)

    assert isinstance(error, CallError)
    assert "no prefix whose connections can be guarded" in str(error)
    assert outside.connections == 0


def test_hidden_path_of_a_guarded_prefix_is_stopped_at_the_socket(
    outside: SimpleNamespace,
) -> None:
    """litellm sends `anthropic/claude-2` with a client of its own, whatever it is given."""
    endpoint = an_endpoint("anthropic", outside.base, name="claude-2")

    error = ask(endpoint, outside.host_port)

    assert isinstance(error, CallError)
    assert "refused" in str(error)
    assert (outside.connections, outside.received) == (0, 0)


def test_keys_of_the_environment_are_not_sent_to_a_server_without_key(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "sk-of-somebody-else")

    for prefix in ("openai", "hosted_vllm", "anthropic", "custom_openai", "ollama_chat", "azure"):
        ask(an_endpoint(prefix, inside.base), inside.host_port)

    assert len(inside.headers) == 6
    assert "sk-of-somebody-else" not in str(inside.headers)


def test_embedded_engine_may_be_reached_only_at_its_own_address(
    inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    engine = Address(inside.base, "engine-key", "demo-base")
    inside.behaviour, inside.aim = "redirect", outside.base
    errors = []

    async def both() -> None:
        with a_log() as log:
            client = LitellmClient({"demo-base": engine}, log)
            for dialect in ("openai", "anthropic"):
                endpoint = Endpoint(id=dialect, embedded="demo-base", dialect=dialect)
                with pytest.raises(CallError) as caught, a_permit("embedded", endpoint=dialect):
                    await client.ask(endpoint, REQUEST, deadline_s=20)
                errors.append(caught.value)
            await client.close()

    asyncio.run(both())

    assert [one.kind for one in errors] == ["connection", "connection"]
    assert inside.paths == ["/v1/chat/completions", "/v1/messages"]
    assert outside.connections == 0
