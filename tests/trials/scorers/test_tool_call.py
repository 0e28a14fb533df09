from __future__ import annotations

import json

import pytest

from playbook.trials.client import ToolCall
from playbook.trials.scorers import Answer, Expected, all_scorers
from playbook.trials.scorers.tool_call import ToolCallOptions, score_tool_call

TRACK: Expected = {"name": "track", "arguments": {"order": "AB-1", "days": 3}}
BOTH: Expected = {"calls": [TRACK, {"name": "refund", "arguments": {}}]}


def making(*calls: tuple[str, object]) -> Answer:
    texts = ((name, one if isinstance(one, str) else json.dumps(one)) for name, one in calls)
    return Answer("", tool_calls=[ToolCall(name, text) for name, text in texts])


RIGHT = ("track", {"days": 3.0, "order": "AB-1 "})


@pytest.mark.parametrize(
    ("call", "score"),
    [
        (RIGHT, 1),
        (("track", {"order": "AB-1"}), 0),
        (("track", {"order": "AB-1", "days": "3"}), 0),
        (("track", {"order": "AB-1", "days": True}), 0),
        (("Track", {"order": "AB-1", "days": 3}), 0),
        (("track", '{"order": "AB-1", "days": 3'), 0),
        (("track", "[1]"), 0),
        (("track", "[" * 100_000), 0),
    ],
)
def test_name_and_arguments_must_be_right_as_json(call: tuple[str, object], score: float) -> None:
    assert score_tool_call(making(call), TRACK, ToolCallOptions()) == score


def test_arguments_that_were_not_asked_for_are_wrong_unless_allowed() -> None:
    answer = making(("track", {"order": "AB-1", "days": 3, "fast": True}))

    assert score_tool_call(answer, TRACK, ToolCallOptions()) == 0
    assert score_tool_call(answer, TRACK, ToolCallOptions(extra_arguments=True)) == 1


def test_calls_that_were_not_asked_for_count_as_wrong_unless_allowed() -> None:
    answer = making(RIGHT, ("delete", {}))

    assert score_tool_call(answer, TRACK, ToolCallOptions()) == 0.5
    assert score_tool_call(answer, TRACK, ToolCallOptions(extra_calls=True)) == 1


def test_a_call_counts_once() -> None:
    twice: Expected = {"calls": [TRACK, TRACK]}

    assert score_tool_call(making(RIGHT), twice, ToolCallOptions()) == 0.5
    assert score_tool_call(making(RIGHT, RIGHT), twice, ToolCallOptions()) == 1


def test_order_counts_only_when_so_asked() -> None:
    answer = making(("refund", ""), RIGHT)

    assert score_tool_call(answer, BOTH, ToolCallOptions()) == 1
    assert score_tool_call(answer, BOTH, ToolCallOptions(in_order=True)) == 0.5


def test_each_expected_call_finds_the_call_that_leaves_the_other_one_its_own() -> None:
    wanted: Expected = {"calls": [{"name": "f"}, {"name": "f", "arguments": {"a": 1}}]}
    answer = making(("f", {"a": 1}), ("f", {"b": 1}))

    assert score_tool_call(answer, wanted, ToolCallOptions(extra_arguments=True)) == 1


def test_an_empty_list_asks_for_no_call() -> None:
    assert score_tool_call(Answer("words"), {"calls": []}, ToolCallOptions()) == 1
    assert score_tool_call(making(RIGHT), {"calls": []}, ToolCallOptions()) == 0


@pytest.mark.parametrize(
    "expected",
    [{"x": 1}, {"calls": "track"}, {"calls": [1]}, {"name": 7}, {"name": "f", "arguments": "{}"}],
)
def test_what_describes_no_call_is_never_met_and_is_refused_when_a_set_is_read(
    expected: Expected,
) -> None:
    assert score_tool_call(making(RIGHT), expected, ToolCallOptions()) == 0
    assert "expected must be" in all_scorers()["tool_call"].objection(expected)


@pytest.mark.parametrize("expected", [TRACK, BOTH, {"calls": []}, {"name": "f"}])
def test_calls_are_taken_when_a_set_is_read(expected: Expected) -> None:
    assert all_scorers()["tool_call"].objection(expected) == ""
