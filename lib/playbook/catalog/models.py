"""A model: weights, or a name behind an API, with what memory and speed depend on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from playbook.catalog.schema import Fact, FactId, Precision
from playbook.records import Record
from playbook.units import Positive
from playbook.vocabulary import Modality


class Architecture(Record):
    """What memory and speed depend on."""

    layers: Positive
    """Transformer layers."""
    hidden: Positive
    """Width of the residual stream."""
    heads: Positive
    """Query heads."""
    kv_heads: Positive
    """Key/value heads."""
    head_dim: Positive
    """Width of one head."""
    attention: Literal["gqa", "mha", "mla", "sliding", "hybrid"] = "gqa"
    """Kind of attention; decides the size of the KV cache."""
    kv_layers: Positive | None = None
    """Layers whose cache grows with the whole context, where not all do."""
    kv_elements_per_token_per_layer: Positive | None = None
    """Cache elements per token in such a layer, where heads do not give them (MLA, compression)."""
    sliding_window_layers: Positive | None = None
    """Layers that also or only keep the last tokens: a window."""
    sliding_window_tokens: Positive | None = None
    """Most tokens that such a layer keeps; needed with it."""
    state_bytes_per_call: Positive | None = None
    """Bytes of state that linear-attention layers keep for a call of any length."""
    experts: Positive | None = None
    """Routed experts in each layer of experts, for a mixture of experts."""
    active_experts: Positive | None = None
    """Routed experts that each token uses; experts shared by all tokens are not counted."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Architecture:
        if (self.sliding_window_layers is None) != (self.sliding_window_tokens is None):
            raise ValueError("sliding_window_layers and sliding_window_tokens need each other")
        if max(self.kv_layers or 0, self.sliding_window_layers or 0) > self.layers:
            raise ValueError("kv_layers and sliding_window_layers are at most layers")
        if (self.active_experts or 0) > (self.experts or 0):
            raise ValueError("active_experts needs experts, and is at most as many")
        return self


class Model(Fact):
    """Weights, or a name behind an API."""

    title: str
    """Name as its developer writes it."""
    weights: Annotated[str, Field(pattern=r"^([\w.-]+/[\w.-]+)?$")] = ""
    """Hub id `owner/name` of its weights; empty where there are none or none was sourced."""
    family: str
    """Family: llama, mistral, qwen, deepseek, yi, gpt, claude, gemini, ..."""
    developer: str
    """Who made it."""
    developer_jurisdiction: tuple[str, ...]
    """Country of the developer and its parent, ISO codes."""
    open_weights: bool
    """Whether the weights can be downloaded."""
    licence: FactId
    """Licence id, or `proprietary-api`."""
    parameters_billion: Annotated[float, Field(gt=0)] | None = None
    """All parameters, in billions."""
    active_parameters_billion: Annotated[float, Field(gt=0)] | None = None
    """Parameters used per token, in billions (fewer than all for mixture of experts)."""
    architecture: Architecture | None = None
    """Needed to size a server for it."""
    precision: Precision = "bf16"
    """Precision in which it is served by default."""
    context_tokens: Positive | None = None
    """Longest context."""
    modalities: tuple[Modality, ...] = ("text",)
    """Kinds of input."""
    released: date | None = None
    """Release date."""
    retires: date | None = None
    """Announced end of its own API, if any."""
    successor: FactId | None = None
    """Model to take in its place."""
    successor_basis: Literal["named", "next_release"] = "named"
    """Whether its developer names the successor, or it is a later release of the same line."""
    note: str = ""
    """What else matters."""

    @property
    def successor_words(self) -> str:
        """Return who says what to take in its place; empty where nothing is known."""
        if self.successor is None:
            return ""
        named = self.successor_basis == "named"
        return f"{'its developer names' if named else 'a later release is'} {self.successor}"
