"""The network: a small Llama in plain torch.

RMSNorm, rotary positions, SwiGLU, grouped key and value heads, output tied to the embedding.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

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


class Norm(nn.Module):
    """Scale by the root mean square, with a learned gain."""

    def __init__(self, width: int, epsilon: float) -> None:
        """Start with a gain of one."""
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """Return the normalised tensor."""
        return functional.rms_norm(x, (x.shape[-1],), self.weight, self.epsilon)


class LowRank(nn.Module):
    """A frozen linear map plus a trained update of low rank (LoRA)."""

    def __init__(self, linear: nn.Linear, rank: int, alpha: float) -> None:
        """Start with an update of zero, so that the adapted network equals the base."""
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.randn(rank, linear.in_features) / math.sqrt(linear.in_features))
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x: Tensor) -> Tensor:
        """Return the base map plus the scaled update."""
        update = functional.linear(functional.linear(x, self.a), self.b)
        return torch.add(self.linear(x), update, alpha=self.scale)


def rotate(x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """Turn pairs (first half, second half) by their position's angle."""
    first, second = x.chunk(2, -1)
    return torch.cat([first * cosines - second * sines, second * cosines + first * sines], -1)


class Block(nn.Module):
    """Attention and feed-forward, each behind a norm and added to its input."""

    def __init__(self, shape: Shape) -> None:
        """Make the seven matrices and two norms, named as in GGUF."""
        super().__init__()
        kv_width = shape.kv_heads * shape.head_width
        self.shape = shape
        self.attn_norm = Norm(shape.width, shape.norm_epsilon)
        self.ffn_norm = Norm(shape.width, shape.norm_epsilon)
        self.attn_q = nn.Linear(shape.width, shape.width, bias=False)
        self.attn_k = nn.Linear(shape.width, kv_width, bias=False)
        self.attn_v = nn.Linear(shape.width, kv_width, bias=False)
        self.attn_output = nn.Linear(shape.width, shape.width, bias=False)
        self.ffn_gate = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.ffn_up = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.ffn_down = nn.Linear(shape.feed_forward, shape.width, bias=False)

    def forward(self, x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
        """Return the block's output for a batch of shape (rows, tokens, width)."""
        x = x + self._attend(self.attn_norm(x), cosines, sines)
        h = self.ffn_norm(x)
        gated = functional.silu(self.ffn_gate(h)) * self.ffn_up(h)
        return x + self.ffn_down(gated)  # type: ignore[no-any-return]

    def _attend(self, h: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
        rows, tokens, width = h.shape
        shape = self.shape

        def split(x: Tensor, heads: int) -> Tensor:
            return x.view(rows, tokens, heads, shape.head_width).transpose(1, 2)

        query = rotate(split(self.attn_q(h), shape.heads), cosines, sines)
        key = rotate(split(self.attn_k(h), shape.kv_heads), cosines, sines)
        value = split(self.attn_v(h), shape.kv_heads)
        repeat = shape.heads // shape.kv_heads
        mixed = functional.scaled_dot_product_attention(
            query,
            key.repeat_interleave(repeat, 1),
            value.repeat_interleave(repeat, 1),
            is_causal=True,
        )
        return self.attn_output(mixed.transpose(1, 2).reshape(rows, tokens, width))  # type: ignore[no-any-return]


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

    def _draw_weights(self) -> None:
        """Draw normal weights, then plant the copying heads.

        After the first block query equals key, so that heads start by looking at equal tokens.
        """
        nn.init.normal_(self.token_embd.weight, std=REST_SPREAD)
        for number, block in enumerate(self.blk):
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
        plant_copying_heads(self.token_embd.weight, self.blk, self.shape)

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
        for block in self.blk:
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
    for block in network.blk:
        for name in ADAPTED:
            adapter = LowRank(getattr(block, name), rank, alpha)
            setattr(block, name, adapter)
            adapters += [adapter.a, adapter.b]
    return adapters
