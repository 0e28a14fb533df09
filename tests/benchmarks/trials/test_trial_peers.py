"""The contest of clients: an exact server, ratios round by round, and plain words for trouble."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks import trial_peers
from tests.benchmarks.capacity.environments import NotInstalledError
from tests.benchmarks.trial_peers import Side
from tests.benchmarks.trials import peers
from tests.benchmarks.trials.calling import SIDES, Job
from tests.benchmarks.trials.peers import Command
from tests.benchmarks.trials.timed_server import (
    FIRST_S,
    GAP_S,
    QUICK,
    SLOW,
    TOKENS,
    serving,
    streamed,
)

BARE = Side("aiohttp", "aiohttp", Job("aiohttp", 0, QUICK, 6, 2), rounds=1)


def figures(calls_per_s: float) -> dict[str, float | None]:
    return {
        "calls_per_s": calls_per_s,
        "cpu_s_per_1000": 1.0,
        "with_start": 2.0,
        "first_token_ms": None,
        "rss_mb": 50.0,
    }


def test_slow_stream_gives_a_token_every_5_ms_after_50_ms() -> None:
    times = [at_s for at_s, _ in streamed(SLOW).pieces]

    assert len(times) == TOKENS
    assert times == pytest.approx([FIRST_S + GAP_S * number for number in range(TOKENS)])


def test_quick_stream_comes_in_one_piece() -> None:
    ((at_s, piece),) = streamed(QUICK).pieces

    assert at_s == FIRST_S
    assert piece.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


@pytest.mark.parametrize("name", ["aiohttp", "lean"])
def test_side_runs_in_a_process_of_its_own_and_is_counted_by_the_server(name: str) -> None:
    with serving() as port:
        seen = trial_peers.once(replace(BARE, name=name, job=replace(BARE.job, port=port)))

    assert 0 < seen["calls_per_s"] < 2 / FIRST_S
    assert seen["first_token_ms"] >= FIRST_S * 1000
    assert seen["rss_mb"] > 10


def test_ratio_is_to_bare_aiohttp_in_the_same_round() -> None:
    found = trial_peers.record(
        BARE, [figures(50.0), figures(90.0)], [figures(100.0), figures(100.0)], ""
    )

    assert found["of_bare"] == {"median": 0.7, "least": 0.5, "most": 0.9}
    assert found["calls_per_s"]["median"] == 70.0
    assert "first_token_ms" not in found


def test_tool_that_cannot_be_installed_is_said_to_be_so() -> None:
    def missing(job: Job, folder: Path) -> Command:
        raise NotInstalledError(f"no wheel for {job.model} in {folder.name[:0]}here")

    (found,) = trial_peers.measure([replace(BARE, start=missing)])

    assert "could not be installed: no wheel for quick" in trial_peers.page([found])


def test_tool_that_fails_is_shown_with_its_last_words() -> None:
    def failing(_: Job, __: Path) -> Command:
        return Command(["sh", "-c", "echo first >&2; echo 'went | wrong' >&2; exit 3"], {"A": "b"})

    (found,) = trial_peers.measure([replace(BARE, start=failing)])

    assert "failed: exit code 3: went / wrong" in trial_peers.page([found])


def test_tool_that_asks_less_than_it_should_is_not_measured() -> None:
    def lazy(_: Job, __: Path) -> Command:
        return Command(["true"], {"A": "b"})

    (found,) = trial_peers.measure([replace(BARE, start=lazy)])

    assert found["trouble"] == "failed: 0 of 6 calls"


def test_promptfoo_is_run_with_all_that_calls_home_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "_promptfoo_program", lambda: Path("promptfoo"))

    command = peers.promptfoo(Job("promptfoo", 1234, QUICK, 3, 2), tmp_path)

    off = {name for name, value in command.variables.items() if value == "1"}
    assert {"TELEMETRY", "UPDATE", "REMOTE_GENERATION"} <= {
        name.removeprefix("PROMPTFOO_DISABLE_") for name in off
    }
    config = json.loads((tmp_path / "promptfooconfig.json").read_text())
    assert config["providers"][0]["config"]["apiBaseUrl"] == "http://127.0.0.1:1234/v1"
    assert len(config["tests"]) == 3


def test_every_side_can_be_run_and_each_place_has_bare_aiohttp_first() -> None:
    asked = trial_peers.sides()

    assert {one.name for one in asked if one.start is None} == set(SIDES)
    for model, at_once in ((QUICK, 64), (SLOW, 8), (SLOW, 64)):
        there = [one for one in asked if (one.job.model, one.job.at_once) == (model, at_once)]
        assert there[0].name == trial_peers.BARE
