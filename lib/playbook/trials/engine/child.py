"""One engine in a child process: started, checked, stopped whatever happens."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import re
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from playbook.errors import EngineError
from playbook.trials.engine.address import Address

START_SECONDS = 60.0
STOP_SECONDS = 5.0
SLOTS = 4
_SERVER = Path(__file__).with_name("server.py")
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_LOG_LINE = re.compile(r"^[\d.]+ E +(?P<text>.+)$", re.MULTILINE)
_running: weakref.WeakSet[EngineProcess] = weakref.WeakSet()


@dataclass(frozen=True)
class EngineModel:
    """What one engine loads and how it names it."""

    model_id: str
    """Name that `/v1/models` reports."""
    model_path: Path
    """GGUF file of the weights."""
    adapter_path: Path | None = None
    """GGUF file of a LoRA adapter, applied in full."""
    port: int = 0
    """Port on 127.0.0.1; 0 takes a free one."""


class EngineProcess:
    """A child process that serves one model on loopback.

    Use it as a context manager. It also ends at interpreter exit, and by itself when its parent
    dies, because it watches its standard input. A crash of native code ends the child only.
    """

    def __init__(self, model: EngineModel) -> None:
        self.model = model
        self._key = secrets.token_urlsafe(32)
        self._log: IO[bytes] | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id while it runs."""
        return self._child.pid if self.alive and self._child else None

    @property
    def alive(self) -> bool:
        """Return whether the child runs."""
        return self._child is not None and self._child.poll() is None

    def __enter__(self) -> Self:
        """Start the child; `address` then waits until it answers."""
        missing = [str(path) for path in self._files if not path.is_file()]
        if missing:
            raise EngineError(f"{self._name}: file missing: {', '.join(missing)}; install it again")
        self._log = tempfile.TemporaryFile()
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the child."""
        self.stop()

    def address(self, *, timeout_s: float = START_SECONDS) -> Address:
        """Wait until the engine is healthy and serves its model; return its address.

        Raises:
            EngineError: when it ended, said nothing in time, or serves another model.
        """
        deadline = time.monotonic() + timeout_s
        base_url = self._read_base_url(deadline)
        address = Address(base_url=base_url, api_key=self._key, model_id=self.model.model_id)
        self._wait_healthy(address, deadline)
        served = _served_models(address)
        if served != (self.model.model_id,):
            raise EngineError(f"{self._name} serves {', '.join(served) or 'no model'} instead")
        return address

    def stop(self) -> None:
        """End the child: SIGTERM, then SIGKILL after some seconds. Harmless when it has ended."""
        child, self._child = self._child, None
        if child is not None:
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
        if self._log is not None:
            self._log.close()
            self._log = None

    def failure(self) -> str:
        """Return why the child failed, from its exit status and its log."""
        code = self._child.poll() if self._child else None
        if code is not None and code < 0:
            return f"it was ended by {signal.Signals(-code).name}{_crash_hint(-code)}"
        log = self._logged()
        first = _LOG_LINE.search(log)
        reason = first["text"].strip() if first else log.strip().splitlines()[-1:]
        words = reason if isinstance(reason, str) else "".join(reason)
        said = re.sub(r"\s+", " ", words)[:300] or f"it ended with status {code} and said nothing"
        files = " with ".join(str(path) for path in self._files)
        return f"{said} ({files})"

    @property
    def _name(self) -> str:
        return f"embedded engine {self.model.model_id}"

    @property
    def _files(self) -> tuple[Path, ...]:
        paths = (self.model.model_path, self.model.adapter_path)
        return tuple(path for path in paths if path is not None)

    def _logged(self) -> str:
        if self._log is None:
            return ""
        return os.pread(self._log.fileno(), 65_536, 0).decode("utf-8", "replace")

    def _launch(self) -> None:
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        self._child = subprocess.Popen(  # noqa: S603  our own file, run by this interpreter
            [sys.executable, "-P", str(_SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=kept,
        )
        _running.add(self)
        settings = {
            "model_path": str(self.model.model_path),
            "adapter_path": str(self.model.adapter_path or ""),
            "model_id": self.model.model_id,
            "api_key": self._key,
            "slots": SLOTS,
            "threads": 1,
            "port": self.model.port,
        }
        assert self._child.stdin is not None  # noqa: S101  a pipe was asked for
        try:
            self._child.stdin.write(json.dumps(settings).encode() + b"\n")
            self._child.stdin.flush()
        except BrokenPipeError as error:
            self._child.wait(STOP_SECONDS)
            raise EngineError(f"{self._name} did not start: {self.failure()}") from error

    def _read_base_url(self, deadline: float) -> str:
        if self._child is None or self._child.stdout is None:
            raise EngineError(f"{self._name} is not started")
        line = b""
        while not line.endswith(b"\n"):
            left_s = deadline - time.monotonic()
            ready, _, _ = select.select([self._child.stdout], [], [], max(0.0, left_s))
            if not ready:
                raise EngineError(f"{self._name} did not start within its time")
            piece = os.read(self._child.stdout.fileno(), 4096)
            if not piece:
                self._child.wait(STOP_SECONDS)
                raise EngineError(f"{self._name} did not start: {self.failure()}")
            line += piece
        return str(json.loads(line)["address"]).rstrip("/")

    def _wait_healthy(self, address: Address, deadline: float) -> None:
        while True:
            try:
                if _get(address, "/health")[0] == http.client.OK:
                    return
            except OSError:
                if not self.alive:
                    raise EngineError(f"{self._name} stopped: {self.failure()}") from None
            if time.monotonic() > deadline:
                raise EngineError(f"{self._name} did not become healthy: {self.failure()}")
            time.sleep(0.01)


def _get(address: Address, path: str) -> tuple[int, bytes]:
    host, port = address.host_port.rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=5)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {address.api_key}"})
        answer = connection.getresponse()
        return answer.status, answer.read(65_536)
    finally:
        connection.close()


def _served_models(address: Address) -> tuple[str, ...]:
    status, body = _get(address, "/v1/models")
    if status != http.client.OK:
        return ()
    return tuple(str(one["id"]) for one in json.loads(body)["data"])


def _crash_hint(number: int) -> str:
    if number == signal.SIGILL:
        return ": this processor lacks instructions that the wheel was built for (AVX2)"
    return ": a crash of native code" if number in {signal.SIGSEGV, signal.SIGABRT} else ""


@atexit.register
def _stop_all() -> None:
    for engine in list(_running):
        engine.stop()
