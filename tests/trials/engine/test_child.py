"""An engine starts, says why it did not, and leaves no process behind."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from playbook.errors import EngineError
from playbook.trials.engine import Address, EngineModel, EngineProcess, child, serve_models

STARTS_ONE = """
import os, sys, time
from pathlib import Path
from playbook.trials.engine import EngineModel, EngineProcess
engine = EngineProcess(EngineModel("demo-small", Path(sys.argv[1]))).__enter__()
engine.address()
print(engine.pid, flush=True)
if sys.argv[2] == "wait":
    time.sleep(60)
if sys.argv[2] == "raise":
    raise RuntimeError("the notebook failed")
"""
pytestmark = pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="looks processes up in /proc"
)


def runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


def is_gone(pid: int | None, *, within_s: float = 5.0) -> bool:
    assert pid is not None
    until = time.monotonic() + within_s
    while runs(pid) and time.monotonic() < until:
        time.sleep(0.01)
    return not runs(pid)


def get(address: Address, path: str, **headers: str) -> http.client.HTTPResponse:
    request = urllib.request.Request(address.base_url + path, headers=headers)  # noqa: S310  loopback
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10)


def complete(address: Address, text: str, temperature: float = 0.0) -> dict[str, object]:
    row = {
        "messages": [{"role": "user", "content": text}],
        "max_tokens": 12,
        "temperature": temperature,
    }
    request = urllib.request.Request(  # noqa: S310  loopback
        f"{address.base_url}/v1/chat/completions",
        data=json.dumps(row).encode(),
        headers={"Authorization": f"Bearer {address.api_key}", "Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as reply:
        answered: dict[str, object] = json.load(reply)
        return answered


def test_engine_serves_its_model_only_to_who_has_the_key(model: EngineModel) -> None:
    with EngineProcess(model) as engine:
        address = engine.address()
        answered = complete(address, "Hello")
        with pytest.raises(urllib.error.HTTPError) as caught:
            complete(replace(address, api_key="wrong"), "Hello")
        caught.value.close()

    assert answered["model"] == "demo-small"
    assert caught.value.code == http.client.UNAUTHORIZED
    assert address.host_port.startswith("127.0.0.1:")


def test_pages_of_other_origins_are_not_let_in(model: EngineModel) -> None:
    with EngineProcess(model) as engine:
        address = engine.address()
        bearer = f"Bearer {address.api_key}"
        with get(address, "/v1/models", Authorization=bearer, Origin="http://evil.example") as told:
            allowed = told.headers["Access-Control-Allow-Origin"]

    assert allowed not in {"*", "http://evil.example"}


def test_repeated_prompt_is_computed_again(model: EngineModel) -> None:
    """A cached prefix would make the second time to first token look better than it is."""
    with EngineProcess(model) as engine:
        address = engine.address()
        first, second = (complete(address, "The same words") for _ in range(2))

    assert first["usage"] == second["usage"]
    assert second["timings"]["cache_n"] == 0  # type: ignore[index]  JSON


def test_key_and_secrets_are_in_no_place_that_others_read(
    model: EngineModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-team")
    with EngineProcess(model) as engine:
        address = engine.address()
        words = Path(f"/proc/{engine.pid}/cmdline").read_text(encoding="utf-8")
        environment = Path(f"/proc/{engine.pid}/environ").read_text(encoding="utf-8")

    assert address.api_key not in words + environment + repr(address)
    assert "sk-of-the-team" not in environment


def test_engine_ends_when_the_block_raises(model: EngineModel) -> None:
    pids: list[int | None] = []

    def interrupted() -> None:
        with EngineProcess(model) as engine:
            engine.address()
            pids.append(engine.pid)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert is_gone(pids[0])


def test_engine_waits_for_its_parent_on_ctrl_c(model: EngineModel) -> None:
    """Ctrl-C reaches the whole process group; the parent still needs the engine to finish."""
    with EngineProcess(model) as engine:
        address = engine.address()
        os.kill(engine.pid or 0, signal.SIGINT)
        time.sleep(0.2)
        assert complete(address, "Hello")["model"] == "demo-small"


@pytest.mark.parametrize("ending", ["return", "raise"])
def test_engine_ends_with_an_interpreter_that_forgot_it(model: EngineModel, ending: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTS_ONE, str(model.model_path), ending],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert is_gone(int(done.stdout))


def test_engine_ends_when_its_parent_is_killed(model: EngineModel) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE, str(model.model_path), "wait"], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert runs(pid)
        parent.kill()

    assert is_gone(pid)


def test_crash_of_native_code_is_reported_and_survived(model: EngineModel) -> None:
    with EngineProcess(model) as engine:
        engine.address()
        os.kill(engine.pid or 0, signal.SIGSEGV)
        while engine.alive:
            time.sleep(0.01)
        why = engine.failure()

    assert "ended by SIGSEGV: a crash of native code" in why


def test_engine_that_hangs_is_killed(model: EngineModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "STOP_SECONDS", 0.2)
    engine = EngineProcess(model).__enter__()
    engine.address()
    pid = engine.pid
    os.kill(pid or 0, signal.SIGSTOP)

    engine.stop()

    assert is_gone(pid)
    engine.stop()  # a second time does no harm


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"file missing: .*none\.gguf"):
        EngineProcess(EngineModel("m", tmp_path / "none.gguf")).__enter__()


@pytest.mark.parametrize("size", [10, 4_000, 100_000])
def test_broken_file_is_named_with_its_fault(model: EngineModel, tmp_path: Path, size: int) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(model.model_path.read_bytes()[:size])

    with (
        EngineProcess(EngineModel("m", broken)) as engine,
        pytest.raises(EngineError, match=r"embedded engine m did not start: .*broken.gguf"),
    ):
        engine.address()


def test_file_of_another_kind_is_named_with_its_fault(tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_text("<html>not found</html>", encoding="utf-8")

    with (
        EngineProcess(EngineModel("m", tmp_path / "page.gguf")) as engine,
        pytest.raises(EngineError, match="invalid magic"),
    ):
        engine.address()


def test_port_in_use_is_named(model: EngineModel) -> None:
    with EngineProcess(model) as first:
        port = int(first.address().host_port.rpartition(":")[2])
        taken = replace(model, port=port)
        with EngineProcess(taken) as second, pytest.raises(EngineError, match=f"port: {port}"):
            second.address()


def test_one_failure_stops_the_others(
    model: EngineModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"nothing")
    pids: list[int | None] = []
    launch = EngineProcess.__enter__

    def noted(engine: EngineProcess) -> EngineProcess:
        launch(engine)
        pids.append(engine.pid)
        return engine

    monkeypatch.setattr(EngineProcess, "__enter__", noted)
    with (
        pytest.raises(EngineError, match=r"bad\.gguf"),
        serve_models([model, EngineModel("bad", tmp_path / "bad.gguf")]),
    ):
        pass

    assert len(pids) == 2
    assert is_gone(pids[0])
