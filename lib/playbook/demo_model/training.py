"""Train a network on endless synthetic chats: Muon for the matrices, AdamW for the rest.

Only answer tokens count, each weighted by one over the square root of its answer's length, so that
one-word answers are not starved by long ones. A step reads one batch, sorted by length into
micro-batches to waste little padding.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from playbook.demo_model.data import Example, training_example
from playbook.demo_model.network import Network
from playbook.demo_model.templates import TaskName
from playbook.demo_model.tokenizer import Segment, encode_chats

_CHUNK_BATCHES = 16
_WARM_UP_STEPS = 50
_FLOOR = 0.02
_REPORT_EVERY = 100
_MOMENTUM = 0.95
_WEIGHT_DECAY = 0.01
_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
_NEWTON_SCHULZ_STEPS = 5


@dataclass(frozen=True)
class Plan:
    """What one training run reads and for how long."""

    steps: int
    seed: int
    mix: Mapping[TaskName, float]
    batch: int = 32
    micro_batches: int = 4
    adam_rate: float = 3e-3
    muon_rate: float | None = 0.005  # None: AdamW for all
    decay_share: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What one training run measured about itself."""

    steps: int
    wall_s: float
    tokens: int
    loss: float
    loss_by_task: Mapping[TaskName, float]


class Muon:
    """Momentum whose updates are made orthogonal; matrices of one shape are handled together."""

    def __init__(self, parameters: Sequence[nn.Parameter]) -> None:
        """Group the matrices by shape and start with no momentum."""
        self._groups: dict[tuple[int, ...], list[nn.Parameter]] = {}
        for parameter in parameters:
            self._groups.setdefault(tuple(parameter.shape), []).append(parameter)
        self._momenta = {
            shape: torch.zeros(len(group), *shape) for shape, group in self._groups.items()
        }

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move every matrix by one orthogonal update."""
        for shape, group in self._groups.items():
            gradient = torch.stack([p.grad for p in group if p.grad is not None])
            momentum = self._momenta[shape].lerp_(gradient, 1 - _MOMENTUM)
            stretch = max(1.0, shape[0] / shape[1]) ** 0.5
            updates = orthogonal(gradient.lerp(momentum, _MOMENTUM)) * stretch
            for parameter, update in zip(group, updates, strict=True):
                parameter.mul_(1 - rate * _WEIGHT_DECAY).add_(update, alpha=-rate)


def orthogonal(matrices: Tensor) -> Tensor:
    """Return the nearest orthogonal matrices, roughly, by Newton-Schulz steps on a stack."""
    a, b, c = _NEWTON_SCHULZ
    x = matrices / (matrices.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    for _ in range(_NEWTON_SCHULZ_STEPS):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    result: Tensor = x.mT if tall else x
    return result


def train(
    network: Network,
    parameters: Sequence[nn.Parameter],
    *,
    plan: Plan,
    tokenizer: Tokenizer,
    report: Callable[[str], None] = print,
) -> Outcome:
    """Train the given parameters in place.

    Args:
        network: The network.
        parameters: What to change: all its parameters, or its adapters.
        plan: Steps, seed, task mix and rates.
        tokenizer: The trained tokenizer.
        report: Receives one line now and then.

    Returns:
        Steps, wall seconds, tokens read (with padding) and smoothed losses (nats an answer token).
    """
    matrices, rest = _split_by_optimiser(network, parameters, muon=plan.muon_rate is not None)
    adam = torch.optim.AdamW(rest, lr=plan.adam_rate, betas=(0.9, 0.98), weight_decay=0.0)
    muon = Muon(matrices)
    losses = _Smoothed()
    start, tokens = time.monotonic(), 0
    for step, batch in zip(range(plan.steps), _batches(plan, tokenizer), strict=False):
        scale = _rate_scale(step, plan)
        network.zero_grad(set_to_none=True)
        for rows in _micro_batches(batch, plan.micro_batches):
            tokens += _accumulate(network, rows, plan.batch, losses)
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        for group in adam.param_groups:
            group["lr"] = plan.adam_rate * scale
        adam.step()
        muon.step((plan.muon_rate or 0.0) * scale)
        if (step + 1) % _REPORT_EVERY == 0:
            report(f"step {step + 1} {time.monotonic() - start:.0f}s tokens {tokens} {losses}")
    wall_s = time.monotonic() - start
    return Outcome(plan.steps, wall_s, tokens, losses.mean, dict(losses.by_task))


@dataclass(frozen=True)
class _Row:
    task: TaskName
    segments: Sequence[Segment]

    @property
    def length(self) -> int:
        return sum(len(segment.ids) for segment in self.segments)


class _Smoothed:
    """Exponential means of the loss per task, for the log only."""

    def __init__(self) -> None:
        self.by_task: dict[TaskName, float] = {}

    def add(self, task: TaskName, loss: float) -> None:
        self.by_task[task] = 0.99 * self.by_task.get(task, loss) + 0.01 * loss

    @property
    def mean(self) -> float:
        return sum(self.by_task.values()) / max(1, len(self.by_task))

    def __str__(self) -> str:
        return " ".join(f"{task} {loss:.3f}" for task, loss in sorted(self.by_task.items()))


def _split_by_optimiser(
    network: Network, parameters: Sequence[nn.Parameter], *, muon: bool
) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    embedding = network.token_embd.weight

    def is_matrix(parameter: nn.Parameter) -> bool:
        return muon and parameter.dim() > 1 and parameter is not embedding

    matrices = [parameter for parameter in parameters if is_matrix(parameter)]
    return matrices, [parameter for parameter in parameters if not is_matrix(parameter)]


def _rate_scale(step: int, plan: Plan) -> float:
    warm_up = min(1.0, (step + 1) / _WARM_UP_STEPS)
    decaying_steps = plan.steps * plan.decay_share
    left = (plan.steps - step) / decaying_steps if decaying_steps >= 1 else 1.0
    return warm_up * max(_FLOOR, min(1.0, left))


def _batches(plan: Plan, tokenizer: Tokenizer) -> Iterator[list[_Row]]:
    rng = random.Random(plan.seed)  # noqa: S311 (synthetic data, no secret)
    tasks, weights = list(plan.mix), list(plan.mix.values())
    while True:
        chosen = rng.choices(tasks, weights, k=plan.batch * _CHUNK_BATCHES)
        examples: list[Example] = [training_example(task, rng) for task in chosen]
        chats = encode_chats(tokenizer, examples)
        rows = [_Row(task, chat) for task, chat in zip(chosen, chats, strict=True)]
        for first in range(0, len(rows), plan.batch):
            yield rows[first : first + plan.batch]


def _micro_batches(batch: Sequence[_Row], count: int) -> Iterator[list[_Row]]:
    ordered = sorted(batch, key=lambda row: row.length)
    size = len(ordered) // count
    for first in range(0, len(ordered), size):
        yield ordered[first : first + size]


def _tensors(rows: Sequence[_Row]) -> tuple[Tensor, Tensor]:
    width = max(row.length for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    weights = torch.zeros(len(rows), width)
    for number, row in enumerate(rows):
        position = 0
        for segment in row.segments:
            end = position + len(segment.ids)
            ids[number, position:end] = torch.tensor(segment.ids)
            if segment.is_answer:
                weights[number, position:end] = len(segment.ids) ** -0.5
            position = end
    return ids, weights


def _accumulate(network: Network, rows: Sequence[_Row], batch: int, losses: _Smoothed) -> int:
    ids, weights = _tensors(rows)
    selected = weights[:, 1:] > 0
    logits = network(ids[:, :-1], selected)
    loss = functional.cross_entropy(logits, ids[:, 1:][selected], reduction="none")
    ((loss * weights[:, 1:][selected]).sum() / batch).backward()  # type: ignore[no-untyped-call]
    _record(loss.detach(), selected, rows, losses)
    return ids.numel()


def _record(loss: Tensor, selected: Tensor, rows: Sequence[_Row], losses: _Smoothed) -> None:
    counts = selected.sum(1).tolist()
    for row, part in zip(rows, torch.split(loss, counts), strict=True):
        losses.add(row.task, float(part.mean()))
