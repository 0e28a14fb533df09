"""What a dialect of a chat API is to these tests, and a loopback server that speaks one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Body = dict[str, Any]
Case = Literal["text", "tools", "schema", "filtered", "refusal", "repeating"]
REPEATED = ("over ",) * 110
"""Pieces of an answer that repeats itself: more alike than litellm lets pass by itself."""
JSON_ANSWER = '{"order_id": "AB-12"}'
CALLS = (("get_weather", {"city": "Bern"}), ("get_time", {"zone": "UTC"}))
"""What every dialect's server calls in the case `tools`, side by side."""


@dataclass(frozen=True)
class Counts:
    """Tokens of the case `text`, as a reply must tell them."""

    input: int = 7
    output: int = 3
    cached: int | None = None
    written: int | None = None
    reasoning: int | None = None


@dataclass(frozen=True)
class Dialect:
    """One provider's way of speaking."""

    prefix: str
    model: str
    path: str
    """Path and query at which a call must arrive."""
    stream: Callable[[Case], str]
    """Body of a streamed reply."""
    error: Callable[[int], Body]
    """Body of an error."""
    picture: Callable[[Body], object]
    """Base64 of the picture in a request."""
    tools: Callable[[Body], dict[str, Any]]
    """Schemas of the tools in a request by name."""
    schema: Callable[[Body], object]
    """Response schema in a request."""
    result: Callable[[Body], object]
    """What a tool answered, in a request."""
    counts: Counts = Counts()
    base_path: str = "/v1"
    key_header: str = "authorization"
    key_words: str = "Bearer {}"
    fields: Mapping[str, str] = field(default_factory=dict)
    """Further fields of the endpoint."""
    has_pictures: bool = True
    prompt_filter: Body | None = None
    """Body of the 400 with which it refuses a prompt, if it has one."""

    def __str__(self) -> str:
        return self.prefix


@dataclass
class Server:
    """A running server and what it received."""

    dialect: Dialect
    host_port: str
    case: Case = "text"
    status: int = 200
    body: Body | None = None
    """Body to send instead of the dialect's own."""
    page: str = ""
    """Web page to send instead of any answer."""
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://{self.host_port}{self.dialect.base_path}"


@contextmanager
def serving(dialect: Dialect) -> Iterator[Server]:
    """Run a server of a dialect until the block ends."""
    listener = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    listener.daemon_threads = True
    server = Server(dialect, f"127.0.0.1:{listener.server_port}")
    listener.told = server  # type: ignore[attr-defined]  the handler reads it
    thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        return

    def do_POST(self) -> None:
        told: Server = self.server.told  # type: ignore[attr-defined]  set above
        told.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        told.paths.append(self.path)
        told.headers.append({name.lower(): value for name, value in self.headers.items()})
        if told.page:
            return self._send(200, told.page, "text/html; charset=utf-8")
        if told.status == 200:
            return self._send(200, told.dialect.stream(told.case), "text/event-stream")
        body = told.body or told.dialect.error(told.status)
        return self._send(told.status, json.dumps(body), "application/json")

    def _send(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-request-id", "req-77")
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(body)


def events(*rows: Body, done: bool = True) -> str:
    """Return server-sent events of JSON rows, with OpenAI's last line."""
    return "".join(f"data: {json.dumps(one)}\n\n" for one in rows) + "data: [DONE]\n\n" * done
