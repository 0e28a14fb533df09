"""Base against tuned: what was gained and what was forgotten, each told apart."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from playbook.profile import Endpoint
from playbook.trials.client import Reply, Request
from playbook.trials.interval import Interval
from playbook.trials.parity_records import ParityResult
from playbook.trials.tuning_shift import forgetting_verdict, gain_verdict
from tests.trials.conftest import (
    FakeClient,
    Workplace,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    right_answer,
    write_prompt_set,
)


def tuned(
    place: Workplace,
    passes: Mapping[str, tuple[int, int]],
    *,
    special: tuple[str, ...],
    n: int = 80,
) -> ParityResult:
    """Return base against tuned, by how many of n prompts of each task base and tuned pass."""
    rows = [
        a_prompt(number, group="", task=task, id=f"{task}-{number}", expected=f"answer {number}")
        for task in passes
        for number in range(n)
    ]
    for row in rows:
        row["messages"] = [{"role": "user", "content": f"question {row['id']}"}]
        row["expected"] = f"answer {row['id']}"
    write_prompt_set(place.params, rows)
    pair = {
        "first": "base", "second": "tuned", "kind": "base_and_tuned", "specialist_tasks": special,
    }  # fmt: skip
    profile = a_profile(an_endpoint("base"), an_endpoint("tuned"), parity=[pair])

    def rule(endpoint: Endpoint, request: Request, _times: int) -> Reply:
        task, _, number = request.messages[-1].content.split()[1].rpartition("-")
        right = int(number) < passes[task][endpoint.id == "tuned"]
        return a_reply(right_answer(request) if right else "wrong")

    (found,) = place.run(profile, FakeClient(rule)).parity
    return found


def test_a_specialist_gains_and_keeps_what_it_knew(workplace: Workplace) -> None:
    found = tuned(workplace, {"freight": (20, 70), "classify": (70, 70)}, special=("freight",))

    assert (found.gain, found.forgetting, found.verdict) == ("gained", "kept", None)
    assert [(one.task, one.verdict) for one in found.shifts] == [
        ("all specialist tasks", "gained"),
        ("all old tasks", "kept"),
    ]
    assert found.shifts[0].difference.value == pytest.approx(50 / 80)


def test_what_was_forgotten_is_not_offset_by_the_gain(workplace: Workplace) -> None:
    found = tuned(workplace, {"freight": (20, 70), "classify": (70, 20)}, special=("freight",))

    assert (found.gain, found.forgetting) == ("gained", "forgot")


def test_one_forgotten_task_is_not_hidden_by_the_mean_of_the_old_ones(
    workplace: Workplace,
) -> None:
    """Of 3 x 80 old prompts 12 of one task are lost: 5 points in the mean, 15 in the task."""
    passes = {"freight": (20, 70), "a": (80, 68), "b": (70, 80), "c": (70, 80)}

    found = tuned(workplace, passes, special=("freight",))

    verdicts = {one.task: one.verdict for one in found.shifts}
    assert (verdicts["all old tasks"], verdicts["a"]) == ("kept", "forgot")
    assert found.forgetting == "forgot"


def test_tuning_that_did_nothing_is_no_gain(workplace: Workplace) -> None:
    found = tuned(workplace, {"freight": (40, 40), "classify": (70, 70)}, special=("freight",))

    assert (found.gain, found.forgetting) == ("no gain", "kept")


def test_a_few_prompts_leave_both_open(workplace: Workplace) -> None:
    found = tuned(workplace, {"freight": (4, 6), "old": (6, 5)}, special=("freight",), n=8)

    assert (found.gain, found.forgetting) == ("inconclusive", "inconclusive")
    assert all(one.needed is None or one.needed > 8 for one in found.shifts)


def test_a_specialist_task_without_prompts_is_said(workplace: Workplace) -> None:
    found = tuned(workplace, {"classify": (70, 70)}, special=("freight",))

    assert found.gain == "inconclusive"
    assert any("no scored prompt of a specialist task (freight)" in one for one in found.because)


def test_without_old_tasks_forgetting_is_open(workplace: Workplace) -> None:
    found = tuned(workplace, {"freight": (20, 70)}, special=("freight",))

    assert (found.gain, found.forgetting) == ("gained", "inconclusive")
    assert any("forgetting is open" in one for one in found.because)


@pytest.mark.parametrize(
    ("low", "high", "p_value", "gain", "forgetting"),
    [
        (0.02, 0.3, 0.001, "gained", "kept"),
        (0.02, 0.3, 0.2, "inconclusive", "kept"),
        (-0.02, 0.04, 0.9, "no gain", "kept"),
        (-0.2, -0.01, 0.01, "no gain", "forgot"),
        (-0.2, -0.01, 0.2, "no gain", "inconclusive"),
        (-0.2, 0.2, 0.9, "inconclusive", "inconclusive"),
    ],
)
def test_gain_is_superiority_and_keeping_is_non_inferiority(
    low: float, high: float, p_value: float, gain: str, forgetting: str
) -> None:
    gap = Interval(value=(low + high) / 2, low=low, high=high, n=80, method="")

    assert gain_verdict(gap, p_value, margin=0.05) == gain
    assert forgetting_verdict(gap, p_value, margin=0.05) == forgetting
