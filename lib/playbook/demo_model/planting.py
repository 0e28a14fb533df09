"""Plant two copying heads in the first two blocks of a new network, so that it can copy untrained.

Copying a number out of a message, or a verdict out of a policy, needs two heads in a row: one that
looks a token back, and one that finds where the present token stood before. Small networks take
long to find this pair by training; here it is written into the initial weights, and training
shapes it further.

The residual stream starts in four parts of equal width: a constant and the token (two parts), the
token before, and the one before that.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from playbook.demo_model.blocks import Block
from playbook.demo_model.shape import Shape

TOKEN_SPREAD = 0.1
REST_SPREAD = 0.02

_CONSTANT = 4 * TOKEN_SPREAD
_FAST_PAIRS = 6
_SLOW_PAIRS = 12
_LOOK_GAIN = 1.7
_MATCH_GAIN = 1.8
_COMPARED = 12


def plant_copying_heads(embedding: Tensor, blocks: Sequence[Block], shape: Shape) -> None:
    """Overwrite two heads in each of the first two blocks, and scale the embedding for them.

    In the first block, head 0 looks one token back and head 1 two, by the phase of the rotary
    positions, and each writes what it sees into its part of the stream. In the second block both
    look for a token that followed the present one earlier (head 0 compares two tokens, head 1 one)
    and write it where the output layer reads it.

    Args:
        embedding: Token embedding drawn with the spread `REST_SPREAD`; changed in place.
        blocks: The network's blocks; changed in place.
        shape: The network's sizes.
    """
    with torch.no_grad():
        quarter, half = shape.width // 4, shape.width // 2
        embedding.mul_(TOKEN_SPREAD / REST_SPREAD)
        embedding[:, half:].mul_(REST_SPREAD / TOKEN_SPREAD)
        embedding[:, 0] = _CONSTANT
        token, before, second = (
            torch.arange(quarter) + first for first in (1, half, half + quarter)
        )
        _carry(blocks[0], shape, token, (before, second))
        _look_back(blocks[0], shape)
        _carry(blocks[1], shape, token, (token, token))
        _match(blocks[1], shape, token, (before, second))


def _carry(block: Block, shape: Shape, token: Tensor, targets: tuple[Tensor, Tensor]) -> None:
    """Let heads 0 and 1 carry the attended token's part into their targets."""
    width, lanes = shape.head_width, torch.arange(len(token))
    block.attn_v.weight[:width] = 0
    block.attn_v.weight[lanes, token] = 1.0
    for head, target in enumerate(targets):
        first = head * width
        block.attn_output.weight[:, first : first + width] = 0
        block.attn_output.weight[target, first + lanes] = TOKEN_SPREAD


def _look_back(block: Block, shape: Shape) -> None:
    """Let head 0 attend one token back and head 1 two: the fast rotary pairs agree only there."""
    width, pairs = shape.head_width, shape.head_width // 2
    fast = torch.arange(_FAST_PAIRS)
    angles = shape.rope_base ** (-fast / pairs)
    block.attn_k.weight[:width] = 0
    block.attn_k.weight[fast, 0] = _LOOK_GAIN
    block.attn_q.weight[: 2 * width] = 0
    for head in range(2):
        first, steps = head * width, head + 1
        block.attn_q.weight[first + fast, 0] = _LOOK_GAIN * torch.cos(steps * angles)
        block.attn_q.weight[first + pairs + fast, 0] = -_LOOK_GAIN * torch.sin(steps * angles)


def _match(block: Block, shape: Shape, token: Tensor, sources: tuple[Tensor, Tensor]) -> None:
    """Let both heads attend where the token before equals the present one."""
    width, pairs = shape.head_width, shape.head_width // 2
    slow = torch.arange(pairs - _SLOW_PAIRS, pairs)
    first, last = slow[: _SLOW_PAIRS // 2], slow[_SLOW_PAIRS // 2 :]
    one, two = torch.cat([first, first + pairs]), torch.cat([last, last + pairs])
    before, second = (source[:_COMPARED] for source in sources)
    present = token[:_COMPARED]
    block.attn_k.weight[:width] = 0
    block.attn_k.weight[one, before] = _MATCH_GAIN
    block.attn_k.weight[two, second] = _MATCH_GAIN
    block.attn_q.weight[: 2 * width] = 0
    block.attn_q.weight[one, present] = _MATCH_GAIN
    block.attn_q.weight[two, before] = _MATCH_GAIN
    block.attn_q.weight[width + one, present] = 2 * _MATCH_GAIN
