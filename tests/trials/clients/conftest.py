"""Loopback servers: one that speaks the APIs' dialects and misbehaves, one that only counts."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

KEY = "sk-test-4f9a8b7c6d5e4f3a2b1c"


OUTSIDE = "127.0.0.2"
"""A second loopback address; where it can't be had, the first one at another port."""


@pytest.fixture
def outside() -> Iterator[SimpleNamespace]:
    """A server that must never be reached: `connections` and bytes `received`."""
    with counting_server() as counted:
        yield counted


@contextmanager
def counting_server(port: int = 0) -> Iterator[SimpleNamespace]:
    """Run a server that counts what reaches it and never answers."""
    try:
        listener = socket.create_server((OUTSIDE, port))
    except OSError:
        listener = socket.create_server(("127.0.0.1", 0))
    counted = _server_at(*listener.getsockname()[:2], connections=0, received=0)
    thread = threading.Thread(target=_count, args=(listener, counted), daemon=True)
    thread.start()
    yield counted
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def _server_at(host: str, port: int, **state: object) -> SimpleNamespace:
    host_port = f"{host}:{port}"
    return SimpleNamespace(base=f"http://{host_port}", host_port=host_port, port=port, **state)


def _count(listener: socket.socket, counted: SimpleNamespace) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        counted.connections += 1
        with connection:
            connection.settimeout(0.2)
            try:
                while piece := connection.recv(4096):
                    counted.received += len(piece)
            except OSError:
                pass


@pytest.fixture
def inside() -> Iterator[SimpleNamespace]:
    """The allowed server: what it received (`paths`, `headers`, `bodies`), and its `behaviour`.

    `next` holds behaviours of the next requests, before `behaviour` holds again.
    """
    server = _Server(("127.0.0.1", 0), _Handler)
    state = _server_at("127.0.0.1", server.server_port, behaviour="answer", aim="", model="")
    state.status, state.next, state.cookie = 307, [], ""
    state.paths, state.headers, state.bodies = [], [], []
    server.state = state  # type: ignore[attr-defined]  the handler reads it
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def state(self) -> SimpleNamespace:
        return self.server.state  # type: ignore[attr-defined,no-any-return]  set by the fixture

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        self._note()
        if self.state.behaviour == "redirect":
            return self._redirect({})
        if self.path == "/api/tags":
            tags = {"models": [{"name": f"{self.state.model}:latest"}]}
            return self._send(200, json.dumps(tags).encode())
        return self._send(200, json.dumps({"data": [{"id": self.state.model}]}).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        asked = json.loads(body)
        self.state.bodies.append(body)
        self._note()
        behaviour = self.state.next.pop(0) if self.state.next else self.state.behaviour
        try:
            getattr(self, f"_{behaviour}")(asked)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _note(self) -> None:
        self.state.paths.append(self.path)
        self.state.headers.append({name.lower(): value for name, value in self.headers.items()})

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        if self.state.cookie:
            self.send_header("Set-Cookie", self.state.cookie)
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, asked: dict[str, object]) -> None:
        model = self.state.model or str(asked.get("model", "gemini-2.5-flash"))
        body, kind = reply_body(self.path, model)
        self._send(200, body.encode(), Content_Type=kind)

    def _answer_and_leave(self, asked: dict[str, object]) -> None:
        self._answer(asked)
        self.close_connection = True

    def _answer_without_usage(self, asked: dict[str, object]) -> None:
        body, kind = reply_body(self.path, str(asked["model"]))
        kept = [line for line in body.split("\n\n") if "usage" not in line]
        self._send(200, "\n\n".join(kept).encode(), Content_Type=kind)

    def _redirect(self, _: object) -> None:
        self._send(self.state.status, b"", Location=self.state.aim + self.path)

    def _busy(self, _: object) -> None:
        self._send(429, b'{"error": {"message": "slow down"}}', Retry_After="7")

    def _broken(self, _: object) -> None:
        self._send(503, b'{"error": {"message": "overloaded"}}')

    def _tell_key(self, _: object) -> None:
        told = {"error": {"message": f"bad key {KEY}; headers {dict(self.headers)}"}}
        self._send(401, json.dumps(told).encode())

    def _drip(self, _: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for _second in range(100):
            self.wfile.write(b": wait\n\n")
            time.sleep(0.05)

    def _kill(self, asked: dict[str, object]) -> None:
        self.state.kill()
        self._hang_up(asked)

    def _half(self, asked: dict[str, object]) -> None:
        body, kind = reply_body(self.path, str(asked.get("model", "")))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 3].encode())
        self._hang_up(asked)

    def _hang_up(self, _: object) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _flood(self, _: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for _piece in range(40):
            self.wfile.write(b": " + b"x" * 2**20 + b"\n\n")


def reply_body(path: str, model: str) -> tuple[str, str]:
    """Return a short streamed reply in the dialect that a path belongs to, and its type."""
    if "/messages" in path:
        events = [f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in _anthropic(model)]
        return "".join(events), "text/event-stream"
    if "enerateContent" in path:
        row = {
            "candidates": [
                {"content": {"role": "model", "parts": [{"text": "hi"}]}, "finishReason": "STOP"}
            ],
            "usageMetadata": {
                "promptTokenCount": 7, "candidatesTokenCount": 2, "totalTokenCount": 9,
            },
            "modelVersion": model,
        }  # fmt: skip
        return f"data: {json.dumps(row)}\n\n", "text/event-stream"
    if "/api/chat" in path:
        rows = [
            {"model": model, "message": {"role": "assistant", "content": "hi"}, "done": False},
            {
                "model": model, "message": {"role": "assistant", "content": ""}, "done": True,
                "done_reason": "stop", "prompt_eval_count": 7, "eval_count": 2,
            },
        ]  # fmt: skip
        return "".join(json.dumps(one) + "\n" for one in rows), "application/x-ndjson"
    head = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": model}
    parts: list[dict[str, object]] = [
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "hi"}}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {
            "choices": [],
            "usage": {
                "prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9,
                "prompt_tokens_details": {"cached_tokens": 4},
                "completion_tokens_details": {"reasoning_tokens": 1},
            },
        },
    ]  # fmt: skip
    lines = [f"data: {json.dumps({**head, **one})}\n\n" for one in parts]
    return "".join(lines) + "data: [DONE]\n\n", "text/event-stream"


def _anthropic(model: str) -> list[dict[str, object]]:
    start = {
        "id": "m-1", "type": "message", "role": "assistant", "content": [], "model": model,
        "usage": {"input_tokens": 7, "output_tokens": 0},
    }  # fmt: skip
    return [
        {"type": "message_start", "message": start},
        {
            "type": "content_block_start", "index": 0,
            "content_block": {"type": "text", "text": ""},
        },
        {
            "type": "content_block_delta", "index": 0,
            "delta": {"type": "text_delta", "text": "hi"},
        },
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta", "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 2},
        },
        {"type": "message_stop"},
    ]  # fmt: skip
