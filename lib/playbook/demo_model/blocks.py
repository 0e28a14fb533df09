# mypy: disable-error-code="misc, unused-ignore"
# Without torch, which is not in the lock, mypy takes its classes for Any.
"""The parts of the network: norm, low-rank update, and a Llama block, in plain torch."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from playbook.demo_model.shape import Shape


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
