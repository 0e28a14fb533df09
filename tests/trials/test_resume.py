"""kill -9 in the middle of a run: what was answered is never asked again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

import pytest

from playbook.trials import Evidence
from playbook.trials.ledger import LEDGER, read_ledger
from tests.trials.conftest import Workplace, a_prompt, write_prompt_set

PROMPTS = 60
CONCURRENCY = 4
SCRIPT = Path(__file__).with_name("killed_run.py")


class CountingServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: Counter[str] = Counter()
        self.lock = Lock()


class _Handler(BaseHTTPRequestHandler):
    server: CountingServer

    def do_POST(self) -> None:
        question = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.server.lock:
            self.server.asked[question] += 1
        time.sleep(0.03)
        answer = json.dumps({"text": question.replace("question", "answer")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[CountingServer]:
    with CountingServer() as one:
        thread = Thread(target=one.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield one
        one.shutdown()
        thread.join()


def start(place: Workplace, server: CountingServer, folder: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PLAYBOOK_PARAMS_DIR": str(place.params)}
    arguments = [str(server.server_port), str(place.root / folder), str(CONCURRENCY)]
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *arguments],
        env=environment,
        # A run in the background of a shell inherits an ignored SIGINT; a user's does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  one thread
    )


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


TIMES = (
    "first_token_p50_s",
    "first_token_p95_s",
    "first_token_p99_s",
    "output_tokens_per_second",
    "latencies_left_out",
)


def without_times(place: Workplace, folder: str) -> dict[str, object]:
    path = place.root / folder / "evidence.json"
    values = Evidence.model_validate_json(path.read_bytes()).model_dump(mode="json")
    for one in values["endpoints"]:
        for name in TIMES:
            del one[name]
    del values["rates"]
    return values


def test_after_kill_9_only_calls_in_flight_are_asked_again(
    workplace: Workplace, server: CountingServer
) -> None:
    write_prompt_set(workplace.params, [a_prompt(number) for number in range(PROMPTS)])
    ledger = workplace.root / "killed" / LEDGER
    first = start(workplace, server, "killed")
    while lines_in(ledger) < PROMPTS // 2:
        assert first.poll() is None, "it ended before it could be killed"
        time.sleep(0.005)

    first.send_signal(signal.SIGKILL)
    first.wait()

    answered = {f"question {int(one.prompt[1:])}" for one in read_ledger(ledger)}
    assert PROMPTS // 2 <= len(answered) < PROMPTS
    assert start(workplace, server, "killed").wait() == 0
    assert {server.asked[question] for question in answered} == {1}
    assert len(server.asked) == PROMPTS
    assert server.asked.total() <= PROMPTS + CONCURRENCY
    assert len(read_ledger(ledger)) == PROMPTS
    assert start(workplace, server, "whole").wait() == 0
    assert without_times(workplace, "killed") == without_times(workplace, "whole")


def test_ctrl_c_leaves_a_valid_ledger_and_ends_the_run(
    workplace: Workplace, server: CountingServer
) -> None:
    write_prompt_set(workplace.params, [a_prompt(number) for number in range(PROMPTS)])
    ledger = workplace.root / "stopped" / LEDGER
    run = start(workplace, server, "stopped")
    while lines_in(ledger) < 5:
        assert run.poll() is None, "it ended before it could be stopped"
        time.sleep(0.005)

    run.send_signal(signal.SIGINT)

    assert run.wait() == 130
    assert 5 <= len(read_ledger(ledger)) < PROMPTS
    assert start(workplace, server, "stopped").wait() == 0
    assert server.asked.total() <= PROMPTS + CONCURRENCY
