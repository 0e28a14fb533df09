"""A plain roofline in numpy, as one would write it on a page: what any model must beat.

70% of the memory bandwidth and 50% of the FLOP/s of the data sheet, the longer of both for a
decode step, and nothing else: no launches, no communication, no scheduling. All calls at once are
as many as fit nine tenths of the memory, 1,024 at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from playbook.costs.capacity import Setup

BANDWIDTH_USE, COMPUTE_USE = 0.7, 0.5
MEMORY_USE, MOST_CALLS = 0.9, 1024
BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": 0.5625, "int4": 0.5625}
Values = NDArray[np.float64]
COLUMNS = (
    "gpus", "copies", "bandwidth", "flops", "memory", "weights", "active_share", "parameters",
    "attention", "cache", "reads", "writes", "batch",
)  # fmt: skip


def columns(setups: Sequence[Setup]) -> Values:
    """Return what the roofline needs, one column a deployment, rows in the order of `COLUMNS`."""
    return np.array([_column(setup) for setup in setups]).T


def output_rates(values: Values) -> Values:
    """Return output tokens a second of all calls; nan where the weights do not fit."""
    v = dict(zip(COLUMNS, values, strict=True))
    gpus = v["gpus"] / v["copies"]
    held = v["reads"] + v["writes"] / 2
    room = MEMORY_USE * gpus * v["memory"] - v["weights"]
    most = np.minimum(np.floor(room / (held * v["cache"])), MOST_CALLS)
    asked = np.where(np.isnan(v["batch"]), most, np.minimum(v["batch"] / v["copies"], most))
    batch = np.maximum(asked, 1)
    read = v["weights"] * (1 - (1 - v["active_share"]) ** batch)
    memory_s = (read + batch * held * v["cache"]) / (gpus * v["bandwidth"] * BANDWIDTH_USE)
    speed = gpus * v["flops"] * COMPUTE_USE
    each = 2 * v["parameters"] * v["active_share"]
    step = np.maximum(memory_s, batch * (each + v["attention"] * held) / speed)
    prefill = v["reads"] * (each + v["attention"] * v["reads"] / 2) / speed
    rates = v["copies"] * batch * v["writes"] / (batch * prefill + v["writes"] * step)
    return np.where(most >= 1, rates, np.nan)


def _column(setup: Setup) -> list[float]:
    model, gpu, a = setup.model, setup.gpu, setup.model.architecture
    assert a is not None
    assert model.parameters_billion is not None
    weights = setup.weight_format or model.precision
    narrow = weights in ("fp8", "fp4") and gpu.dense_fp8_tflops
    elements = a.kv_elements_per_token_per_layer or 2 * a.kv_heads * a.head_dim
    active = model.active_parameters_billion or model.parameters_billion
    batch = setup.concurrency
    return [
        setup.gpus,
        max(1, setup.gpus // (setup.tensor_parallel or setup.gpus)),
        gpu.bandwidth_gb_per_s * 1e9,
        (gpu.dense_fp8_tflops if narrow else gpu.dense_bf16_tflops) * 1e12,  # type: ignore[operator]
        gpu.memory_gb * 1e9,
        model.parameters_billion * 1e9 * BYTES[weights],
        active / model.parameters_billion,
        model.parameters_billion * 1e9,
        4 * (a.kv_layers or a.layers) * a.heads * a.head_dim,
        (a.kv_layers or a.layers) * elements * BYTES[setup.cache_format],
        setup.input_tokens,
        setup.output_tokens,
        np.nan if batch is None else batch,
    ]
