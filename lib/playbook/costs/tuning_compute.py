"""Arithmetic of fine-tuning: seconds a token, GPU hours, and memory by method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playbook.uncertainty import Samples
from playbook.units import BYTES_PER_GIB

SECONDS_PER_HOUR = 3_600
FLOP_PER_TFLOP = 1e12
Number = Samples | float


@dataclass(frozen=True)
class TrainingSpeed:
    """How fast a GPU trains, by method; numbers or scenarios of them."""

    flop_per_parameter_and_token: Number
    """6 where all weights are trained, 4 where they are frozen."""
    share_of_peak: Number
    """Share of the peak dense BF16 rate that long passes reach (MFU)."""
    pass_overhead_s: Number = 0.0
    """Seconds that each forward and backward pass takes beside arithmetic."""
    tokens_per_pass: Number = 4_096.0
    """Tokens of one pass on one GPU."""
    recomputed_share: Number = 0.0
    """Arithmetic done twice because activations are not kept: 1/3 for all of them in full tuning;
    0 where the share of peak was measured with it."""


def training_seconds_per_token(
    speed: TrainingSpeed, *, active_billion: float, dense_bf16_tflops: float
) -> Number:
    """Return the seconds that one GPU takes for a training token.

    `C * (1 + recomputed) * P_active / (peak * share) + overhead / tokens of a pass`

    Args:
        speed: Method and machine.
        active_billion: Parameters that each token uses, in billions.
        dense_bf16_tflops: Peak dense BF16 rate of the GPU, TFLOP/s.

    Source:
        Kaplan et al., Scaling Laws for Neural Language Models, section 2.1 (2020-01-23): 6 FLOP per
        parameter and token, a third of it forward; frozen weights need no weight gradient.

    Example:
        >>> full = TrainingSpeed(flop_per_parameter_and_token=6, share_of_peak=0.5)
        >>> training_seconds_per_token(full, active_billion=1, dense_bf16_tflops=12)
        0.001
    """
    flop = speed.flop_per_parameter_and_token * (1 + speed.recomputed_share) * active_billion * 1e9
    rate = dense_bf16_tflops * FLOP_PER_TFLOP * speed.share_of_peak
    return flop / rate + speed.pass_overhead_s / speed.tokens_per_pass


def training_gpu_hours(
    training_tokens: Number,
    speed: TrainingSpeed,
    *,
    active_billion: float,
    dense_bf16_tflops: float,
    evaluation_share: Number = 0.0,
) -> Number:
    """Return GPU hours of one run over tokens (examples x length x epochs), evaluation included.

    More GPUs take less time and as many GPU hours, as long as each has a full pass to do.

    Example:
        >>> frozen = TrainingSpeed(flop_per_parameter_and_token=4, share_of_peak=0.26)
        >>> round(60 * training_gpu_hours(30e6, frozen, active_billion=8, dense_bf16_tflops=989))
        62
    """
    seconds = training_seconds_per_token(
        speed, active_billion=active_billion, dense_bf16_tflops=dense_bf16_tflops
    )
    return training_tokens * seconds * (1 + evaluation_share) / SECONDS_PER_HOUR


@dataclass(frozen=True)
class TrainingMemory:
    """What fills a GPU while it trains, by method; numbers or scenarios of them."""

    bytes_per_parameter: Number
    """Weights, and of trained ones gradients and optimizer."""
    adapter_bytes_per_parameter: Number = 0.0
    """Adapters with gradients and optimizer, for each parameter of the model."""
    activation_bytes_per_token_layer_and_width: Number = 15.0
    """Kept for the backward pass."""
    tokens_per_pass: Number = 4_096.0
    """Tokens of one pass on one GPU."""
    overhead_gib_per_gpu: Number = 5.0
    """Runtime, workspace and fragments."""


def training_gib_per_gpu(
    memory: TrainingMemory, *, parameters_billion: float, layers: int, hidden: int, gpus: int
) -> Number:
    """Return the memory of each GPU in GiB: weights and optimizer are split, passes are not.

    Example:
        >>> mixed = TrainingMemory(bytes_per_parameter=16, overhead_gib_per_gpu=0,
        ...                        activation_bytes_per_token_layer_and_width=0)
        >>> round(training_gib_per_gpu(mixed, parameters_billion=8, layers=32, hidden=4096, gpus=2))
        60
    """
    split = memory.bytes_per_parameter + memory.adapter_bytes_per_parameter
    kept = memory.activation_bytes_per_token_layer_and_width * memory.tokens_per_pass
    held = split * parameters_billion * 1e9 / gpus + kept * layers * hidden
    return held / BYTES_PER_GIB + memory.overhead_gib_per_gpu


def share_that_fits(needed_gib: Number, usable_gib: float) -> float:
    """Return the share of scenarios in which so much memory is enough."""
    return float(np.mean(np.asarray(needed_gib) <= usable_gib))
