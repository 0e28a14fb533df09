"""A check says up front that a judge can't judge, before anything is paid for."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.profile import Endpoint, Profile
from playbook.stages.judge_checks import families_by_endpoint, judge_notices, judge_problems
from playbook.trials.prompt_records import (
    Prompt,
    PromptMessage,
    PromptSet,
    PromptSetHeader,
    ScorerUse,
)
from playbook.vocabulary import DataClass
from tests.trials.conftest import a_profile, an_endpoint


@pytest.fixture(autouse=True)
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path))
    (tmp_path / "prompts").mkdir()
    return tmp_path


def a_set(scorer: str = "rubric") -> PromptSet:
    prompt = Prompt(
        id="p1",
        task="t",
        messages=(PromptMessage(role="user", content="x"),),
        scorers=(ScorerUse(name=scorer, options={"rubric": "It is right."}),),
        data_class=DataClass.INTERNAL,
    )
    return PromptSet(header=PromptSetHeader(id="demo"), prompts=(prompt,), sha256="0")


def judged_by(model: str, *tried: Endpoint, name: str = "judge") -> Profile:
    return a_profile(*tried, an_endpoint("judge", litellm_model=model), judge=name)


GPT = an_endpoint("tried", litellm_model="openai/gpt-4o-mini", operator="third_party")


def test_a_judge_of_the_family_that_it_would_judge_is_a_problem_with_a_fix() -> None:
    (line,) = judge_problems(judged_by("openai/gpt-4o", GPT), load_catalog(), [a_set()])

    assert line == (
        "trials.judge: judge and tried are both of the family gpt; choose a judge of another "
        "family, or take tried out"
    )


def test_a_judge_of_another_family_is_none() -> None:
    profile = judged_by("anthropic/claude-sonnet-4-5-20250929", GPT)

    assert list(judge_problems(profile, load_catalog(), [a_set()])) == []


def test_a_judge_that_no_prompt_asks_for_is_no_problem() -> None:
    assert (
        list(judge_problems(judged_by("openai/gpt-4o", GPT), load_catalog(), [a_set("exact")]))
        == []
    )


def test_wrong_labels_are_told_with_their_line(params: Path) -> None:
    (params / "prompts" / "demo.labels.jsonl").write_text('{"prompt": "p1"}', encoding="utf-8")

    lines = list(judge_problems(judged_by("openai/gpt-4o"), load_catalog(), [a_set()]))

    assert "demo.labels.jsonl: line 1: endpoint is missing" in lines


def test_a_set_that_asks_for_a_judge_where_none_is_named_is_told_and_no_problem() -> None:
    profile = a_profile(GPT)

    (line,) = judge_notices(profile, [a_set()])

    assert "trials.judge: demo asks for a judge" in line
    assert list(judge_problems(profile, load_catalog(), [a_set()])) == []
    assert list(judge_notices(profile, [a_set("exact")])) == []


def test_the_catalogue_names_the_family_of_an_offer() -> None:
    catalog = load_catalog()
    offer = next(one for one in catalog.api_offers if catalog.model(one.model).family == "claude")
    tried = an_endpoint("tried", litellm_model=offer.litellm_id, operator="third_party")

    assert families_by_endpoint(a_profile(tried, an_endpoint("own")), catalog) == {
        "tried": "claude"
    }
