"""The time of one decode step and of prefill, term by term, and the rates that follow.

Terms add; measured systems overlap them little. In one decode step each of `batch` calls gets one
token: the host launches kernels, all weights that some token needs are read once, so is the cache
of every call, arithmetic is done for each call, and the GPUs of a copy add up their partial results
twice a layer. Prefill does the arithmetic of the prompt; a prompt alone also waits for the weights.

Source: Pope et al., Efficiently Scaling Transformer Inference, sections 2 and 3 (2022-11-09), for
    memory and arithmetic; Kwon et al., Efficient Memory Management for LLM Serving with
    PagedAttention, section 3 (2023-09-12), for the cache.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.costs.capacity.setups import Setups
from playbook.uncertainty import Samples
from playbook.units import BYTES_PER_GIB

WEIGHT_BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": 0.5625, "int4": 0.5625}
"""4-bit formats keep an 8- or 16-bit scale for each block: 4.5 bits a weight."""
CACHE_BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0}
BYTES_PER_ACTIVATION = 2
USABLE_OF_ALL, USABLE_OF_REST = 0.92, 0.95
CHUNK_TOKENS = 8_192
SOFTNESS = 6
LAYER_SPLIT = ("llamacpp-cuda", "llamacpp-metal", "llamacpp-cpu")
Coefficients = dict[str, Samples]


@dataclass(frozen=True)
class Room:
    """Memory of one copy and the calls that it holds."""

    weights: Samples
    """Bytes of weights."""
    room: Samples
    """Bytes left for caches over all GPUs of the copy."""
    call: Samples
    """Bytes of the cache of a mean call over its GPUs, when it counts most for the engine."""
    longest: Samples
    """Bytes of the cache of the longest call."""
    batch: Samples
    """Calls decoded together, on the mean."""
    most: Samples
    """Calls that memory and the engine allow."""

    @property
    def fits(self) -> NDArray[np.bool_]:
        """Return whether the weights and the longest call fit."""
        held: NDArray[np.bool_] = self.room >= self.longest
        return held


@dataclass(frozen=True)
class Steps:
    """Times in seconds, arrays of one length."""

    host: Samples
    """Host and launch time of one decode step."""
    weights: Samples
    """Reading weights in one decode step."""
    cache: Samples
    """Reading caches in one decode step."""
    arithmetic: Samples
    """Arithmetic of one decode step."""
    link: Samples
    """Adding up over GPUs in one decode step."""
    prefill: Samples
    """Prefill that goes with one decode step of a steady batch."""
    prompt: Samples
    """Prefill of one prompt alone."""

    @property
    def step(self) -> Samples:
        """Return the time of one decode step."""
        return self.host + self.weights + self.cache + self.arithmetic + self.link

    @property
    def per_token(self) -> Samples:
        """Return the time between two tokens of a call, others' prefill included."""
        return self.step + self.prefill

    def shares(self) -> Samples:
        """Return the share of each term in the time of a token; shape (deployments, 6)."""
        parts = (self.host, self.weights, self.cache, self.arithmetic, self.link, self.prefill)
        return np.stack(parts, axis=1) / self.per_token[:, None]


def working_gpus(setups: Setups) -> Samples:
    """Return the GPUs of a copy that work at the same time; one where layers are split."""
    by_layer = _among(setups, LAYER_SPLIT)
    return np.where(by_layer, 1.0, setups.call["tensor_parallel"])


def cache_bytes(setups: Setups, tokens: Samples) -> Samples:
    """Return the cache of one call of so many tokens over the GPUs of a copy.

    Heads are split over GPUs and held twice where there are more GPUs than heads; a latent cache is
    held by each GPU. Layers with a window keep at most its tokens.
    """
    m, width = setups.model, _of_format(setups, "cache", CACHE_BYTES)
    pair = 2 * m["kv_heads"] * m["head_dim"]
    per_layer = np.where(
        m["kv_elements_per_token_per_layer"] > 0, m["kv_elements_per_token_per_layer"], pair
    )
    layers = np.where(m["kv_layers"] > 0, m["kv_layers"], m["layers"])
    shards = np.where(m["latent"] > 0, 1.0, m["kv_heads"])
    copies = np.maximum(1.0, working_gpus(setups) / np.maximum(shards, 1))
    window = m["sliding_window_layers"] * np.minimum(tokens, m["sliding_window_tokens"]) * pair
    return (layers * per_layer * tokens + window) * width * copies + m["state_bytes_per_call"]


def room_of(setups: Setups, c: Coefficients) -> Room:
    """Return how many calls a copy holds, and how many of them it decodes together.

    vLLM and SGLang take a share of all memory, TensorRT-LLM a share of what the weights leave. An
    engine that gets all calls at once keeps room for each call's whole output.
    """
    call, gpus = setups.call, setups.call["tensor_parallel"]
    weights = setups.model["parameters"] * _of_format(setups, "format", WEIGHT_BYTES)
    memory, runtime = setups.gpu["memory_gib"] * BYTES_PER_GIB, c["runtime_bytes"]
    of_rest = USABLE_OF_REST * (gpus * (memory - runtime) - weights)
    of_all = gpus * (memory * USABLE_OF_ALL - runtime) - weights
    room = np.where(_starts(setups, "trtllm"), of_rest, of_all)
    room = np.where(_among(setups, LAYER_SPLIT), gpus * memory - weights, room)
    whole = call["input"] + call["output"]
    offline = setups.names["regime"] == "offline"
    kept = np.where(offline, whole, call["input"] + call["output"] / 2)
    one, longest = cache_bytes(setups, kept), cache_bytes(setups, call["longest"])
    held = np.maximum(room / np.maximum(one, 1.0), 1.0)
    static = setups.names["regime"] == "static"
    allowed = np.where(
        static, held, _softly_least(held, c["most_calls"], np.where(offline, 2, SOFTNESS))
    )
    sent = call["concurrency"] / copies_of(setups)
    waves = np.where(static, np.ceil(np.minimum(sent, 1e9) / held), 1.0)
    limited = np.isfinite(sent)
    together = np.where(
        static,
        np.where(limited, sent, held) / np.where(limited, waves, 1),
        _softly_least(np.minimum(sent, held), c["most_calls"], np.where(offline, 2, SOFTNESS)),
    )
    return Room(weights, room, one, longest, np.maximum(together, 1.0), np.maximum(allowed, 1.0))


