"""A loopback server of an exact pace, cheap enough that the clients, not it, are what is measured.

`python -m tests.benchmarks.trials.timed_server` serves until its standard input ends and prints its
port. The model that is asked for says how it answers: `quick` in one piece after 50 ms, `slow` as a
stream of 32 tokens, the first after 50 ms and the others 5 ms apart. `/stats` tells how many calls
it has answered since it was last asked, and in what time: the same yardstick for all clients.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]

FIRST_S, GAP_S, TOKENS = 0.05, 0.005, 32
QUICK, SLOW = "quick", "slow"
_USAGE = {"prompt_tokens": 7, "completion_tokens": TOKENS, "total_tokens": 7 + TOKENS}


@dataclass(frozen=True)
class Reply:
    """Pieces of a reply, each with its time after the request."""

    pieces: tuple[tuple[float, bytes], ...]


def plain(model: str) -> Reply:
    """Return a reply in one JSON object."""
    message = {"role": "assistant", "content": "word " * TOKENS}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    whole = {"id": "c-1", "object": "chat.completion", "created": 1, "model": model}
    body = json.dumps({**whole, "choices": [choice], "usage": _USAGE}).encode()
    return Reply(((FIRST_S, _head("application/json", f"Content-Length: {len(body)}") + body),))


def streamed(model: str) -> Reply:
    """Return a reply as a stream: at once for `quick`, token by token for `slow`."""
    first, *others = [_event(model, {"content": "word "}) for _ in range(TOKENS)]
    end = _event(model, {}, "stop") + _event(model, None, usage=_USAGE) + b"data: [DONE]\n\n"
    start = _head("text/event-stream", "Transfer-Encoding: chunked")
    if model != SLOW:
        whole = _event(model, {"content": "word " * TOKENS}) + end
        return Reply(((FIRST_S, start + _chunk(whole) + _chunk(b"")),))
    pieces = [(FIRST_S, start + _chunk(first))]
    pieces += [(FIRST_S + GAP_S * number, _chunk(one)) for number, one in enumerate(others, 1)]
    at_s, last = pieces.pop()
    return Reply((*pieces, (at_s, last + _chunk(end) + _chunk(b""))))


def _head(kind: str, more: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{more}\r\n\r\n".encode()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _event(model: str, delta: object, finish: str | None = None, *, usage: object = None) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    row = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": model}
    more = {"usage": usage} if usage else {}
    return b"data: " + json.dumps({**row, "choices": choices, **more}).encode() + b"\n\n"


class Tally:
    """Calls answered since the last look, and their time."""

    def __init__(self) -> None:
        self.calls = 0
        self.first_s: float | None = None
        self.last_s = 0.0

    def taken(self) -> dict[str, float]:
        """Return calls and seconds from the first request to the last reply; begin anew."""
        seconds = self.last_s - (self.first_s if self.first_s is not None else self.last_s)
        told = {"calls": self.calls, "seconds": seconds}
        self.calls, self.first_s, self.last_s = 0, None, 0.0
        return told


class _Protocol(asyncio.Protocol):
    """HTTP/1.1 as far as clients of chat APIs use it: one request at a time on a connection."""

    def __init__(self, replies: dict[tuple[str, bool], Reply], tally: Tally) -> None:
        self._replies = replies
        self._tally = tally
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  TCP

    def data_received(self, data: bytes) -> None:
        self._rest += data
        head, end, body = self._rest.partition(b"\r\n\r\n")
        if not end:
            return
        length = _length(head)
        if len(body) < length:
            return
        self._rest = body[length:]
        if head.startswith(b"GET"):
            models = {"data": [{"id": QUICK}, {"id": SLOW}]}
            told = self._tally.taken() if head.startswith(b"GET /stats") else models
            served = json.dumps(told).encode()
            lengths = f"Content-Length: {len(served)}"
            self._write(_head("application/json", lengths) + served)
        else:
            self._answer(json.loads(body[:length]))

    def _answer(self, asked: dict[str, Any]) -> None:
        reply = self._replies[str(asked["model"]), bool(asked.get("stream"))]
        loop = asyncio.get_running_loop()
        start = loop.time()
        if self._tally.first_s is None:
            self._tally.first_s = start
        for at_s, piece in reply.pieces:
            loop.call_at(start + at_s, self._write, piece)
        loop.call_at(start + reply.pieces[-1][0], self._count)

    def _count(self) -> None:
        self._tally.calls += 1
        self._tally.last_s = asyncio.get_running_loop().time()

    def _write(self, piece: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(piece)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


@contextmanager
def serving() -> Iterator[int]:
    """Serve from a process of its own, whose CPU does not count; yield the port."""
    command = [sys.executable, "-m", "tests.benchmarks.trials.timed_server"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        assert server.stdin
        yield int(server.stdout.readline())
        server.stdin.close()


def stats(port: int) -> dict[str, float]:
    """Return what the server counted since it was last asked."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/stats")
        return dict(json.loads(connection.getresponse().read()))


async def serve() -> None:
    """Serve until standard input ends."""
    replies = {(model, False): plain(model) for model in (QUICK, SLOW)}
    replies |= {(model, True): streamed(model) for model in (QUICK, SLOW)}
    loop = asyncio.get_running_loop()
    tally = Tally()
    server = await loop.create_server(
        lambda: _Protocol(replies, tally), "127.0.0.1", 0, backlog=512
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin, ended.set)
    await ended.wait()
    server.close()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve())
