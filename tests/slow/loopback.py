"""A loopback server in the shape of OpenAI's API: it answers by rule and counts what it is asked.

`python -m tests.slow.loopback` serves until its standard input ends and prints its port.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Semaphore, Thread

MODEL = "model-x"


class LoopbackServer(ThreadingHTTPServer):
    """Answers `question 7` with `answer 7`, but for every fifth one, after `delay_s`.

    It works on so many calls at a time as it has slots; others wait.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *, delay_s: float = 0.0, slots: int = 1_000) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.delay_s = delay_s
        self.asked: Counter[str] = Counter()
        self.lock = Lock()
        self.free = Semaphore(slots)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: LoopbackServer

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        self._send(json.dumps({"data": [{"id": MODEL}]}), "application/json")

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        question = asked["messages"][-1]["content"]
        with self.server.lock:
            self.server.asked[question] += 1
        with self.server.free:
            time.sleep(self.server.delay_s)
        self._send(streamed(answer_to(question)), "text/event-stream")

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):  # the caller was killed
            self.close_connection = True


def answer_to(question: str) -> str:
    """Return the answer, a wrong one to every fifth question."""
    number = int(question.rsplit(maxsplit=1)[-1])
    return question.replace("question", "answer") if number % 5 else "no idea"


def streamed(text: str) -> str:
    """Return a reply as the API streams it: text, end, counted tokens."""
    head = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}
    parts: list[dict[str, object]] = [
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": text}}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": usage},
    ]
    lines = [f"data: {json.dumps({**head, **one})}\n\n" for one in parts]
    return "".join(lines) + "data: [DONE]\n\n"


@contextmanager
def serving(*, delay_s: float = 0.0, slots: int = 1_000) -> Iterator[LoopbackServer]:
    """Serve on a free loopback port until the block ends."""
    with LoopbackServer(delay_s=delay_s, slots=slots) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


if __name__ == "__main__":
    with serving() as served:
        sys.stdout.write(f"{served.server_port}\n")
        sys.stdout.flush()
        sys.stdin.read()
