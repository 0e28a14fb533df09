"""Rows of measured points become deployments, or are counted with the reason why not."""

from __future__ import annotations

import pytest

from playbook.catalog.measured_points import load_measured_tables
from playbook.costs.capacity import Setup
from playbook.costs.measured import understand
from playbook.costs.measured.columns import points_from_text
from playbook.costs.measured.deployments import precision_of, tensor_parallel
from playbook.costs.measured.inferred import is_inferred
from tests.costs.measured.rows import reason_of, the_catalog, understood


def setup_of(**changed: object) -> Setup:
    return understood(**changed).point.setup


def test_every_shipped_point_is_understood() -> None:
    rows = [row for one in load_measured_tables() for row in points_from_text(one.points, one.name)]

    good, bad = understand(rows, the_catalog())

    assert (len(good), bad) == (780, ())
    assert not any(is_inferred(one.point.setup.model) for one in good)


@pytest.mark.parametrize(
    ("text", "gpus", "split"),
    [
        ("tp4", 4, 4),
        ("tp8+ep", 8, 8),
        ("tp4 (4xMi300x 1FP8-amd)", 8, 4),
        ("vllm serve Qwen/Qwen3-235B-A22B -tp 4 --enable-expert-parallel", 8, 4),
        ("python3 -m sglang.launch_server --tp-size 8", 8, 8),
        ("vllm serve x --tensor-parallel-size=2", 2, 2),
        ("layer-split", 4, 4),
        ("tp4 pp2", 8, 8),
        ("tp", 1, 1),
        ("dp8", 8, 1),
        ("vllm serve x --data-parallel-size 4", 8, 2),
        ("vllm serve x -dp 4 -tp 2", 8, 2),
        ("dp8+ep", 8, 8),
        ("", 8, 8),
        ("replicas/tp as tuned", 8, None),
    ],
)
def test_the_split_of_one_copy_is_read_from_words_and_command_lines(
    text: str, gpus: int, split: int | None
) -> None:
    assert tensor_parallel(text, gpus) == split


def test_expert_parallel_is_read_from_words_and_command_lines() -> None:
    texts = ("tp8+ep", "vllm serve x -tp 8 --enable-expert-parallel", "TP=8,EP=8", "tep8")

    spread = [setup_of(parallelism=text, gpus=8).expert_parallel for text in texts]
    whole = [setup_of(parallelism=text, gpus=8).expert_parallel for text in ("tp8", "", "tp8 ep1")]

    assert spread == [True] * 4
    assert whole == [False] * 3


def test_a_split_that_nobody_states_is_one_that_the_heads_allow() -> None:
    unstated = setup_of(model="Qwen2.5-7B", gpus=8, parallelism="")  # 28 heads
    stated = setup_of(model="Qwen2.5-7B", gpus=8, parallelism="tp8")

    shared = setup_of(model="DeepSeek-R1", gpus=8, parallelism="dp8")  # experts may be shared

    assert (unstated.tensor_parallel, stated.tensor_parallel) == (None, 8)
    assert shared.tensor_parallel is None


def test_weights_of_an_unstated_format_are_in_that_of_the_model() -> None:
    assert setup_of(model="DeepSeek-R1", precision="", gpus=8).weight_format is None
    assert setup_of(model="DeepSeek-R1", precision="", gpus=8).model.precision == "fp8"
    assert setup_of(model="DeepSeek-R1", precision="bf16/fp8", gpus=8).weight_format == "bf16"


def test_a_length_that_a_metric_does_not_rest_on_may_be_empty() -> None:
    prompt = setup_of(metric="prefill_tok_s", output_tokens=None)
    first = setup_of(metric="ttft_ms", output_tokens=None)
    decode = setup_of(metric="decode_tok_s", input_tokens=None)

    assert (prompt.input_tokens, first.input_tokens, decode.output_tokens) == (1000, 1000, 500)
    assert reason_of(metric="ttft_ms", input_tokens=None) == "no length of input or output"
    assert reason_of(metric="decode_tok_s", output_tokens=None) == "no length of input or output"


