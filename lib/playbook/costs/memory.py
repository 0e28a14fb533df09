"""Whether a model fits so many GPUs, and how many sequences its cache can hold."""

from __future__ import annotations

import math
from dataclasses import dataclass

from playbook.catalog.models import Architecture, Model
from playbook.catalog.schema import Engine, Gpu
from playbook.catalog.weights import weights_bytes
from playbook.costs.tokens import TokenFlow
from playbook.units import gib_from_bytes

KV_BYTES_PER_ELEMENT = 2  # engines keep the cache in 16 bits unless told otherwise
KEYS_AND_VALUES = 2


@dataclass(frozen=True)
class MemoryFit:
    """Memory of one replica on so many GPUs, in GiB over all of them."""

    gpus: int
    """GPUs of the replica."""
    available_gib: float
    """Memory that the engine may use."""
    overhead_gib: float
    """What the engine's runtime takes of it."""
    weights_gib: float
    """Weights."""
    call_gib: float
    """Cache of a mean call over all GPUs, copies included."""
    longest_call_gib: float
    """Cache of a call of the longest length, likewise."""
    batch: int
    """Mean calls that fit at once, at most the engine's own limit; 0 if the model does not fit."""
    context_tokens: float
    """Mean tokens in the cache of one call."""

    @property
    def fits(self) -> bool:
        """Return whether the weights and the longest call fit."""
        return self.batch > 0

    def needed_gib(self, batch: int) -> float:
        """Return weights, cache of so many calls at once and overhead."""
        return self.weights_gib + batch * self.call_gib + self.overhead_gib

    @property
    def needed_for_longest_gib(self) -> float:
        """Return weights, cache of one call of the longest length and overhead."""
        return self.weights_gib + self.longest_call_gib + self.overhead_gib


def kv_bytes_per_token(architecture: Architecture) -> float:
    """Return bytes of cache that each further token needs, without copies.

    Source: 2 (keys and values) x layers x KV heads x head width x 2 bytes; Kwon et al., Efficient
        Memory Management for LLM Serving with PagedAttention, section 3 (2023-09-12). Latent and
        compressed attention state their elements themselves; layers with a window or a state of
        fixed size are left out of `kv_layers`.

    Example:
        >>> llama_3_8b = Architecture(layers=32, hidden=4096, heads=32, kv_heads=8, head_dim=128)
        >>> kv_bytes_per_token(llama_3_8b)
        131072.0
    """
    elements = architecture.kv_elements_per_token_per_layer or (
        KEYS_AND_VALUES * architecture.kv_heads * architecture.head_dim
    )
    layers = architecture.kv_layers or architecture.layers
    return float(layers * elements * KV_BYTES_PER_ELEMENT)


def cache_bytes(architecture: Architecture, context_tokens: float, *, gpus: int) -> float:
    """Return bytes of cache of one call over all GPUs: what grows, windows and states.

    A layer with a window keeps at most its last tokens, and a linear-attention layer a state of
    fixed size, which is never copied since its heads are split. Engines that keep the whole context
    in such layers need more.

    Example:
        >>> every_second = Architecture(
        ...     layers=36, hidden=2880, heads=64, kv_heads=8, head_dim=64, attention="sliding",
        ...     kv_layers=18, sliding_window_layers=18, sliding_window_tokens=128)
        >>> cache_bytes(every_second, 128, gpus=1), cache_bytes(every_second, 1_128, gpus=1)
        (9437184.0, 46301184.0)
    """
    a = architecture
    kept = min(context_tokens, float(a.sliding_window_tokens or 0))
    window = (a.sliding_window_layers or 0) * kept * KEYS_AND_VALUES * a.kv_heads * a.head_dim
    grown = context_tokens * kv_bytes_per_token(a)
    copied = (grown + window * KV_BYTES_PER_ELEMENT) * kv_copies(a, gpus)
    return copied + (a.state_bytes_per_call or 0)


def kv_copies(architecture: Architecture, gpus: int) -> float:
    """Return how often the cache is held: heads are split over GPUs, a latent cache is copied.

    Example:
        >>> a = Architecture(layers=1, hidden=8, heads=8, kv_heads=2, head_dim=1)
        >>> (kv_copies(a, 2), kv_copies(a, 8))
        (1.0, 4.0)
    """
    latent = architecture.attention == "mla"
    shards = 1 if latent else architecture.kv_heads
    return max(1.0, gpus / shards)


def can_be_sized(model: Model) -> bool:
    """Return whether size and architecture are known."""
    return model.architecture is not None and model.parameters_billion is not None


def fit_memory(
    model: Model, gpu: Gpu, engine: Engine, *, gpus: int, flow: TokenFlow, most_sequences: int
) -> MemoryFit:
    """Return the memory of one replica and how many mean calls it holds at once.

    A replica fits if the weights and one call of the longest length fit.

    Raises:
        ValueError: when the model's size or architecture is unknown (see `can_be_sized`).
    """
    if model.architecture is None or model.parameters_billion is None:
        msg = f"size or architecture of {model.id} is unknown"
        raise ValueError(msg)
    available = gpus * gpu.memory_gib * engine.usable_memory
    overhead = gpus * engine.overhead_gib
    weights = gib_from_bytes(weights_bytes(model))
    working = gpus if engine.splits_work_over_gpus else 1
    context = min(flow.context_in_decode, float(flow.longest_call))
    mean, longest = (
        gib_from_bytes(cache_bytes(model.architecture, tokens, gpus=working))
        for tokens in (context, float(flow.longest_call))
    )
    room = available - overhead - weights
    splits = model.architecture.heads % gpus == 0
    batch = math.floor(room / mean) if room >= longest and splits else 0
    return MemoryFit(
        gpus=gpus,
        available_gib=available,
        overhead_gib=overhead,
        weights_gib=weights,
        call_gib=mean,
        longest_call_gib=longest,
        batch=min(batch, most_sequences),
        context_tokens=context,
    )
