"""Deployments whose speed is estimated: one by one, or as a structure of arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from playbook.catalog import Gpu, Model
from playbook.catalog.schema import EngineClass
from playbook.uncertainty import Samples

Regime = Literal["concurrent", "static", "offline", "burst"]
"""Calls in flight are kept at a number; one batch starts and ends together; calls never run out;
or a given number is sent at once, and the run ends with the last answer."""

WeightFormat = Literal["bf16", "fp8", "int8", "fp4", "int4"]
CacheFormat = Literal["bf16", "fp8", "int8"]
Names = NDArray[np.object_]
Kind = TypeVar("Kind")
UNLIMITED = np.inf


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
    """Whether whole experts are spread over the GPUs, in place of slices of each; no estimate here
    depends on it, but other tools, asked about the same points, need it."""
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
    """Deployments as arrays of one length; numbers of a missing architecture are nan."""

    every: tuple[Setup, ...]
    """The deployments."""
    model: dict[str, Samples]
    """Numbers of the model: layers, hidden, heads, ... (see `MODEL_NUMBERS`)."""
    gpu: dict[str, Samples]
    """Numbers of the GPU: memory, bandwidth, peaks, link."""
    call: dict[str, Samples]
    """Numbers of the deployment and its calls."""
    names: dict[str, Names]
    """Groups: class, regime, generation, format, GPU and model."""

    @classmethod
    def of(cls, setups: Sequence[Setup]) -> Setups:
        """Return some deployments as arrays."""
        every = tuple(setups)
        models, which_model = _distinct([one.model for one in every])
        gpus, which_gpu = _distinct([one.gpu for one in every])
        gpu_names: dict[str, list[str]] = {
            "gpu": [one.id for one in gpus],
            "generation": [one.generation or "" for one in gpus],
        }
        model_names: dict[str, list[str]] = {
            "model": [one.id for one in models],
            "family": [one.family for one in models],
            "sparse": ["yes" if one.architecture and one.architecture.experts else "no"
                       for one in models],
        }  # fmt: skip
        return cls(
            every=every,
            model=_numbers(models, MODEL_NUMBERS, which_model),
            gpu=_numbers(gpus, GPU_NUMBERS, which_gpu),
            call=_call_numbers(every),
            names={
                **{key: _objects(words)[which_gpu] for key, words in gpu_names.items()},
                **{key: _objects(sorts)[which_model] for key, sorts in model_names.items()},
                "class": _objects([one.engine_class for one in every]),
                "regime": _objects([one.regime for one in every]),
                "format": _objects([one.weight_format or one.model.precision for one in every]),
                "cache": _objects([one.cache_format for one in every]),
            },
        )

    def __len__(self) -> int:
        """Return how many deployments there are."""
        return len(self.every)

    def take(self, places: NDArray[np.int64]) -> Setups:
        """Return some of the deployments."""
        return Setups(
            every=tuple(self.every[place] for place in places),
            model={name: values[places] for name, values in self.model.items()},
            gpu={name: values[places] for name, values in self.gpu.items()},
            call={name: values[places] for name, values in self.call.items()},
            names={name: values[places] for name, values in self.names.items()},
        )

    def split(self, tensor_parallel: Samples) -> Setups:
        """Return the same deployments with other numbers of GPUs to a copy."""
        return replace(self, call={**self.call, "tensor_parallel": tensor_parallel})


def _model_number(name: str) -> Callable[[Model], float]:
    return lambda model: float(getattr(model.architecture, name, None) or 0)


MODEL_NUMBERS: dict[str, Callable[[Model], float]] = {
    **{
        name: _model_number(name)
        for name in (
            "layers", "hidden", "heads", "kv_heads", "head_dim", "experts", "active_experts",
            "kv_layers", "kv_elements_per_token_per_layer", "sliding_window_layers",
            "sliding_window_tokens", "state_bytes_per_call",
        )
    },
    "latent": lambda model: float(
        bool(model.architecture and model.architecture.attention == "mla")
    ),
    "parameters": lambda model: 1e9 * (model.parameters_billion or np.nan),
    "active_parameters": lambda model: 1e9
    * (model.active_parameters_billion or model.parameters_billion or np.nan),
    "known": lambda model: float(bool(model.architecture and model.parameters_billion)),
}  # fmt: skip
GPU_NUMBERS: dict[str, Callable[[Gpu], float]] = {
    "memory_gib": lambda gpu: gpu.memory_gib,
    "bytes_per_s": lambda gpu: gpu.bandwidth_gb_per_s * 1e9,
    "bf16_flops": lambda gpu: gpu.dense_bf16_tflops * 1e12,
    "fp8_flops": lambda gpu: (gpu.dense_fp8_tflops or gpu.dense_bf16_tflops) * 1e12,
    "fp4_flops": lambda gpu: (
        (gpu.dense_fp4_tflops or gpu.dense_fp8_tflops or gpu.dense_bf16_tflops) * 1e12
    ),
    "link_bytes_per_s": lambda gpu: gpu.link_gb_per_s * 1e9 / 2,
}


def _distinct(things: Sequence[Kind]) -> tuple[list[Kind], NDArray[np.int64]]:
    """Return the distinct objects among some, and the place of each in that list."""
    places: dict[int, int] = {}
    kept: list[Kind] = []
    index = np.empty(len(things), np.int64)
    for place, thing in enumerate(things):
        found = places.get(id(thing))
        if found is None:
            found = places[id(thing)] = len(kept)
            kept.append(thing)
        index[place] = found
    return kept, index


def _numbers(
    things: Sequence[Kind],
    readers: dict[str, Callable[[Kind], float]],
    index: NDArray[np.int64],
) -> dict[str, Samples]:
    return {
        name: np.array([read(thing) for thing in things], dtype=float)[index]
        for name, read in readers.items()
    }


def _call_numbers(every: Sequence[Setup]) -> dict[str, Samples]:
    rows = [
        (
            one.gpus,
            one.tensor_parallel or 0,
            one.input_tokens,
            one.output_tokens,
            UNLIMITED if one.concurrency is None else one.concurrency,
            one.longest_call_tokens or one.input_tokens + one.output_tokens,
        )
        for one in every
    ]
    names = ("gpus", "tensor_parallel", "input", "output", "concurrency", "longest")
    table = np.array(rows, dtype=float).reshape(len(rows), len(names))
    return {name: table[:, place] for place, name in enumerate(names)}


def _objects(words: Sequence[str]) -> Names:
    return np.array(words, dtype=object)
