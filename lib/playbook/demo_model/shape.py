"""Say how large the demonstration networks are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Sizes of one network; every width is a multiple of 32, which q8_0 needs."""

    width: int
    layers: int
    heads: int
    kv_heads: int
    feed_forward: int
    vocabulary: int = 1024
    context_tokens: int = 512
    rope_base: float = 10000.0
    norm_epsilon: float = 1e-5

    @property
    def head_width(self) -> int:
        """Return the width of one attention head."""
        return self.width // self.heads


BASE = Shape(width=128, layers=4, heads=4, kv_heads=2, feed_forward=352)
SMALL = Shape(width=64, layers=2, heads=2, kv_heads=1, feed_forward=160)
