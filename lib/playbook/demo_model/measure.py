r"""Measure the shipped models through the engine, and write the card.

Held-out examples, temperature 0, whole answers compared.

Run it by hand after a build, in the same environment plus `pip install xllamacpp==2026.10.11549`:

    PYTHONPATH=lib /tmp/demo_model_env/bin/python -m playbook.demo_model.measure \
        --work /tmp/demo_work --date 2026-11-23

Without `--work` the shipped files are measured again, and what the card says of training stays.

Each model runs in a child process with an HTTP server on 127.0.0.1; nothing else is contacted.
"""

import argparse
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from playbook.demo_model.card import (
    MEASURE_SEED,
    MEASURED_TASKS,
    Accuracy,
    accuracy_table,
    read_card,
    training_facts,
    write_card,
)
from playbook.demo_model.data import Example, held_out_examples
from playbook.demo_model.files import DemoModelName, demo_model_path
from playbook.demo_model.templates import TaskName

MAX_TOKENS = 64

_START_LIMIT_S = 60.0
_SERVE = """
import json, sys, time, xllamacpp
p = xllamacpp.CommonParams()
p.model.path = sys.argv[1]
p.hostnames = ["127.0.0.1"]
p.port, p.n_ctx, p.n_parallel, p.n_gpu_layers = 0, 512, 1, 0
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = 1
p.ui, p.offline = False, True
if len(sys.argv) > 2:
    p.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(sys.argv[2], 1.0)]
server = xllamacpp.Server(p)
print(json.dumps({"address": server.listening_address}), flush=True)
while True:
    time.sleep(3600)
"""


@contextmanager
def served(model: Path, adapter: Path | None = None) -> Iterator[str]:
    """Serve one model in a child process and yield its address.

    Args:
        model: GGUF file of the model.
        adapter: GGUF file of a LoRA adapter to apply, if any.

    Yields:
        The base address, such as `http://127.0.0.1:40123`.
    """
    files = [str(path) for path in (model, adapter) if path]
    command = [sys.executable, "-c", _SERVE, *files]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # noqa: S603 (own code, no shell)
    try:
        line = child.stdout.readline() if child.stdout else ""
        address = json.loads(line)["address"]
        _wait_until_healthy(address)
        yield address
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(timeout=10)


def answer(address: str, example: Example) -> str:
    """Return the model's reply to one example at temperature 0."""
    messages = [{"role": turn.role, "content": turn.content} for turn in example.messages]
    body = {"messages": messages, "temperature": 0, "max_tokens": MAX_TOKENS}
    reply = _fetch(f"{address}/v1/chat/completions", json.dumps(body).encode())
    choices = cast("Sequence[dict[str, dict[str, str]]]", reply["choices"])
    return choices[0]["message"]["content"]


def accuracy(address: str, task: TaskName, n: int, seed: int = MEASURE_SEED) -> Accuracy:
    """Return the share of whole answers that are right, with its interval.

    Args:
        address: Base address of a served model.
        task: Name of the task.
        n: Number of held-out examples.
        seed: Seed of the examples.

    Returns:
        The count of right answers, in all and per label.
    """
    examples = held_out_examples(task, n, seed)
    by_label: dict[str, list[bool]] = {}
    for example in examples:
        hit = answer(address, example) == example.expected
        by_label.setdefault(example.label, []).append(hit)
    return Accuracy(
        correct=sum(sum(hits) for hits in by_label.values()),
        n=n,
        by_label={label: round(sum(hits) / len(hits), 2) for label, hits in by_label.items()},
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every model on every task and write the card."""
    parser = argparse.ArgumentParser(description="Measure the demonstration models.")
    parser.add_argument("--work", type=Path, help="work directory of a build; else as on the card")
    parser.add_argument("--n", type=int, default=240, help="held-out examples per task")
    parser.add_argument("--date", required=True, help="date to state, such as 2026-11-23")
    options = parser.parse_args(arguments)
    base, adapter = demo_model_path("demo-base"), demo_model_path("demo-freight-lora")
    runs: Mapping[DemoModelName, tuple[Path, Path | None]] = {
        "demo-base": (base, None),
        "demo-base-q5_1": (demo_model_path("demo-base-q5_1"), None),
        "demo-small": (demo_model_path("demo-small"), None),
        "demo-freight-lora": (base, adapter),
    }
    measured: dict[DemoModelName, dict[TaskName, Accuracy]] = {}
    for name, (model, applied) in runs.items():
        with served(model, applied) as address:
            measured[name] = {task: accuracy(address, task, options.n) for task in MEASURED_TASKS}
    training = training_facts(read_card())
    if options.work:
        training |= json.loads((options.work / "training.json").read_text(encoding="utf-8"))
    write_card(training, measured, options.date)
    print(accuracy_table(read_card()))  # noqa: T201 (a command-line tool's output)


def _fetch(url: str, body: bytes | None = None) -> dict[str, object]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 (loopback http only)
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 (loopback http only)
        return cast("dict[str, object]", json.load(response))


def _wait_until_healthy(address: str) -> None:
    limit = time.monotonic() + _START_LIMIT_S
    while True:
        try:
            _fetch(f"{address}/health")
        except urllib.error.URLError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    main()
