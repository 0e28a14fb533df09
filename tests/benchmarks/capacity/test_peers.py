"""What is asked of peers, and what becomes of their answers."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.capacity import environments, peer_loop
from tests.benchmarks.capacity.cases import Case
from tests.benchmarks.capacity.environments import NotInstalledError, Peer, python_of
from tests.benchmarks.capacity.peers import CONTESTANTS, ask, read

A_CASE = Case(
    number=7,
    group="laboratory llama-3-8b h100",
    model="llama-3-8b-instruct",
    gpu="h100",
    gpus=1,
    tensor_parallel=1,
    expert_parallel=False,
    engine="vllm",
    weights="bf16",
    cache="bf16",
    input_tokens=128,
    output_tokens=128,
    batch=16,
    regime="static",
    measured=2_000.0,
)


def answered(monkeypatch: pytest.MonkeyPatch, cases: list[Case], **limits: int) -> list[dict]:
    asked = {"most": 100, "seconds": 60, "seed": 1, **limits}
    asked["cases"] = [one.without_answer() for one in cases]
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(asked)))
    monkeypatch.setattr(sys, "stdout", said)

    def supports(case: dict) -> None:
        peer_loop.known({"llama-3-8b": 1}, case["model"], "model")

    def estimate(case: dict) -> float:
        if case["gpus"] > 8:
            raise ZeroDivisionError("within the peer\nmore")
        return 1_000.0 * case["gpus"]

    peer_loop.answer(supports, estimate)
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_no_peer_sees_the_measured_value() -> None:
    assert "measured" not in A_CASE.without_answer()
    assert 2_000.0 not in A_CASE.without_answer().values()


def test_a_point_that_a_peer_does_not_know_or_fails_on_is_counted_by_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [
        A_CASE,
        replace(A_CASE, number=8, model="yi-34b"),
        replace(A_CASE, number=9, model="yi-34b"),
        replace(A_CASE, number=10, gpus=16),
    ]

    found = read(answered(monkeypatch, cases))

    assert found.estimates == {7: 1_000.0}
    assert list(found.unsupported.items()) == [
        ("no model yi-34b", 2),
        ("ZeroDivisionError: within the peer", 1),
    ]


def test_a_sample_takes_groups_in_turns_and_counts_what_it_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = [replace(A_CASE, number=place, group="many") for place in range(20)]
    few = [replace(A_CASE, number=100 + place, group="few") for place in range(2)]

    found = read(answered(monkeypatch, many + few, most=4))

    assert {100, 101} < set(found.estimates)
    assert (len(found.estimates), found.skipped) == (4, 18)


def test_the_sample_is_the_same_in_every_run() -> None:
    cases = [{"number": place, "group": str(place % 3)} for place in range(12)]

    once, again = (list(peer_loop.in_turns(cases, 5)) for _ in range(2))

    assert once == again


def test_a_peer_that_cannot_be_installed_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLAYBOOK_BENCHMARK_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    found = ask(CONTESTANTS[0], [A_CASE])

    assert found.trouble == "could not be installed: uv is not on the path"
    assert found.estimates == {}


def test_an_installer_that_fails_gives_its_last_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLAYBOOK_BENCHMARK_CACHE", str(tmp_path / "cache"))
    script = tmp_path / "uv"
    script.write_text("#!/bin/sh\necho first >&2\necho no such version >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    with pytest.raises(NotInstalledError, match=r"^no such version$"):
        python_of(Peer("a peer", "a-peer", "0.1"))


def test_environments_lie_outside_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYBOOK_BENCHMARK_CACHE", raising=False)

    assert not environments.cache_folder().is_relative_to(Path(__file__).parents[3])


def test_every_contestant_is_pinned() -> None:
    assert all(one.peer.version.count(".") == 2 for one in CONTESTANTS)
