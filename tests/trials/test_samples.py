"""Which prompts are shown, and that nothing is shown that may not be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from playbook.trials.client import ToolCall
from playbook.trials.plan import Trial, plan_trials
from playbook.trials.prompt_records import Prompt, PromptSet, PromptSetHeader
from playbook.trials.records import Attempt, Outcome, SideBySide
from playbook.trials.samples import MOST_SHOWN, sample_answers
from tests.trials.conftest import a_profile, a_prompt, an_endpoint

Marks = Mapping[str, bool | None]


def shown(
    prompts: Mapping[str, Marks],
    *,
    tasks: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
    outcomes: Mapping[str, Outcome] | None = None,
    **changes: object,
) -> tuple[SideBySide, ...]:
    """Return what is shown of prompts, each with whether each endpoint passed it."""
    ends = sorted({name for marks in prompts.values() for name in marks})
    profile = a_profile(*(an_endpoint(name) for name in ends))
    rows = tuple(
        _prompt(name, (tasks or {}).get(name, "t"), (labels or {}).get(name, "internal"))
        for name in prompts
    )
    made = PromptSet(header=PromptSetHeader(id="demo"), prompts=rows, sha256="0" * 64)
    results = [
        (one, _attempt(one, text, said, **changes), prompts[one.prompt.id][one.endpoint.id])
        for one in plan_trials(profile, [made])
        for text in [(texts or {}).get(one.prompt.id, "an answer")]
        for said in [(outcomes or {}).get(one.endpoint.id, "answered")]
    ]
    return sample_answers(results)


def _prompt(name: str, task: str, label: str) -> Prompt:
    values = a_prompt(1, id=name, task=task, data_class=label, scorers=[{"name": "exact"}])
    return Prompt.model_validate(values)


def _attempt(trial: Trial, text: str, outcome: Outcome, **changes: object) -> Attempt:
    line = Attempt(
        run_key=trial.run_key, prompt_set="demo", prompt=trial.prompt.id, task=trial.prompt.task,
        group="g", data_class=trial.prompt.data_class, endpoint=trial.endpoint.id, repeat=0,
        attempt=1, final=True, outcome=outcome, text=text, at=datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip
    return line.changed(**changes)


def test_prompts_on_which_endpoints_differ_come_first_then_those_that_all_failed() -> None:
    found = shown(
        {
            "all-passed": {"a": True, "b": True},
            "all-failed": {"a": False, "b": False},
            "differ": {"a": True, "b": False},
        }
    )

    assert [one.prompt for one in found] == ["differ", "all-failed", "all-passed"]
    assert [(one.endpoint, one.passed) for one in found[0].answers] == [("a", True), ("b", False)]


def test_a_cut_answer_beside_a_right_one_counts_as_a_difference() -> None:
    all_failed = {f"failed-{number}": {"a": None, "b": False} for number in range(2)}

    found = shown({**all_failed, "cut": {"a": None, "b": True}}, outcomes={"a": "truncated"})

    assert found[0].prompt == "cut"
    assert [(one.outcome, one.passed) for one in found[0].answers] == [
        ("truncated", None), ("answered", True),
    ]  # fmt: skip


def test_every_task_is_shown_and_no_task_takes_all_the_room() -> None:
    many = {f"p{number:03d}": {"a": True, "b": False} for number in range(60)}
    tasks = {name: f"task-{int(name[1:]) % 3}" for name in many}

    found = shown(many, tasks=tasks)

    counted = [sum(one.task == f"task-{number}" for one in found) for number in range(3)]
    assert counted == [4, 4, 4]


def test_there_is_a_limit_to_what_is_shown() -> None:
    many = {f"p{number:03d}": {"a": True, "b": False} for number in range(60)}

    found = shown(many, tasks={name: f"task-{name}" for name in many})

    assert len(found) == MOST_SHOWN


def test_a_confidential_prompt_is_not_shown() -> None:
    labels = {"secret": "confidential"}

    assert shown({"secret": {"a": False}}, labels=labels) == ()


def test_an_answer_that_holds_more_than_the_label_says_is_not_shown() -> None:
    assert shown({"p": {"a": False}}, texts={"p": "the ssn is 536-90-4399"}) == ()


def test_a_tool_call_is_shown_as_text() -> None:
    calls = (ToolCall("find", "{}"),)

    (one,) = shown({"p": {"a": False}}, texts={"p": "hm"}, tool_calls=calls)

    assert one.answers[0].text == "hm\ncalls find({})"


def test_prompts_that_nobody_answered_are_not_shown() -> None:
    assert shown({"p": {"a": None}}, outcomes={"a": "refused_by_gate"}) == ()
