"""The demonstration models by name, through litellm's two paths."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Mapping

import pytest

from playbook.errors import EngineError
from playbook.profile.endpoints import Endpoint
from playbook.trials.client import Message, Reply, Request
from playbook.trials.clients.litellm_client import LitellmClient
from playbook.trials.engine import Address, embedded_engine, engine_available
from playbook.trials.engine.launcher import embedded_model
from tests.trials.permitting import a_log, a_permit


def ask(addresses: Mapping[str, Address], endpoint: Endpoint, text: str) -> Reply:
    async def once(client: LitellmClient) -> Reply:
        try:
            with a_permit("embedded", endpoint=endpoint.id):
                await client.check_model(endpoint)
            request = Request([Message("user", text)], max_tokens=12)
            with a_permit("embedded", endpoint=endpoint.id):
                return await client.ask(endpoint, request, deadline_s=60)
        finally:
            await client.close()

    with a_log() as log:
        return asyncio.run(once(LitellmClient(addresses, log)))


def test_both_dialects_give_the_same_answer_and_counts() -> None:
    with embedded_engine(["demo-small"]) as addresses:
        replies = [
            ask(
                addresses,
                Endpoint(id=dialect, embedded="demo-small", dialect=dialect),
                "Which label fits: my parcel is late?",
            )
            for dialect in ("openai", "anthropic")
        ]

    openai, anthropic = replies
    assert openai.text == anthropic.text
    assert openai.text
    assert openai.output_tokens == anthropic.output_tokens
    assert {one.model_answered for one in replies} == {"demo-small"}
    assert all(0 < (one.first_token_s or 0) <= one.total_s for one in replies)


def test_each_model_has_its_own_address_and_key() -> None:
    with embedded_engine(["demo-base", "demo-small", "demo-base"]) as addresses:
        assert set(addresses) == {"demo-base", "demo-small"}
        assert len({one.base_url for one in addresses.values()}) == 2
        assert len({one.api_key for one in addresses.values()}) == 2


def test_freight_is_the_base_model_with_its_adapter() -> None:
    base, freight = embedded_model("demo-base"), embedded_model("demo-freight")

    assert freight.model_path == base.model_path
    assert base.adapter_path is None
    assert freight.adapter_path is not None
    with embedded_engine(["demo-freight"]) as addresses:
        assert addresses["demo-freight"].model_id == "demo-freight"


def test_engine_that_is_not_started_is_named() -> None:
    endpoint = Endpoint(id="e", embedded="demo-base")

    with a_log() as log, pytest.raises(Exception, match="engine demo-base is not started"):
        asyncio.run(LitellmClient({}, log).check_model(endpoint))


def test_platform_without_wheel_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    reason = engine_available()

    assert reason is not None
    assert "no xllamacpp wheel" in reason
    with pytest.raises(EngineError, match="recorded trials"), embedded_engine(["demo-base"]):
        pass
