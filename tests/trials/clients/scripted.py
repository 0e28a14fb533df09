"""A loopback server that answers each request with bytes written out in the test."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

STREAM = "text/event-stream"


@dataclass
class Scripted:
    """What it says next, piece by piece, and what it was asked."""

    base: str
    host_port: str
    answers: list[Sequence[bytes]]
    heads: list[bytes] = field(default_factory=list)
    bodies: list[dict[str, object]] = field(default_factory=list)
    connections: int = 0


@asynccontextmanager
async def scripted(*answers: Sequence[bytes]) -> AsyncIterator[Scripted]:
    """Serve some answers in turn, the last one again and again; each is a list of pieces."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        state.connections += 1
        serving.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await _answer(state, reader, writer):
                pass
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    serving: set[asyncio.Task[None] | None] = set()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    state = Scripted(f"http://{host}:{port}", f"{host}:{port}", list(answers))
    try:
        yield state
    finally:
        server.close()
        for task in filter(None, serving):
            task.cancel()
        await asyncio.gather(*filter(None, serving), return_exceptions=True)


async def _answer(
    state: Scripted, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    """Answer one request; return whether the connection goes on."""
    head = await reader.readuntil(b"\r\n\r\n")
    state.heads.append(head)
    lengths = [one for one in head.split(b"\r\n") if one.lower().startswith(b"content-length:")]
    if lengths:
        state.bodies.append(json.loads(await reader.readexactly(int(lengths[0].split(b":")[1]))))
    pieces = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)
    return b"connection: close" not in pieces[0].lower()


def head(kind: str = STREAM, status: str = "200 OK", more: str = "") -> bytes:
    """Return the head of a reply that ends when its connection does."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n{more}\r\n".encode()


def whole(body: bytes, *, kind: str = STREAM, status: str = "200 OK", more: str = "") -> bytes:
    """Return a reply that says how long it is, so that its connection serves on."""
    length = f"Content-Length: {len(body)}\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{length}{more}\r\n".encode() + body


def event(chunk: object) -> bytes:
    """Return one event of a stream."""
    return f"data: {json.dumps(chunk)}\n\n".encode()


def chunk(finish: str | None = None, **delta: object) -> dict[str, object]:
    """Return one chunk of an answer."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c-1", "model": "some-model", "choices": [choice]}


def stream(*chunks: object) -> bytes:
    """Return a stream of chunks, the end mark included."""
    return b"".join(map(event, chunks)) + b"data: [DONE]\n\n"
