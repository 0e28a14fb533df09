"""How many output tokens a second one replica gives: a roofline with its overheads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from playbook.catalog.models import Architecture, Model
from playbook.catalog.schema import Engine, Gpu
from playbook.catalog.weights import weights_bytes
from playbook.costs.memory import MemoryFit, cache_bytes
from playbook.costs.tokens import TokenFlow
from playbook.uncertainty import Samples

FLOPS_PER_PARAMETER = 2  # one multiplication and one addition for each weight and token
ALL_REDUCES_PER_LAYER = 2  # after attention and after the feed-forward block
BYTES_PER_ACTIVATION = 2
FP8_NATIVE = ("fp8", "fp4")
Batches = NDArray[np.int64]
Meets = NDArray[np.bool_]


@dataclass(frozen=True)
class Replica:
    """One copy of a model on so many GPUs of one kind under one engine."""

    model: Model
    architecture: Architecture
    gpu: Gpu
    engine: Engine
    gpus: int

    @property
    def working_gpus(self) -> int:
        """Return GPUs that work at the same time on one step."""
        return self.gpus if self.engine.splits_work_over_gpus else 1

    @property
    def peak_flops_per_s(self) -> float:
        """Return dense FLOP/s of all GPUs at the precision of the arithmetic.

        Weights in 8-bit floats are multiplied in FP8 where the GPU can; all other formats are
        widened to 16 bits first.
        """
        fp8 = self.gpu.dense_fp8_tflops if self.model.precision in FP8_NATIVE else None
        return self.working_gpus * (fp8 or self.gpu.dense_bf16_tflops) * 1e12

    @property
    def bytes_per_s(self) -> float:
        """Return the peak memory bandwidth of all GPUs."""
        return self.working_gpus * self.gpu.bandwidth_gb_per_s * 1e9

    @property
    def active_parameters(self) -> float:
        """Return parameters used for each token."""
        total = self.model.parameters_billion or 0.0
        return (self.model.active_parameters_billion or total) * 1e9


@dataclass(frozen=True)
class Speed:
    """Inputs of the speed estimate as scenarios of one shape."""

    bandwidth_use: Samples
    """Share of peak memory bandwidth reached."""
    compute_use: Samples
    """Share of peak FLOP/s reached."""
    step_overhead_s: Samples
    """Host and launch time of each decode step."""
    all_reduce_s: Samples
    """Latency of one all-reduce."""
    pcie_bytes_per_s: Samples
    """Bandwidth between GPUs without a link of their own, one way."""
    factor: Samples
    """True over estimated speed."""

    def first(self, scenarios: int) -> Speed:
        """Return only the first scenarios, of which the likely one is the very first."""
        values = {field.name: getattr(self, field.name)[:scenarios] for field in fields(self)}
        return Speed(**values)

    def scaled(self, correction: float, spread: float) -> Speed:
        """Return a speed corrected by measurement, with its spread to a power of `spread`."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return Speed(**{**values, "factor": correction * self.factor**spread})


@dataclass(frozen=True)
class Limits:
    """What each call must be given."""

    first_token_s: float
    """Longest time to the first token."""
    output_tokens_per_second: float
    """Least output speed of one call."""

    def hold(self, seconds_per_output_token: Samples, first_token_s: Samples) -> Meets:
        """Return in which scenarios both limits hold."""
        in_time: Meets = first_token_s <= self.first_token_s
        return in_time & (seconds_per_output_token * self.output_tokens_per_second <= 1)


@dataclass(frozen=True)
class Capacity:
    """What one replica gives at the largest batch within the limits, by scenario."""

    batch: Batches
    """Calls decoded together."""
    output_tokens_per_second: Samples
    """Output (not total) tokens a second of all calls together, in steady state."""
    seconds_per_output_token: Samples
    """Time between two tokens of one call, others' prefill included."""
    first_token_s: Samples
    """Time to the first token of a mean call that does not queue."""
    meets_limits: Meets
    """Whether both limits hold; where not, the figures are those of batch 1."""


def weights_read_bytes(replica: Replica, batch: Samples) -> Samples:
    """Return bytes of weights read in one decode step.

    A mixture of experts reads the more experts the more calls it decodes together. With `f` the
    active share of all parameters, `1 - (1 - f)^batch` of the weights are read: the active ones at
    batch 1, all of them at a large batch. Treating shared layers as experts makes this a little
    high in between.
    """
    total = (replica.model.parameters_billion or 0.0) * 1e9
    active_share = replica.active_parameters / total
    return weights_bytes(replica.model) * (1 - (1 - active_share) ** batch)


