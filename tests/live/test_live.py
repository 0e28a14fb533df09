"""One prompt to each real place whose key or address is set; `pytest -m live` spends cents."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.stages import today
from playbook.trials.audit import verify_audit
from playbook.trials.engine import embedded_engine, engine_available
from playbook.trials.records import Attempt
from tests.live.asking import Server, ask_once, provider_endpoint

PROVIDERS = {
    "OPENAI_API_KEY": "openai",
    "ANTHROPIC_API_KEY": "anthropic",
    "GEMINI_API_KEY": "gemini",
    "MISTRAL_API_KEY": "mistral",
    "DEEPSEEK_API_KEY": "deepseek",
}
LLAMA_CPP = Server("LLAMA_CPP", "custom_openai")
SERVERS = [
    Server("VLLM", "hosted_vllm"),
    Server("TENSORRT_LLM", "custom_openai"),
    LLAMA_CPP,
    Server("OLLAMA", "ollama_chat"),
]


@pytest.fixture(autouse=True)
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "params").mkdir()
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path / "params"))


def assert_answered(line: Attempt, folder: Path) -> None:
    """Check what a live answer has to have, whatever the model says."""
    assert line.outcome == "answered", f"{line.outcome}: {line.error}"
    assert line.text.strip()
    assert line.model_answered
    assert line.input_tokens
    assert line.output_tokens
    assert line.total_s is not None
    assert line.first_token_s is not None
    assert 0 < line.first_token_s <= line.total_s
    assert not line.recorded
    assert verify_audit(folder / "audit.jsonl").intact


@pytest.mark.live
@pytest.mark.parametrize(("variable", "provider"), PROVIDERS.items(), ids=PROVIDERS.values())
def test_a_provider_answers_one_prompt(variable: str, provider: str, tmp_path: Path) -> None:
    if not os.environ.get(variable):
        pytest.skip(f"set {variable} to try it")
    endpoint = provider_endpoint(provider, load_catalog(), today())

    line = ask_once(endpoint, tmp_path / "run")

    assert_answered(line, tmp_path / "run")
    assert line.cost_usd is not None
    assert 0 < line.cost_usd < 0.25


@pytest.mark.live
@pytest.mark.parametrize("server", SERVERS, ids=lambda one: one.name.lower())
def test_a_server_answers_one_prompt(server: Server, tmp_path: Path) -> None:
    if not os.environ.get(server.variable):
        pytest.skip(f"set {server.variable} to try it, such as http://127.0.0.1:8000")
    endpoint = server.endpoint(os.environ)

    line = ask_once(endpoint, tmp_path / "run")

    assert_answered(line, tmp_path / "run")


def test_a_live_test_works_on_the_bundled_engine_as_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same code path as a live test of llama.cpp, which the bundled engine is."""
    if reason := engine_available():
        pytest.skip(reason)
    with embedded_engine(["demo-small"]) as addresses:
        address = addresses["demo-small"]
        monkeypatch.setenv("PLAYBOOK_LLAMA_CPP_URL", address.base_url)
        monkeypatch.setenv("PLAYBOOK_LLAMA_CPP_KEY", address.api_key)

        line = ask_once(LLAMA_CPP.endpoint(os.environ), tmp_path / "run")

    assert_answered(line, tmp_path / "run")
    assert line.model_answered == "demo-small"


@pytest.mark.parametrize("provider", PROVIDERS.values())
def test_the_cheapest_model_of_every_provider_can_be_named(provider: str) -> None:
    endpoint = provider_endpoint(provider, load_catalog(), date(2026, 11, 23))

    assert endpoint.litellm_model.startswith(f"{provider}/")
    assert endpoint.option.endswith(f"@{provider}")
