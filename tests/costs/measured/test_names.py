"""Models and GPUs are found however a source spells them, and not mistaken for others."""

from __future__ import annotations

import pytest

from playbook.catalog import load_catalog
from playbook.costs.measured import Names, model_key

NAMES = Names(load_catalog())


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Llama-3-70B", "llama-3-70b-instruct"),
        ("meta-llama/Meta-Llama-3-8B-Instruct", "llama-3-8b-instruct"),
        ("Llama-2-7b-chat-hf", "llama-2-7b"),
        ("llama2-70b-99.9", "llama-2-70b"),
        ("LLaMA-7B", "llama-7b"),
        ("Llama 3.1 8B", "llama-3.1-8b-instruct"),
        ("llama3_1-405b", "llama-3.1-405b-instruct"),
        ("Meta-Llama-3.1-405B-Instruct-FP8-KV", "llama-3.1-405b-instruct"),
        ("meta-llama/Llama-4-Scout-17B-16E-Instruct", "llama-4-scout"),
        ("Llama-3_3-Nemotron-Super-49B-v1", "llama-3.3-nemotron-super-49b"),
        ("mistralai/Mixtral-8x22B-Instruct-v0.1", "mixtral-8x22b-instruct-v0.1"),
        ("Qwen/Qwen3-235B-A22B-Instruct-2507-FP8", "qwen3-235b-a22b-instruct-2507"),
        ("Qwen2.5-14B-Instruct-GPTQ-Int4", "qwen2.5-14b"),
        ("DeepSeek-R1-0528", "deepseek-v3"),
        ("DeepSeek-V2.5", "deepseek-v2"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", "qwen2.5-32b"),
        ("Yi-34B-200K", "yi-34b-chat"),
        ("Llama-3.1-8B-Instruct-Q4_K_M", "llama-3.1-8b-instruct"),
    ],
)
def test_a_model_is_found_by_its_many_names(name: str, identifier: str) -> None:
    found = NAMES.model(name)

    assert found is not None
    assert found.id == identifier


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Llama-2-7B", "Llama-2-70B"),
        ("Qwen2-7B", "Qwen2.5-7B"),
        ("Qwen2-57B-A14B", "Qwen2.5-7B"),
        ("DeepSeek-V2", "DeepSeek-V3"),
        ("Llama-3-8B", "Llama-3.1-8B"),
        ("DeepSeek-Coder-V2-Lite", "DeepSeek-Coder-V2"),
    ],
)
def test_another_model_keeps_another_key(name: str, other: str) -> None:
    assert model_key(name) != model_key(other)


def test_names_that_say_nothing_of_the_model_are_unknown() -> None:
    assert [NAMES.model(name) for name in ("", "FP8", "Instruct", "secret-model-9B")] == [None] * 4


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("A100-80GB", "a100-80gb"),
        ("NVIDIA A100-SXM4-40GB", "a100-40gb"),
        ("A100 PCIe", "a100-80gb-pcie"),
        ("NVIDIA H100 80GB HBM3", "h100"),
        ("H100-SXM5-80GB", "h100"),
        ("H100-NVL", "h100-nvl"),
        ("H200 NVL 141GB", "h200-nvl"),
        ("RTXPRO6000", "rtx-pro-6000"),
        ("RTX PRO 6000 Blackwell Server Edition", "rtx-pro-6000"),
        ("GeForce RTX 4090 24GB", "rtx-4090"),
        ("RTX 6000 Ada Generation", "rtx-6000-ada"),
        ("AMD Instinct MI300X", "mi300x"),
        ("M1-7core", "m1-7core"),
        ("M2 Ultra (76-Core GPU)", "m2-ultra"),
        ("GH200-144GB", "gh200-144gb"),
    ],
)
def test_a_gpu_is_found_by_its_many_names(name: str, identifier: str) -> None:
    found = NAMES.gpu(name)

    assert found is not None
    assert found.id == identifier


def test_a_near_name_is_offered_for_an_unknown_one() -> None:
    assert NAMES.gpu("H1000") is None
    assert NAMES.near_gpu("H1000") == "h100"
    assert NAMES.near_model("Lama-3.1-8B") == "llama-3.1-8b-instruct"