def copies_of(setups: Setups) -> Samples:
    """Return how many copies of the model all GPUs hold."""
    return np.maximum(setups.call["gpus"] // setups.call["tensor_parallel"], 1)


def steps_of(setups: Setups, c: Coefficients, batch: Samples) -> Steps:
    """Return the times of a step and of prefill at a number of calls decoded together."""
    m, call = setups.model, setups.call
    working = working_gpus(setups)
    bandwidth = working * setups.gpu["bytes_per_s"] * c["bandwidth_share"]
    cache_speed = np.minimum(c["bandwidth_share"] * c["cache_speed"], 1.0)
    context = call["input"] + call["output"] / 2
    peak = working * _peak(setups)
    latency, per_token = _link(setups, c, working)
    launch = c["layer_s"] * m["layers"]
    attention = 2 * m["layers"] * m["heads"] * m["head_dim"] * call["input"]
    marginal = call["input"] * (
        (2 * m["active_parameters"] + attention) / (peak * c["prefill_share"]) + per_token
    )
    pass_s = c["prefill_step_s"] + launch + latency
    waits = read_bytes(setups, np.minimum(call["input"], CHUNK_TOKENS)) / bandwidth
    static = setups.names["regime"] == "static"
    chunks = np.ceil(batch * call["input"] / CHUNK_TOKENS)
    whole_batch = chunks * pass_s + np.hypot(waits, batch * marginal)
    return Steps(
        host=c["step_s"] + launch + c["call_s"] * batch,
        weights=read_bytes(setups, batch) / bandwidth,
        cache=batch * cache_bytes(setups, context)
        / (working * setups.gpu["bytes_per_s"] * cache_speed),
        arithmetic=batch * 2 * m["active_parameters"] / (peak * c["decode_share"]),
        link=latency + batch * per_token,
        prefill=np.where(static, whole_batch, batch * marginal) / call["output"],
        prompt=pass_s + np.hypot(waits, marginal),
    )  # fmt: skip


def read_bytes(setups: Setups, tokens: Samples) -> Samples:
    """Return bytes of weights read for one pass over so many tokens.

    Of `E` experts a token uses `k`, so that `1 - (1 - k/E)^tokens` of them are read; what is not in
    experts is read always. With `P` parameters, of which `A` are active, each expert has
    `(P - A) / (E - k)`.

    Example:
        Mixtral 8x7B has 46.7 and 12.9 billion: an expert 5.63, all else 1.63; one call reads 12.9.
    """
    m, width = setups.model, _of_format(setups, "format", WEIGHT_BYTES)
    total, active = m["parameters"], m["active_parameters"]
    known = (m["experts"] > 0) & (m["active_experts"] > 0)
    used = np.where(known, m["active_experts"] / np.maximum(m["experts"], 1), active / total)
    in_experts = np.where(used < 1, (total - active) / np.maximum(1 - used, 1e-9), 0.0)
    in_experts = np.minimum(in_experts, total)
    return (total - in_experts * (1 - used) ** tokens) * width


def _peak(setups: Setups) -> Samples:
    """Return FLOP/s of one GPU at the format of the weights; integer formats are widened first."""
    gpu, kind = setups.gpu, setups.names["format"]
    narrow = np.where(kind == "fp4", gpu["fp4_flops"], gpu["bf16_flops"])
    return np.where(kind == "fp8", gpu["fp8_flops"], narrow)


def _link(setups: Setups, c: Coefficients, working: Samples) -> tuple[Samples, Samples]:
    """Return what all additions over GPUs take in one pass, and for each token in it."""
    one_way = setups.gpu["link_bytes_per_s"]
    linked = one_way > 0
    speed = np.where(linked, one_way * c["link_share"], c["pcie_bytes_per_s"])
    each = 2 * setups.model["layers"]
    latency = each * c["all_reduce_s"] * np.where(linked, 1, 2) * np.log2(np.maximum(working, 2))
    sent = 2 * (working - 1) / working * setups.model["hidden"] * BYTES_PER_ACTIVATION
    alone = working < 2  # noqa: PLR2004  nothing to add up
    return np.where(alone, 0.0, latency), np.where(alone, 0.0, each * sent / speed)


def _softly_least(first: Samples, second: Samples, power: Samples) -> Samples:
    """Return a smooth least of two numbers, the sharper the higher the power."""
    return (first**-power + second**-power) ** (-1 / power)


def _of_format(setups: Setups, key: str, table: dict[str, float]) -> Samples:
    return np.array([table[name] for name in setups.names[key]])


def _among(setups: Setups, classes: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array([name in classes for name in setups.names["class"]], dtype=bool)


def _starts(setups: Setups, word: str) -> NDArray[np.bool_]:
    return np.array([name.startswith(word) for name in setups.names["class"]], dtype=bool)