def test_a_gpu_named_with_its_number_is_that_gpu() -> None:
    assert setup_of(gpu="RTX3090x2", gpus=2, parallelism="").gpu.id == "rtx-3090"
    assert setup_of(gpu="8x H100 SXM", gpus=8, parallelism="").gpu.id == "h100"
    assert reason_of(gpu="RTX3090x2", gpus=4).startswith("unknown GPU RTX3090x2")


@pytest.mark.parametrize(
    ("engine", "version", "name"),
    [
        ("vllm", "0.6.4", "vllm-old"),
        ("vllm", "2024-mid", "vllm-old"),
        ("vllm", "0.11.0", "vllm"),
        ("vLLM", "", "vllm"),
        ("sglang", "0.5.5.post1", "sglang"),
        ("trtllm", "0.9.0", "trtllm-static"),
        ("TensorRT-LLM", "0.14.0", "trtllm-inflight"),
        ("trtllm", "1.0", "trtllm-1"),
        ("llama.cpp", "b2024-05", "llamacpp-cuda"),
        ("lmdeploy", "0.2.0", "lmdeploy"),
    ],
)
def test_engine_and_version_decide_the_class(engine: str, version: str, name: str) -> None:
    assert setup_of(engine=engine, engine_version=version).engine_class == name


def test_llama_cpp_on_apple_chips_is_a_class_of_its_own() -> None:
    assert setup_of(engine="llama.cpp", gpu="M1Max").engine_class == "llamacpp-metal"


def test_precision_names_weights_then_cache() -> None:
    assert precision_of("fp8/fp16") == ("fp8", "bf16")
    assert precision_of("fp4/fp8") == ("fp4", "fp8")
    assert precision_of("Q4_K_M / FP16") == ("int4", "bf16")
    assert precision_of("fp8") == ("fp8", "bf16")
    assert precision_of("fp8_e4m3/fp8_e5m2") == ("fp8", "fp8")
    assert precision_of("INT4-AWQ/fp16") == ("int4", "bf16")
    assert precision_of("q5_k_s") == precision_of("nf4/bf16") == ("int4", "bf16")
    assert precision_of("ternary") is None
    assert precision_of("fp16/ternary") is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"gpu": "TPU-v5"}, "unknown GPU TPU-v5"),
        ({"gpu": "H1000"}, "unknown GPU H1000 (nearest: h100)"),
        ({"engine": "tinygrad"}, "unknown engine tinygrad"),
        ({"precision": "ternary"}, "unknown precision ternary"),
        ({"input_tokens": None}, "no length of input or output"),
        ({"model": "secret", "parameters_billion": None}, "unknown model secret"),
        ({"parallelism": "tp8", "gpus": 4}, "parallelism and n_gpu contradict each other"),
    ],
)
def test_what_cannot_be_estimated_is_counted_with_its_reason(
    changed: dict[str, object], reason: str
) -> None:
    assert reason_of(**changed).startswith(reason)


def test_an_unknown_model_gets_a_shape_from_its_size_and_is_marked() -> None:
    setup = setup_of(model="secret-9B", parameters_billion=9.0, active_parameters_billion=9.0)

    shape = setup.model.architecture
    assert is_inferred(setup.model)
    assert shape is not None
    assert 28 <= shape.layers <= 50  # models of 7 to 10 billion parameters have 28 to 48
    assert 3_000 <= shape.hidden <= 4_700
    assert shape.experts is None


def test_an_unknown_mixture_of_experts_gets_experts() -> None:
    setup = setup_of(model="x-100B-A10B", parameters_billion=100.0, active_parameters_billion=10.0)

    shape = setup.model.architecture
    assert shape is not None
    assert (shape.experts, shape.active_experts) == (128, 8)


def test_calls_arrive_in_one_batch_at_once_or_so_many_in_flight() -> None:
    assert setup_of(concurrency=None).regime == "offline"
    assert setup_of().regime == "concurrent"
    assert setup_of(engine="trtllm", engine_version="0.9.0").regime == "static"
    assert setup_of(note="derived osl*batch/latency").regime == "static"
