"""The scorer `tool_call`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from playbook.records import Record
from playbook.trials.client import ToolCall
from playbook.trials.scorers.answer import Answer
from playbook.trials.scorers.json_field import LONGEST_TEXT, same
from playbook.trials.scorers.registry import Expected, answer_scorer

MOST_CALLS = 100


class ToolCallOptions(Record):
    """What counts besides the expected calls."""

    in_order: bool = False
    """Whether the calls must come in the order in which they are expected."""
    extra_arguments: bool = False
    """Whether a call may have arguments that were not asked for."""
    extra_calls: bool = False
    """Whether calls may be made that were not asked for."""


def expected_calls(expected: Expected) -> list[Mapping[str, Any]] | None:
    """Return the calls of an expected value, or None if it describes none."""
    if not isinstance(expected, dict):
        return None
    calls = expected.get("calls") if "calls" in expected else [expected]
    if not isinstance(calls, list):
        return None
    named: list[Mapping[str, Any]] = [one for one in calls if isinstance(one, dict)]
    sound = [
        one
        for one in named
        if isinstance(one.get("name"), str) and isinstance(one.get("arguments", {}), dict)
    ]
    return sound if len(sound) == len(calls) else None


def _objects(expected: Expected) -> str:
    wrong = 'expected must be {"name": ..., "arguments": {...}} or {"calls": [...]} of such calls'
    return "" if expected_calls(expected) is not None else wrong


@answer_scorer("tool_call", expects=(dict,), options=ToolCallOptions, objects=_objects)
def score_tool_call(answer: Answer, expected: Expected, options: ToolCallOptions) -> float:
    """Return the share of expected tool calls that the answer makes, with the right arguments.

    Expected is one call, `{"name": ..., "arguments": {...}}`, or `{"calls": [...]}` with several;
    an empty list asks for an answer that calls nothing. Each call made counts once. Arguments are
    compared as JSON: numbers by value, `1` is not `"1"`; broken JSON is wrong. A call that was not
    asked for counts as a wrong one.

    Example:
        >>> made = Answer("", tool_calls=[ToolCall("track", '{"order": 7}')])
        >>> score_tool_call(made, {"name": "track", "arguments": {"order": 7}}, ToolCallOptions())
        1.0
    """
    wanted, made = expected_calls(expected), answer.tool_calls[:MOST_CALLS]
    if wanted is None:
        return 0.0
    fits = [[_fits(call, one, options) for call in made] for one in wanted]
    right = _most_in_order(fits) if options.in_order else _most(fits, len(made))
    of = len(wanted) if options.extra_calls else max(len(wanted), len(made))
    return right / of if of else 1.0


def _fits(call: ToolCall, wanted: Mapping[str, Any], options: ToolCallOptions) -> bool:
    if call.name != wanted["name"]:
        return False
    asked_for = wanted.get("arguments", {})
    try:
        given = json.loads(call.arguments[:LONGEST_TEXT] or "{}")
    except (ValueError, RecursionError):
        return False
    if not isinstance(given, dict):
        return False
    if options.extra_arguments:
        given = {name: value for name, value in given.items() if name in asked_for}
    return same(given, asked_for)


def _most(fits: Sequence[Sequence[bool]], calls: int) -> int:
    """Return how many expected calls can each have a call of its own (Kuhn's matching)."""
    taken: dict[int, int] = {}

    def place(one: int, seen: set[int]) -> bool:
        for call in range(calls):
            if fits[one][call] and call not in seen:
                seen.add(call)
                if call not in taken or place(taken[call], seen):
                    taken[call] = one
                    return True
        return False

    return sum(place(one, set()) for one in range(len(fits)))


def _most_in_order(fits: Sequence[Sequence[bool]]) -> int:
    """Return how many expected calls are made in their order (longest common subsequence)."""
    best = [0] * (len(fits[0]) + 1) if fits else [0]
    for row in fits:
        before = list(best)
        for place, fit in enumerate(row, start=1):
            best[place] = max(before[place - 1] + fit, before[place], best[place - 1])
    return best[-1]
