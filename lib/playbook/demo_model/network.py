"""The network: a small Llama in plain torch.

RMSNorm, rotary positions, SwiGLU, grouped key and value heads, output tied to the embedding.
"""

import math
from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from playbook.demo_model.blocks import Block, LowRank, Norm
from playbook.demo_model.planting import REST_SPREAD, plant_copying_heads
from playbook.demo_model.shape import Shape

ADAPTED = (
    "attn_q",
    "attn_k",
    "attn_v",
    "attn_output",
    "ffn_gate",
    "ffn_up",
    "ffn_down",
)

_MATRIX_SPREAD = 0.8
_OUTPUT_SHRINK = 0.05
_EQUAL_GAIN = 1.5


class Network(nn.Module):
    """The whole model; its parameter names are the GGUF tensor names."""

    def __init__(self, shape: Shape) -> None:
        """Draw the initial weights from torch's generator: seed it first."""
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.width, shape.norm_epsilon)
        self._draw_weights()
        exponents = torch.arange(0, shape.head_width, 2) / shape.head_width
        positions = torch.arange(shape.context_tokens).float()
        angles = torch.outer(positions, 1 / shape.rope_base**exponents)
        self.register_buffer("cosines", angles.cos(), persistent=False)
        self.register_buffer("sines", angles.sin(), persistent=False)

    def blocks(self) -> Sequence[Block]:
        """Return the blocks, first to last."""
        return [cast("Block", block) for block in self.blk]

    def _draw_weights(self) -> None:
        """Draw normal weights, then plant the copying heads.

        After the first block query equals key, so that heads start by looking at equal tokens.
        """
        nn.init.normal_(self.token_embd.weight, std=REST_SPREAD)
        for number, block in enumerate(self.blocks()):
            for parameter in block.parameters():
                if parameter.dim() > 1:
                    spread = _MATRIX_SPREAD / math.sqrt(parameter.shape[1])
                    nn.init.normal_(parameter, std=spread)
            with torch.no_grad():
                block.attn_output.weight.mul_(_OUTPUT_SHRINK)
                block.ffn_down.weight.mul_(_OUTPUT_SHRINK)
                if number > 0:
                    block.attn_k.weight.mul_(_EQUAL_GAIN)
                    block.attn_q.weight.copy_(self._per_query_head(block.attn_k.weight))
        plant_copying_heads(self.token_embd.weight, self.blocks(), self.shape)

    def _per_query_head(self, key: Tensor) -> Tensor:
        shape = self.shape
        heads = key.view(shape.kv_heads, shape.head_width, shape.width)
        repeat = shape.heads // shape.kv_heads
        return heads.repeat_interleave(repeat, 0).reshape(shape.width, shape.width)

    def forward(self, ids: Tensor, selected: Tensor) -> Tensor:
        """Return the logits at the selected positions only, which saves most of the output layer.

        Args:
            ids: Token ids of shape (rows, tokens).
            selected: Booleans of the same shape.

        Returns:
            Logits of shape (selected positions, vocabulary).
        """
        tokens = ids.shape[1]
        cosines = self.get_buffer("cosines")[:tokens]
        sines = self.get_buffer("sines")[:tokens]
        x = self.token_embd(ids)
        for block in self.blocks():
            x = block(x, cosines, sines)
        return functional.linear(self.output_norm(x[selected]), self.token_embd.weight)


def add_adapters(network: Network, rank: int, alpha: float) -> list[nn.Parameter]:
    """Freeze the network and wrap its block matrices with trainable low-rank updates.

    Args:
        network: A trained base network; changed in place.
        rank: Rank of every update.
        alpha: Scale numerator; the update counts `alpha / rank`.

    Returns:
        The trainable parameters, two per wrapped matrix.
    """
    network.requires_grad_(requires_grad=False)
    adapters = []
    for block in network.blocks():
        for name in ADAPTED:
            adapter = LowRank(getattr(block, name), rank, alpha)
            setattr(block, name, adapter)
            adapters += [adapter.a, adapter.b]
    return adapters
