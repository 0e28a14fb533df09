"""A check says up front that a parity trial can't come to a verdict."""

from __future__ import annotations

from playbook.profile import Profile
from playbook.stages.parity_checks import parity_notices, parity_problems
from playbook.trials.prompt_records import (
    Prompt,
    PromptMessage,
    PromptSet,
    PromptSetHeader,
    ScorerUse,
)
from playbook.vocabulary import DataClass
from tests.trials.conftest import a_profile, an_endpoint


def a_set(count: int, *, scored: bool = True) -> PromptSet:
    prompts = tuple(
        Prompt(
            id=f"p{number}",
            task="freight" if number % 2 else "classify",
            messages=(PromptMessage(role="user", content="x"),),
            scorers=(ScorerUse(name="exact"),) if scored else (),
            expected="y",
            data_class=DataClass.INTERNAL,
        )
        for number in range(count)
    )
    return PromptSet(header=PromptSetHeader(id="demo"), prompts=prompts, sha256="0")


def a_pair(**parity: object) -> Profile:
    pair = {"first": "base", "second": "tuned"} | parity
    return a_profile(an_endpoint("base"), an_endpoint("tuned"), parity=[pair])


def test_a_specialist_task_of_no_prompt_is_a_problem_with_a_fix() -> None:
    profile = a_pair(kind="base_and_tuned", specialist_tasks=["freigt"])

    (line,) = parity_problems(profile, [a_set(4)])

    assert line.startswith("trials.parity[0].specialist_tasks: 'freigt' is the task of no prompt")
    assert "freight" in line


def test_nothing_is_said_of_tasks_while_a_set_can_not_be_read() -> None:
    profile = a_pair(kind="base_and_tuned", specialist_tasks=["other"])

    assert list(parity_problems(profile, [])) == []


def test_too_few_prompts_for_the_margin_are_a_warning() -> None:
    (line,) = parity_notices(a_pair(), [a_set(72)])

    assert line == (
        "warning: trials.parity[0]: 72 scored prompts can't show a difference below 5 points; "
        "even equal answers need 73"
    )
    assert list(parity_notices(a_pair(), [a_set(73)])) == []


def test_only_prompts_that_are_scored_and_chosen_count() -> None:
    assert list(parity_notices(a_pair(), [a_set(80, scored=False)]))
    few = a_pair().changed(trials=a_pair().trials.changed(prompts_per_task=5))
    assert "10 scored prompts" in next(iter(parity_notices(few, [a_set(80)])))


def test_a_wider_margin_needs_fewer() -> None:
    assert list(parity_notices(a_pair(margin=0.2), [a_set(20)])) == []
