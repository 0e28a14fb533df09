from __future__ import annotations

import pytest

from playbook.trials.judging.independence import families_of, objection_to_judge
from tests.trials.conftest import an_endpoint


@pytest.mark.parametrize(
    ("model", "families"),
    [
        ("anthropic/claude-sonnet-4-5-20250929", {"claude"}),
        ("openai/gpt-4o-mini", {"gpt"}),
        ("openai/o3-mini", {"gpt"}),
        ("hosted_vllm/meta-llama/Llama-3.1-8B-Instruct", {"llama"}),
        ("ollama_chat/codellama:13b", {"llama"}),
        ("hosted_vllm/Qwen/Qwen3-32B", {"qwen"}),
        ("mistral/open-mixtral-8x7b", {"mistral"}),
        ("hosted_vllm/deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", {"deepseek", "qwen"}),
        ("hosted_vllm/01-ai/Yi-1.5-34B-Chat", {"yi"}),
        ("hosted_vllm/applying-llm", set()),
        ("hosted_vllm/our-model", set()),
    ],
)
def test_families_are_read_from_the_model_s_id(model: str, families: set[str]) -> None:
    assert families_of(an_endpoint(litellm_model=model)) == families


@pytest.mark.parametrize(
    ("judge", "judged", "because"),
    [
        ("openai/gpt-4o", "openai/gpt-4o-mini", "both of the family gpt"),
        ("openai/our-model", "hosted_vllm/our-model", "are the same model"),
        ("openai/gpt-4o", "anthropic/claude-sonnet-4-5", ""),
        ("openai/gpt-4o", "hosted_vllm/our-model", ""),
    ],
)
def test_a_judge_reads_no_answers_of_its_model_or_family(
    judge: str, judged: str, because: str
) -> None:
    found = objection_to_judge(
        an_endpoint("judge", litellm_model=judge), an_endpoint("tried", litellm_model=judged)
    )

    assert bool(found) == bool(because)
    assert because in found


def test_a_judge_reads_no_answers_of_its_own() -> None:
    assert "its own answers" in objection_to_judge(an_endpoint("one"), an_endpoint("one"))


def test_the_catalogue_knows_families_that_an_id_does_not_name() -> None:
    judge = an_endpoint("judge", litellm_model="openai/gpt-4o")
    tried = an_endpoint("tried", litellm_model="azure/our-deployment")

    assert objection_to_judge(judge, tried) == ""
    assert "family gpt" in objection_to_judge(judge, tried, {"tried": "gpt"})


def test_the_demonstration_models_are_one_family() -> None:
    judge = an_endpoint("judge", litellm_model="", embedded="demo-base")
    tried = an_endpoint("tried", litellm_model="", embedded="demo-small")

    assert "family demo" in objection_to_judge(judge, tried)
