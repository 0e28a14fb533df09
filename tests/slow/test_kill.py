"""kill -9 of a `playbook run` in the middle of trials: no recorded answer is paid for again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from playbook.trials.ledger import LEDGER, read_ledger
from tests.batch.project import a_project
from tests.slow.loopback import MODEL, LoopbackServer, serving
from tests.slow.running import PLAYBOOK, ROOT, environment, record_in, run_folder

pytestmark = pytest.mark.slow

PROMPTS, CONCURRENCY, LONGEST_S = 60, 4, 600
OPTION = "mistral-nemo-12b@self:rented_us"  # without it, the licences of all models are in doubt
TIMES = (
    "first_token_p50_s",
    "first_token_p95_s",
    "first_token_p99_s",
    "output_tokens_per_second",
    "latencies_left_out",
)


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackServer]:
    with serving(delay_s=0.15) as one:
        yield one


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, server: LoopbackServer) -> Path:
    folder = a_project(tmp_path_factory.mktemp("project"), "acme")
    head = {"id": "asked", "data_class": "public", "data_types": ["public_only"]}
    rows = [{"prompt_set": head}, *(a_prompt(number) for number in range(PROMPTS))]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "params" / "prompts" / "asked.jsonl").write_text(text, encoding="utf-8")
    team = yaml.safe_dump(a_team(server.server_port))
    (folder / "params" / "teams" / "acme.yaml").write_text(team, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(project: Path) -> Path:
    """Return the folder of a run that nothing interrupts."""
    assert start(project, "whole").wait(LONGEST_S) == 0
    return run_folder(project / "whole", "acme")


def a_team(port: int) -> dict[str, dict[str, object]]:
    """Return the demo team's answers with public data and one endpoint of its own."""
    sections = yaml.safe_load((ROOT / "params" / "demo.yaml").read_text(encoding="utf-8"))
    endpoint = {
        "id": "own", "option": OPTION, "expected_model": MODEL,
        "litellm_model": f"hosted_vllm/{MODEL}", "api_base": f"http://127.0.0.1:{port}/v1",
        "operator": "self", "operator_jurisdiction": ["US"], "processing_regions": ["US"],
        "perimeter": "on_prem", "retention_days": 0, "trains_on_inputs": False,
    }  # fmt: skip
    return {
        **sections,
        "team": {**sections["team"], "name": "acme"},
        "data": {**sections["data"], "data_class": "public", "data_types": ["public_only"]},
        "trials": {
            "prompt_sets": ["asked"], "concurrency": CONCURRENCY, "endpoints": [endpoint],
            "latency_calls": 0,  # they would ask for answered prompts again
        },
    }  # fmt: skip


def a_prompt(number: int) -> dict[str, object]:
    return {
        "id": f"p{number:03d}",
        "task": "classify" if number % 2 else "extract",
        "group": f"template-{number // 2}",
        "messages": [{"role": "user", "content": f"question {number}"}],
        "expected": f"answer {number}",
        "scorers": ["exact"],
        "max_tokens": 16,
    }


def start(project: Path, out: str) -> subprocess.Popen[bytes]:
    command = [*PLAYBOOK, "run", "params/teams/acme.yaml", "--out", out]
    return subprocess.Popen(
        command, cwd=project, env=environment(), stdout=subprocess.DEVNULL, start_new_session=True
    )


def wait_for_answers(run: subprocess.Popen[bytes], out: Path, least: int) -> Path:
    """Wait until a run's ledger has so many lines; return the ledger."""
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        assert run.poll() is None, "it ended before it could be killed"
        for ledger in out.glob(f"acme/*/{LEDGER}"):
            if ledger.read_bytes().count(b"\n") >= least:
                return ledger
        time.sleep(0.01)
    pytest.fail(f"no {least} answers within {LONGEST_S} s")


def descendants(parent: int) -> list[int]:
    """Return a process and all below it, kernels with process groups of their own included."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=True)
    children: dict[int, list[int]] = {}
    for row in listed.stdout.decode().splitlines():
        child, above = map(int, row.split())
        children.setdefault(above, []).append(child)
    found = [parent]
    for one in found:
        found += children.get(one, [])
    return found


def kill_group(run: subprocess.Popen[bytes]) -> None:
    """Kill the command's process group; its kernel, in a group of its own, is orphaned."""
    os.killpg(run.pid, signal.SIGKILL)


def kill_tree(run: subprocess.Popen[bytes]) -> None:
    """Kill the command and everything it started, the kernel that is asking included."""
    for process in descendants(run.pid):
        os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_tree, kill_group])
def test_a_killed_run_resumes_without_asking_again(
    kill: Callable[[subprocess.Popen[bytes]], None],
    project: Path,
    server: LoopbackServer,
    whole: Path,
) -> None:
    out = kill.__name__
    server.asked.clear()
    first = start(project, out)
    ledger = wait_for_answers(first, project / out, PROMPTS // 3)

    kill(first)
    first.wait()
    answered = {f"question {int(one.prompt[1:])}" for one in read_ledger(ledger)}
    resumed = start(project, out).wait(LONGEST_S)

    assert PROMPTS // 3 <= len(answered) < PROMPTS
    assert resumed == 0
    assert {server.asked[question] for question in answered} == {1}
    assert len(server.asked) == PROMPTS
    assert server.asked.total() <= PROMPTS + CONCURRENCY
    assert len(read_ledger(ledger)) == PROMPTS
    killed = run_folder(project / out, "acme")
    assert ledger.parent == killed
    assert (killed / "report.html").is_file()
    assert evidence_without_times(killed) == evidence_without_times(whole)


def evidence_without_times(folder: Path) -> dict[str, object]:
    """Return a run's evidence without what its clock said: times, and the rate of its calls."""
    evidence = record_in(folder, "evidence.json")
    del evidence["measurements"], evidence["not_measured"], evidence["rates"]
    for one in evidence["endpoints"]:  # type: ignore[attr-defined]
        for name in TIMES:
            del one[name]
    return evidence
