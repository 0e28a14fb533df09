"""Nothing reaches a server outside through the lean client, and nothing without a permit."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from playbook.profile.endpoints import Endpoint
from playbook.trials.client import CallError, Message, Reply, Request
from playbook.trials.clients import LeanClient
from playbook.trials.clients.targets import PLAIN_OPENAI, speaks_openai
from playbook.trials.clients.wires import WIRES
from playbook.trials.engine import Address
from tests.trials.clients.test_litellm_leaks import KEYS, an_endpoint, move_environment
from tests.trials.permitting import a_log, a_permit

REQUEST = Request([Message("user", "SECRET PROMPT")], max_tokens=5)
PREFIXES = sorted(PLAIN_OPENAI)


def ask(
    endpoint: Endpoint, *allowed: str, engines: dict[str, Address] | None = None
) -> Reply | CallError:
    async def once() -> Reply | CallError:
        with a_log() as log, a_permit(*allowed):
            client = LeanClient(engines or {}, log)
            try:
                return await client.ask(endpoint, REQUEST, deadline_s=10)
            except CallError as error:
                return error
            finally:
                await client.close()

    return asyncio.run(once())


@pytest.mark.parametrize("prefix", PREFIXES)
def test_prefix_answers_over_the_guarded_connection(prefix: str, inside: SimpleNamespace) -> None:
    endpoint = an_endpoint(prefix, inside.base, name="some-model")

    reply = ask(endpoint, inside.host_port)

    assert isinstance(reply, Reply), reply
    assert (reply.text, reply.finish_reason) == ("hi", "stop")
    assert inside.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize("prefix", sorted(set(WIRES) - PLAIN_OPENAI))
def test_other_dialects_are_left_to_litellm(prefix: str) -> None:
    assert not speaks_openai(Endpoint(id="place", litellm_model=f"{prefix}/some-model"))


@pytest.mark.parametrize(
    ("model", "plain"),
    [
        ("gpt-4o", True),
        ("o3-mini", False),
        ("gpt-5", False),
        ("gpt-5.2-chat", False),
        ("olmo", True),
    ],
)
def test_openai_models_with_other_settings_are_left_to_litellm(
    model: str,
    plain: bool,  # noqa: FBT001  a table of cases
) -> None:
    assert speaks_openai(Endpoint(id="place", litellm_model=f"openai/{model}")) is plain


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_redirect_sends_nothing_outside(
    status: int, inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    inside.behaviour, inside.aim, inside.status = "redirect", outside.base, status

    error = ask(an_endpoint("openai", inside.base), inside.host_port)

    assert isinstance(error, CallError)
    assert (error.kind, error.retry) == ("connection", False)
    assert f"redirect to {outside.host_port} was not followed" in str(error)
    assert (outside.connections, outside.received) == (0, 0)


def test_environment_cannot_move_the_address(
    inside: SimpleNamespace, outside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_environment(monkeypatch, outside.base)

    reply = ask(an_endpoint("openai", inside.base), inside.host_port)

    assert isinstance(reply, Reply), reply
    assert (outside.connections, outside.received) == (0, 0)


def test_password_of_a_netrc_file_is_not_sent(
    inside: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("default login me password of-somebody\n")
    monkeypatch.setenv("NETRC", str(netrc))

    ask(an_endpoint("openai", inside.base), inside.host_port)

    assert [one["authorization"] for one in inside.headers] == ["Bearer no-key"]


def test_keys_of_the_environment_are_not_sent_to_a_server_without_key(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "sk-of-somebody-else")

    ask(an_endpoint("openai", inside.base), inside.host_port)

    assert "sk-of-somebody-else" not in str(inside.headers)


@pytest.mark.parametrize("allowed", ["127.0.0.1:1", "localhost:80", "127.0.0.1", "*", ""])
def test_any_other_address_or_port_is_refused(allowed: str, outside: SimpleNamespace) -> None:
    error = ask(an_endpoint("openai", outside.base), allowed)

    assert isinstance(error, CallError)
    assert f"{outside.host_port} was refused" in str(error)
    assert (outside.connections, outside.received) == (0, 0)


@pytest.mark.parametrize("prefix", [one for one in PREFIXES if WIRES[one].api_base])
def test_provider_address_is_the_one_of_the_table(
    prefix: str, outside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WIRES[prefix].key_variable, "sk-key-of-the-provider")

    error = ask(Endpoint(id="place", litellm_model=f"{prefix}/some-model"), outside.host_port)

    host = WIRES[prefix].api_base.removeprefix("https://").partition("/")[0]
    assert f"{host}:443 was refused" in str(error)


def test_public_address_is_refused_over_plain_http() -> None:
    endpoint = an_endpoint("openai", "http://8.8.8.8:8080")

    error = ask(endpoint, "8.8.8.8:8080")

    assert isinstance(error, CallError)
    assert "would carry prompts in the clear" in str(error)


def test_started_engine_is_reached_by_the_word_embedded_and_nothing_else_is(
    inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    endpoint = Endpoint(id="place", embedded="demo-base")

    reply = ask(endpoint, "embedded", engines={"demo-base": Address(inside.base, "k", "demo-base")})
    error = ask(an_endpoint("openai", outside.base), "embedded")

    assert isinstance(reply, Reply)
    assert isinstance(error, CallError)
    assert (outside.connections, outside.received) == (0, 0)


def test_cookies_of_one_reply_are_not_sent_with_the_next_call(inside: SimpleNamespace) -> None:
    async def twice() -> None:
        with a_log() as log:
            client = LeanClient({}, log)
            for _ in range(2):
                with a_permit(inside.host_port):
                    await client.ask(an_endpoint("openai", inside.base), REQUEST, deadline_s=10)
            await client.close()

    inside.cookie = "who=me"

    asyncio.run(twice())

    assert len(inside.headers) == 2
    assert not any("cookie" in one for one in inside.headers)
