"""The plan: fixed order, and a key for all that could change an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.profile import Endpoint
from playbook.trials import load_prompt_set
from playbook.trials.plan import Trial, plan_trials
from tests.trials.conftest import a_profile, a_prompt, an_endpoint, write_prompt_set


def planned(
    root: Path, *endpoints: Endpoint, prompt: dict[str, object] | None = None, **trials: object
) -> tuple[Trial, ...]:
    path = write_prompt_set(root, [prompt or a_prompt(1), a_prompt(2), a_prompt(3)])
    return plan_trials(a_profile(*endpoints, **trials), [load_prompt_set(path)])


def test_endpoints_come_first_then_prompts_then_repeats(tmp_path: Path) -> None:
    plan = planned(tmp_path, an_endpoint("b"), an_endpoint("a"), repeats=2)

    assert [(one.endpoint.id, one.prompt.id, one.repeat) for one in plan][:3] == [
        ("b", "p001", 0), ("b", "p001", 1), ("b", "p002", 0),
    ]  # fmt: skip
    assert len({one.run_key for one in plan}) == 12


@pytest.mark.parametrize(
    "changes",
    [
        {"messages": [{"role": "user", "content": "other"}]},
        {"messages": [{"role": "system", "content": "question 1"}]},
        {"max_tokens": 17},
        {"id": "other"},
    ],
)
def test_a_changed_prompt_is_another_trial(tmp_path: Path, changes: dict[str, object]) -> None:
    before = planned(tmp_path)[0].run_key

    assert planned(tmp_path, prompt=a_prompt(1, **changes))[0].run_key != before


@pytest.mark.parametrize(
    "changes",
    [
        {"litellm_model": "hosted_vllm/model-y"},
        {"api_base": "http://127.0.0.1:1"},
        {"embedded": "demo-base"},
        {"dialect": "anthropic"},
    ],
)
def test_another_model_or_address_is_another_trial(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    before = planned(tmp_path, an_endpoint())[0].run_key

    assert planned(tmp_path, an_endpoint(**changes))[0].run_key != before


@pytest.mark.parametrize(
    "changes", [{"expected": "z"}, {"scorers": ["normalised"]}, {"data_class": "restricted"}]
)
def test_how_an_answer_is_judged_is_not_part_of_the_key(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    before = planned(tmp_path)[0].run_key

    assert planned(tmp_path, prompt=a_prompt(1, **changes))[0].run_key == before


def test_a_title_or_price_does_not_ask_again(tmp_path: Path) -> None:
    before = planned(tmp_path, an_endpoint())[0].run_key
    renamed = an_endpoint(title="Other", input_usd_per_million_tokens=1)

    assert planned(tmp_path, renamed)[0].run_key == before


def test_the_seed_matters_only_where_answers_are_drawn(tmp_path: Path) -> None:
    cold = [one.request.seed for one in planned(tmp_path, seed=5, repeats=2)][:2]
    warm = [one.request.seed for one in planned(tmp_path, seed=5, repeats=2, temperature=0.7)][:2]

    assert cold == [None, None]
    assert warm == [5, 6]


def test_a_prompt_that_asks_for_more_repeats_gets_them_and_never_fewer(tmp_path: Path) -> None:
    asks = a_prompt(1, repeats=3)

    once = [one.prompt.id for one in planned(tmp_path, prompt=asks)]
    often = [one.prompt.id for one in planned(tmp_path, prompt=asks, repeats=4)]

    assert [once.count(name) for name in ("p001", "p002")] == [3, 1]
    assert [often.count(name) for name in ("p001", "p002")] == [4, 4]


def test_a_prompts_own_temperature_goes_before_the_runs(tmp_path: Path) -> None:
    plan = planned(tmp_path, prompt=a_prompt(1, temperature=0.7, repeats=2), seed=5)

    assert [one.request.temperature for one in plan] == [0.7, 0.7, 0.0, 0.0]
    assert [one.request.seed for one in plan] == [5, 6, None, None]
