"""Every family of open weights loads and serves a chat; a file that is wrong says how."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from playbook.errors import EngineError
from playbook.profile.endpoints import Endpoint
from playbook.trials.attempting import judge
from playbook.trials.client import Message, Reply, Request
from playbook.trials.clients import LitellmClient
from playbook.trials.engine import Address, EngineModel, engine_available, serve_models
from tests.trials.engine.families import FAMILIES, write_family
from tests.trials.permitting import a_log, a_permit

REQUEST = Request([Message("system", "Be brief."), Message("user", "Hello")], max_tokens=6)
pytestmark = pytest.mark.skipif(engine_available() is not None, reason=str(engine_available()))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Address]]:
    folder = tmp_path_factory.mktemp("families")
    models = [EngineModel(name, folder / f"{name}.gguf") for name in FAMILIES]
    for model in models:
        write_family(model.model_path, FAMILIES[model.model_id])
    with serve_models(models) as addresses:
        yield addresses


def ask(address: Address, endpoint: Endpoint) -> Reply:
    async def once() -> Reply:
        with a_log() as log:
            client = LitellmClient({}, log)
            try:
                with a_permit(address.host_port):
                    await client.check_model(endpoint)
                with a_permit(address.host_port):
                    return await client.ask(endpoint, REQUEST, deadline_s=60)
            finally:
                await client.close()

    return asyncio.run(once())


@pytest.mark.parametrize("name", FAMILIES)
def test_family_loads_and_serves_a_chat(
    name: str, served: Mapping[str, Address], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = served[name]
    monkeypatch.setenv("ENGINE_KEY", address.api_key)
    endpoint = Endpoint(
        id="place",
        litellm_model=f"openai/{name}",
        api_base=address.base_for("openai"),
        api_key_variable="ENGINE_KEY",
    )

    reply = ask(address, endpoint)

    assert judge(endpoint, reply)[0] in ("answered", "truncated")
    assert reply.model_answered == name
    assert reply.input_tokens
    assert 1 <= (reply.output_tokens or 0) <= 6


def fault_of(path: Path) -> str:
    with pytest.raises(EngineError) as caught, serve_models([EngineModel("m", path)]):
        pass
    assert re.match(r"embedded engine m did not start: .+\(.*\.gguf\)", str(caught.value))
    return str(caught.value)


def test_family_that_the_engine_does_not_know_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new.gguf"
    write_family(path, FAMILIES["mistral"])
    path.write_bytes(path.read_bytes().replace(b"llama", b"lammo"))

    assert "unknown model architecture: 'lammo'" in fault_of(path)


def test_file_that_lacks_a_tensor_names_it(tmp_path: Path) -> None:
    path = tmp_path / "gap.gguf"
    write_family(path, FAMILIES["qwen2"], without="blk.1.ffn_up.weight")

    assert "tensor 'blk.1.ffn_up.weight' not found" in fault_of(path)


def test_tensor_of_a_wrong_shape_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wide.gguf"
    write_family(path, FAMILIES["qwen3"], stretched="blk.0.attn_q.weight")

    said = fault_of(path)
    assert "tensor 'blk.0.attn_q.weight' has wrong shape" in said


def test_download_that_broke_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "half.gguf"
    write_family(path, FAMILIES["llama-3"])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert "is not within the file bounds" in fault_of(path)
