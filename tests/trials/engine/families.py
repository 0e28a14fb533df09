"""Tiny GGUF files with random weights, one for each family of models; the demo's tokenizer in all.

They prove that a family's file loads and serves, not that its answers make sense.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from playbook.demo_model import demo_model_path

VOCABULARY, WIDTH, LAYERS, HEADS, KV_HEADS, HEAD_WIDTH, FEED_FORWARD = 1024, 64, 2, 2, 1, 32, 128
EXPERTS, EXPERTS_USED = 4, 2
KV_RANK, Q_RANK, ROTATED, PLAIN = 32, 48, 16, 16
Shapes = Iterator[tuple[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Family:
    """What sets a family's file apart."""

    architecture: str
    rope_factors: bool = False
    """Frequencies that stretch the context, as in Llama 3.1."""
    experts: bool = False
    biases: bool = False
    """Of queries, keys and values, as in Qwen2."""
    head_norms: bool = False
    """Of queries and keys, as in Qwen3."""
    latent: bool = False
    """Attention through a latent vector, and a shared expert, as in DeepSeek V2 and V3."""
    tied: bool = False
    """Whether the embedding is the output matrix too, as in Gemma."""


FAMILIES: Mapping[str, Family] = {
    "llama-3": Family("llama", rope_factors=True),
    "mistral": Family("llama"),
    "mixtral": Family("llama", experts=True),
    "yi": Family("llama"),
    "qwen2": Family("qwen2", biases=True),
    "qwen3": Family("qwen3", head_norms=True),
    "qwen3-moe": Family("qwen3moe", experts=True, head_norms=True),
    "deepseek2": Family("deepseek2", experts=True, latent=True),
    "gemma": Family("gemma", tied=True),
}


def write_family(path: Path, family: Family, *, without: str = "", stretched: str = "") -> None:
    """Write the file of a family.

    Args:
        path: File to write.
        family: What it holds.
        without: Tensor to leave out.
        stretched: Tensor to write with one row too many.
    """
    writer = gguf.GGUFWriter(path, family.architecture)
    _add_sizes(writer, family)
    for name, (value, kind, inner) in _tokenizer().items():
        writer.add_key_value(name, value, kind, sub_type=inner)
    rng = np.random.default_rng(7)
    for name, shape in _shapes(family):
        if name == without:
            continue
        rows = (shape[0] + 1, *shape[1:]) if name == stretched else shape
        flat = len(rows) == 1
        values = np.ones(rows) if flat else rng.standard_normal(rows) / np.sqrt(rows[-1])
        writer.add_tensor(name, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@cache
def _tokenizer() -> Mapping[str, tuple[Any, Any, Any]]:
    fields = gguf.GGUFReader(demo_model_path("demo-small")).fields
    return {
        name: (one.contents(), one.types[0], one.types[-1] if len(one.types) > 1 else None)
        for name, one in fields.items()
        if name.startswith("tokenizer.")
    }


def _add_sizes(writer: gguf.GGUFWriter, family: Family) -> None:
    writer.add_name("random weights")
    writer.add_context_length(512)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1 if family.latent else KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_vocab_size(VOCABULARY)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    if family.experts:
        writer.add_expert_count(EXPERTS)
        writer.add_expert_used_count(EXPERTS_USED)
        writer.add_expert_feed_forward_length(FEED_FORWARD)
    if family.latent:
        _add_latent_sizes(writer)
    else:
        writer.add_key_length(HEAD_WIDTH)
        writer.add_value_length(HEAD_WIDTH)
        writer.add_rope_dimension_count(HEAD_WIDTH)


def _add_latent_sizes(writer: gguf.GGUFWriter) -> None:
    writer.add_q_lora_rank(Q_RANK)
    writer.add_kv_lora_rank(KV_RANK)
    writer.add_key_length(KV_RANK + ROTATED)
    writer.add_value_length(KV_RANK)
    writer.add_key_length_mla(PLAIN + ROTATED)
    writer.add_value_length_mla(HEAD_WIDTH)
    writer.add_rope_dimension_count(ROTATED)
    writer.add_leading_dense_block_count(1)
    writer.add_expert_shared_count(1)
    writer.add_expert_weights_scale(1.0)
    writer.add_expert_gating_func(gguf.ExpertGatingFuncType.SOFTMAX)


def _shapes(family: Family) -> Shapes:
    yield "token_embd.weight", (VOCABULARY, WIDTH)
    yield "output_norm.weight", (WIDTH,)
    if not family.tied:
        yield "output.weight", (VOCABULARY, WIDTH)
    if family.rope_factors:
        yield "rope_freqs.weight", (HEAD_WIDTH // 2,)
    for layer in range(LAYERS):
        dense = not family.experts or (family.latent and layer == 0)
        parts = (
            (("attn_norm.weight", (WIDTH,)), ("ffn_norm.weight", (WIDTH,))),
            _latent_attention() if family.latent else _attention(family),
            _feed_forward() if dense else _experts(family),
        )
        yield from ((f"blk.{layer}.{name}", shape) for part in parts for name, shape in part)


def _attention(family: Family) -> Shapes:
    widths = {"q": HEADS * HEAD_WIDTH, "k": KV_HEADS * HEAD_WIDTH, "v": KV_HEADS * HEAD_WIDTH}
    for part, width in widths.items():
        yield f"attn_{part}.weight", (width, WIDTH)
        if family.biases:
            yield f"attn_{part}.bias", (width,)
    yield "attn_output.weight", (WIDTH, HEADS * HEAD_WIDTH)
    if family.head_norms:
        yield "attn_q_norm.weight", (HEAD_WIDTH,)
        yield "attn_k_norm.weight", (HEAD_WIDTH,)


def _latent_attention() -> Shapes:
    yield "attn_q_a.weight", (Q_RANK, WIDTH)
    yield "attn_q_a_norm.weight", (Q_RANK,)
    yield "attn_q_b.weight", (HEADS * (PLAIN + ROTATED), Q_RANK)
    yield "attn_kv_a_mqa.weight", (KV_RANK + ROTATED, WIDTH)
    yield "attn_kv_a_norm.weight", (KV_RANK,)
    yield "attn_k_b.weight", (HEADS, KV_RANK, PLAIN)
    yield "attn_v_b.weight", (HEADS, HEAD_WIDTH, KV_RANK)
    yield "attn_output.weight", (WIDTH, HEADS * HEAD_WIDTH)


def _feed_forward(end: str = "") -> Shapes:
    yield f"ffn_gate{end}.weight", (FEED_FORWARD, WIDTH)
    yield f"ffn_up{end}.weight", (FEED_FORWARD, WIDTH)
    yield f"ffn_down{end}.weight", (WIDTH, FEED_FORWARD)


def _experts(family: Family) -> Shapes:
    yield "ffn_gate_inp.weight", (EXPERTS, WIDTH)
    yield from ((name, (EXPERTS, *shape)) for name, shape in _feed_forward("_exps"))
    if family.latent:
        yield from _feed_forward("_shexp")
