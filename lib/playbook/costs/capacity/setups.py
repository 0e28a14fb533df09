"""Deployments whose speed is estimated: one by one, or as a structure of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from playbook.catalog import Gpu, Model

EngineClass = Literal[
    "vllm-old", "vllm", "sglang",
    "trtllm-static", "trtllm-inflight", "trtllm-1", "trtllm-tuned",
    "llamacpp-cuda", "llamacpp-metal", "llamacpp-cpu",
    "lmdeploy", "exllamav2", "vllm-tuned",
]  # fmt: skip
"""Engine and release: vLLM to 0.6 is old; TensorRT-LLM to 0.12 static, 0.13 to 0.21 in-flight."""

Regime = Literal["concurrent", "static", "offline"]
"""Calls in flight are kept at a number; one batch starts and ends together; all calls at once."""

WeightFormat = Literal["bf16", "fp8", "int8", "fp4", "int4"]
CacheFormat = Literal["bf16", "fp8", "int8"]


@dataclass(frozen=True)
class Setup:
    """One deployment: a model on GPUs under an engine, and the calls it gets."""

    model: Model
    """Weights, with size and architecture; without them it is unsupported, with a reason."""
    gpu: Gpu
    """Kind of GPU."""
    gpus: int = 1
    """GPUs in all, of all replicas."""
    tensor_parallel: int | None = None
    """GPUs that share one copy; the others hold further copies. None takes the fastest split."""
    expert_parallel: bool = False
    """Whether whole experts are spread over the GPUs, in place of slices of each."""
    engine_class: EngineClass = "vllm"
    """Engine and release."""
    weight_format: WeightFormat | None = None
    """Format of the weights; None takes the model's own."""
    cache_format: CacheFormat = "bf16"
    """Format of the KV cache."""
    input_tokens: float = 1_000.0
    """Mean input tokens of a call."""
    output_tokens: float = 1_000.0
    """Mean output tokens of a call."""
    concurrency: int | None = None
    """Calls in flight over all replicas; None for as many as fit."""
    regime: Regime = "concurrent"
    """How calls arrive."""
    longest_call_tokens: float | None = None
    """Longest call that must fit memory; None for input plus output."""


@dataclass(frozen=True)
class Setups:
    """Deployments as arrays of one length."""

    every: tuple[Setup, ...]
    """The deployments."""

    @classmethod
    def of(cls, setups: Sequence[Setup]) -> Setups:
        """Return some deployments as arrays."""
        return cls(tuple(setups))

    def __len__(self) -> int:
        """Return how many deployments there are."""
        return len(self.every)
