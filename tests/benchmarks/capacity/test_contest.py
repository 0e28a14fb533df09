"""Records and pages of the comparison."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.benchmarks.capacity import contest
from tests.benchmarks.capacity.contest import compare, page, record
from tests.benchmarks.capacity.peers import CONTESTANTS, Answers
from tests.benchmarks.capacity.test_peers import A_CASE

CASES = [
    replace(A_CASE, number=place, group=f"group {place}", measured=100.0) for place in range(8)
]
PLAIN, OURS = np.full(8, 140.0), np.full(8, 110.0)


def answers(**fields: object) -> Answers:
    values = {
        "estimates": dict.fromkeys(range(6), 150.0),
        "cpu_s": (3.0,) * 6,
        "unsupported": {"no GPU mi300x": 2},
        "skipped": 0,
    }
    return Answers(**{**values, **fields})  # type: ignore[arg-type]


def test_all_sides_are_judged_on_the_points_that_all_answer() -> None:
    ours = OURS.copy()
    ours[0] = np.nan

    found = record(CONTESTANTS[0], answers(), CASES, {"plain": PLAIN, "ours": ours})

    assert (found["n"], found["supported"]) == (5, 6)
    assert [found[side]["mdape"] for side in ("theirs", "plain", "ours")] == [0.5, 0.4, 0.1]


def test_the_page_gives_errors_interval_verdict_and_what_is_unsupported() -> None:
    found = record(CONTESTANTS[0], answers(), CASES, {"plain": PLAIN, "ours": OURS})

    text = page([found])

    assert (
        "| 6 of 6, 6 groups | 50% · 0% · 1.50 | 40% · 0% · 1.40 | 10% · 100% · 1.10 | 3 |" in text
    )
    assert "| -40% to -40% | ours is nearer |" in text
    assert "has no answer to 2: no GPU mi300x (2)" in text


def test_a_peer_that_could_not_be_installed_has_a_row_that_says_so() -> None:
    nothing = answers(estimates={}, cpu_s=(), unsupported={}, trouble="could not be installed: x")

    found = record(CONTESTANTS[0], nothing, CASES, {"plain": PLAIN, "ours": OURS})

    assert "| 0 | could not be installed: x |" in page([found])


def test_the_home_ground_of_aiconfigurator_is_judged_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [replace(one, engine="trtllm" if one.number < 3 else "vllm") for one in CASES]
    monkeypatch.setattr(contest, "ask", lambda *_: answers())

    every, home = compare(cases, PLAIN, OURS, only=CONTESTANTS[:1])

    assert (every["n"], home["n"]) == (6, 3)
    assert home["peer"].endswith("of these, TensorRT-LLM on H100, H200 and B200")
    assert home["difference"]["verdict"] == "too few groups (3) to tell"
