"""A loopback server in the shape of OpenAI's API that fails in every way that servers fail.

Each question fails in a set way the first times it is asked, and is answered from then on. It runs
on an event loop in a thread of its own.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, get_args

MODEL = "model-x"
READ_TOKENS, WRITTEN_TOKENS = 7, 2
Fault = Literal[
    "429", "500", "drop_before_body", "drop_in_body", "broken_json", "endless_body", "never",
    "slow_headers", "reset", "wrong_model", "no_usage", "duplicate_chunks", "content_filter",
]  # fmt: skip
FAULTS: tuple[Fault, ...] = get_args(Fault)
SLOW: tuple[Fault, ...] = ("endless_body", "never", "slow_headers")
"""Only the caller's deadline ends these."""
FINAL: tuple[Fault, ...] = ("wrong_model", "no_usage", "duplicate_chunks", "content_filter")
"""These are replies: whoever gets one has its result."""


@dataclass
class Limits:
    """What the server enforces over any window of so many seconds; it counts a call on arrival."""

    rpm: float | None = None
    tpm: float | None = None
    window_s: float = 60.0


@dataclass
class FaultServer:
    """What the server is to do, and what it saw."""

    faults: Mapping[str, Fault] = field(default_factory=dict)
    """By question."""
    times: int = 1
    """So often each question fails."""
    streams: bool = True
    """Whether it streams where it is asked to; else it answers with one object all the same."""
    delay_s: float = 0.0
    """Before an answer."""
    limits: Limits = field(default_factory=Limits)
    retry_after: str = "0.2"
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    arrivals: list[float] = field(default_factory=list)
    refused: int = 0
    most_in_flight: int = 0
    port: int = 0
    _in_flight: int = 0
    _window: deque[tuple[float, int]] = field(default_factory=deque)

    @property
    def base(self) -> str:
        """Return the address for `api_base`."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._one(reader, writer):
                pass
        with suppress(ConnectionError, asyncio.CancelledError):
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection stays."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if head.startswith("get"):
            await _send(writer, json.dumps({"data": [{"id": MODEL}]}), "application/json")
            return True
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        asked = json.loads(await reader.readexactly(length))
        question = asked["messages"][-1]["content"]
        self.asked[question] += 1
        self.arrivals.append(time.monotonic())
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            streams = self.streams and bool(asked.get("stream"))
            return await self._reply(writer, question, streams=streams)
        finally:
            self._in_flight -= 1

    async def _reply(self, writer: asyncio.StreamWriter, question: str, *, streams: bool) -> bool:
        if self._over_limit():
            self.refused += 1
            await _refuse(writer, 429, self.retry_after)
            return True
        await asyncio.sleep(self.delay_s)
        fault = self.faults.get(question) if self.asked[question] <= self.times else None
        if fault in {"429", "500"}:
            await _refuse(writer, int(fault or 0), self.retry_after)
            return True
        if fault is None or fault in FINAL:
            self.answered[question] += 1
            await _send(writer, *_body(question, fault, streams=streams))
            return True
        await _fail(writer, fault, *_body(question, fault, streams=streams))
        return False

    def _over_limit(self) -> bool:
        now, limits = time.monotonic(), self.limits
        while self._window and self._window[0][0] <= now - limits.window_s:
            self._window.popleft()
        share = limits.window_s / 60
        tokens = READ_TOKENS + WRITTEN_TOKENS
        used = sum(one for _at, one in self._window) + tokens
        if limits.rpm and len(self._window) + 1 > limits.rpm * share:
            return True
        if limits.tpm and used > limits.tpm * share:
            return True
        self._window.append((now, tokens))
        return False


def _body(question: str, fault: Fault | None, *, streams: bool) -> tuple[str, str]:
    """Return the body of a reply and its type."""
    model = "model-y" if fault == "wrong_model" else MODEL
    head = {"id": "c-1", "created": 1, "model": model}
    text = question.replace("question", "answer")
    ends = "content_filter" if fault == "content_filter" else "stop"
    usage = {
        "prompt_tokens": READ_TOKENS,
        "completion_tokens": WRITTEN_TOKENS,
        "total_tokens": READ_TOKENS + WRITTEN_TOKENS,
    }
    counted = {} if fault == "no_usage" else {"usage": usage}
    if not streams:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": ends}
        return json.dumps(head | {"choices": [choice]} | counted), "application/json"
    said = {"role": "assistant", "content": text}
    parts: list[dict[str, object]] = [
        {"choices": [{"index": 0, "delta": said, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": ends}]},
    ]
    if counted:
        parts.append({"choices": [], **counted})
    if fault == "duplicate_chunks":
        parts += parts[1:]
    head["object"] = "chat.completion.chunk"
    events = [f"data: {json.dumps(head | one)}\n\n" for one in parts]
    return "".join(events) + "data: [DONE]\n\n", "text/event-stream"


async def _fail(writer: asyncio.StreamWriter, fault: Fault, body: str, kind: str) -> None:
    """Fail in a way after which the connection is of no use."""
    half = body[: len(body) // 2]
    if fault == "never":
        await asyncio.sleep(60)
    elif fault == "slow_headers":
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nX-Padding: {'x' * 2_000}\r\n"
        await _drip(writer, head, every_s=0.05)
    elif fault == "reset":
        connection: socket.socket = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif fault == "drop_in_body":
        await _send(writer, half, kind, length=len(body))
    elif fault == "broken_json":
        await _send(writer, body.replace('"choices"', '"choices', 1), kind)
    elif fault == "endless_body":
        await _send(writer, half, kind, length=1_000_000)
        await _drip(writer, " " * 60, every_s=1.0)


async def _drip(writer: asyncio.StreamWriter, text: str, *, every_s: float) -> None:
    """Send one byte after the other."""
    for byte in text:
        await asyncio.sleep(every_s)
        writer.write(byte.encode())
        await writer.drain()


async def _refuse(writer: asyncio.StreamWriter, status: int, retry_after: str) -> None:
    text = json.dumps({"error": {"message": "not now", "type": "server", "code": str(status)}})
    more = f"Retry-After: {retry_after}\r\n" if status == 429 else ""
    await _send(writer, text, "application/json", status=status, more=more)


async def _send(
    writer: asyncio.StreamWriter,
    body: str,
    kind: str,
    *,
    status: int = 200,
    length: int | None = None,
    more: str = "",
) -> None:
    length = len(body.encode()) if length is None else length
    head = f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n"
    writer.write((head + body).encode())
    await writer.drain()


@contextmanager
def serving(server: FaultServer) -> Iterator[FaultServer]:
    """Serve on a free loopback port until the block ends."""
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def main() -> None:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        server.port = listening.sockets[0].getsockname()[1]
        stop = asyncio.Event()
        started.set_result((asyncio.get_running_loop(), stop))
        await stop.wait()
        listening.close()

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    loop, stop = started.result()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


def an_unused_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