def communication_s(replica: Replica, tokens: Samples, speed: Speed) -> Samples:
    """Return the time of one pass's all-reduces over so many tokens; zero for one working GPU."""
    others = replica.working_gpus - 1
    if others == 0:
        return np.zeros(np.broadcast_shapes(np.shape(tokens), speed.factor.shape))
    one_way = replica.gpu.link_gb_per_s * 1e9 / 2
    link = one_way if one_way > 0 else speed.pcie_bytes_per_s
    sent = tokens * replica.architecture.hidden * BYTES_PER_ACTIVATION * 2 * others / (others + 1)
    return ALL_REDUCES_PER_LAYER * replica.architecture.layers * (speed.all_reduce_s + sent / link)


def decode_step_s(replica: Replica, batch: Samples, context: float, speed: Speed) -> Samples:
    """Return the time of one decode step: each of `batch` calls gets one token.

    Overhead, memory traffic, arithmetic and communication add; measured systems overlap them
    little.

    Source: Pope et al., Efficiently Scaling Transformer Inference, section 3 (2022-11-09), for
        the memory and compute terms.
    """
    a = replica.architecture
    cache = batch * cache_bytes(a, context, gpus=replica.working_gpus)
    memory = (weights_read_bytes(replica, batch) + cache) / (
        replica.bytes_per_s * speed.bandwidth_use
    )
    attention = 4 * (a.kv_layers or a.layers) * a.heads * a.head_dim * context
    flops = batch * (FLOPS_PER_PARAMETER * replica.active_parameters + attention)
    compute = flops / (replica.peak_flops_per_s * speed.compute_use)
    total = speed.step_overhead_s + memory + compute + communication_s(replica, batch, speed)
    return total / speed.factor


def prefill_s(replica: Replica, tokens: float, speed: Speed) -> Samples:
    """Return the time to read one prompt; half of the attention is masked."""
    a = replica.architecture
    attention = 2 * tokens * (a.kv_layers or a.layers) * a.heads * a.head_dim
    flops = tokens * (FLOPS_PER_PARAMETER * replica.active_parameters + attention)
    compute = flops / (replica.peak_flops_per_s * speed.compute_use)
    return (compute + communication_s(replica, np.array([tokens]), speed)) / speed.factor


def serve(
    replica: Replica, fit: MemoryFit, flow: TokenFlow, speed: Speed, *, limits: Limits
) -> Capacity:
    """Return what a replica gives at the largest batch that meets both latency limits.

    Calls arrive and leave continuously: while a call writes its tokens, the prompts of the other
    `batch - 1` calls and its successor are read in between, so that a token takes
    `step + batch * prefill / output_per_call`. Time to the first token is one prefill and one
    step; waiting in a queue is covered by the usable share of capacity, not here.
    """
    prefill = prefill_s(replica, flow.input_per_call, speed)

    def timing(batch: Batches) -> tuple[Samples, Samples]:
        step = decode_step_s(replica, batch.astype(float), fit.context_tokens, speed)
        return step + batch * prefill / flow.output_per_call, step + prefill

    batch = _largest(lambda some: limits.hold(*timing(some)), fit.batch, speed.factor.shape)
    per_token, first = timing(batch)
    return Capacity(
        batch=batch,
        output_tokens_per_second=batch / per_token,
        seconds_per_output_token=per_token,
        first_token_s=first,
        meets_limits=limits.hold(per_token, first),
    )


def output_rate_at(replica: Replica, flow: TokenFlow, concurrency: int, speed: Speed) -> Samples:
    """Return output tokens a second of all calls at a given number of calls in flight."""
    batch = np.array([float(concurrency)])
    step = decode_step_s(replica, batch, flow.context_in_decode, speed)
    prefill = prefill_s(replica, flow.input_per_call, speed)
    return batch / (step + batch * prefill / flow.output_per_call)


def _largest(meets: Callable[[Batches], Meets], most: int, shape: tuple[int, ...]) -> Batches:
    """Return by bisection the largest batch in 1..most that meets the limits, else 1."""
    low, high = np.ones(shape, np.int64), np.full(shape, most, np.int64)
    if most == 1:
        return low
    if bool(np.all(meets(high))):
        return high
    if not bool(np.any(meets(low))):
        return low
    while bool(np.any(low < high)):
        middle = (low + high + 1) // 2
        good = meets(middle)
        low, high = np.where(good, middle, low), np.where(good, high, middle - 1)
    return low
