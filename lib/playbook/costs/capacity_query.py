"""What a model gives on so many GPUs of a kind: the question, and the answer as a record."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from playbook.catalog.capacity_fit import CapacityFit
from playbook.costs.capacity import Setup, Setups, Speeds, estimate_speeds
from playbook.costs.capacity.speeds import NO_ROOM, model_of, run_physics
from playbook.provenance import Provenance
from playbook.records import Record
from playbook.units import GiB, Positive, Seconds, TokensPerSecond, gib_from_bytes

GPU_COUNTS = (1, 2, 4, 8)
MOST_TRIED = 60
LEAST_RATE = 1e-9


class Interval(Record):
    """An estimate and its 80% interval."""

    p10: float
    """One true value in ten is below."""
    p50: float
    """The estimate."""
    p90: float
    """One true value in ten is above."""


class GpuAnswer(Record):
    """What one model gives on one number of GPUs."""

    gpus: Positive
    """GPUs that share one copy."""
    fits: bool
    """Whether the weights and the longest call fit."""
    reason: str = ""
    """Why there is no figure, or which limit is missed; empty where all is well."""
    provenance: Provenance | None = None
    """`computed` within the range of the measured points, `assumed` outside."""
    weights_gib: GiB
    """Weights of one copy."""
    cache_room_gib: GiB
    """Memory of all its GPUs that is left for caches; 0 where the weights fill them."""
    call_cache_gib: GiB
    """Cache of a mean call over all its GPUs."""
    largest_batch: int | None = None
    """Calls that fit memory and the engine's own limit."""
    concurrency: int | None = None
    """Calls in flight for which the speeds hold: those asked for, or the most within the limits;
    more than `largest_batch` wait for their turn, which the times do not count."""
    first_token_s: Seconds | None = None
    """Time to the first token of a call that does not wait."""
    seconds_per_output_token: Seconds | None = None
    """Time between two tokens of one call, others' prompts included."""
    output_tokens_per_second: Interval | None = None
    """Output tokens of all calls, steady state."""
    input_tokens_per_second: TokensPerSecond | None = None
    """Input tokens of all calls that are read meanwhile."""
    total_tokens_per_second: TokensPerSecond | None = None
    """Input and output tokens together; never an output rate."""
    meets_limits: bool | None = None
    """Whether the limits hold; None where none were given."""


class CapacityAnswer(Record):
    """What a model gives on one kind of GPU, by the number of GPUs."""

    model: str
    """Model."""
    gpu: str
    """GPU."""
    engine_class: str
    """Engine and release for which the parameters hold."""
    weight_format: str
    """Format of the weights."""
    cache_format: str
    """Format of the KV cache."""
    input_tokens: float
    """Mean input tokens of a call."""
    output_tokens: float
    """Mean output tokens of a call."""
    rests_on: str
    """What the estimates rest on."""
    answers: tuple[GpuAnswer, ...]
    """One for each number of GPUs."""


@dataclass(frozen=True)
class Limits:
    """Latency that each call must be given."""

    first_token_s: float = math.inf
    """Longest time to the first token, seconds."""
    output_tokens_per_second_per_call: float = 0.0
    """Least output speed of one call."""

    @property
    def given(self) -> bool:
        """Return whether any limit is set."""
        return math.isfinite(self.first_token_s) or self.output_tokens_per_second_per_call > 0

    def hold(self, speeds: Speeds) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return for which deployments both limits hold."""
        slowest = 1 / max(self.output_tokens_per_second_per_call, LEAST_RATE)
        held: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
            speeds.fits
            & (speeds.first_token_s <= self.first_token_s)
            & (speeds.seconds_per_output_token <= slowest)
        )
        return held

    def missed(self, speeds: Speeds, index: int) -> str:
        """Return in words which limits a deployment misses, with its figure beside the limit."""
        first, rate = speeds.first_token_s[index], 1 / speeds.seconds_per_output_token[index]
        said = []
        if first > self.first_token_s:
            said.append(f"first token after {first:.2g} s, asked {self.first_token_s:g} s")
        if rate < self.output_tokens_per_second_per_call:
            asked = self.output_tokens_per_second_per_call
            said.append(f"{rate:.3g} output tokens/s for a call, asked {asked:g}")
        return "; ".join(said)


@dataclass(frozen=True)
class Question:
    """A deployment of which the number of GPUs may be open."""

    setup: Setup
    """The deployment on one GPU; its number of GPUs is replaced."""
    gpu_counts: tuple[int, ...] = GPU_COUNTS
    """Numbers of GPUs to answer for."""
    limits: Limits = Limits()
    """Latency limits; then the largest concurrency within them is found."""


def answer(question: Question, fit: CapacityFit, *, rests_on: str) -> CapacityAnswer:
    """Return what each number of GPUs gives.

    With limits, the speeds are those at the largest number of calls in flight that meets them;
    without, those at the asked concurrency, or at as many calls as fit.

    Args:
        question: Model, GPU, engine, lengths, limits.
        fit: Fitted parameters of the capacity model.
        rests_on: What the estimates rest on, in words.
    """
    setups = [_split(question.setup, count) for count in question.gpu_counts]
    most = estimate_speeds(Setups.of(setups), fit)
    memory = _memory(setups, fit)
    one = question.setup
    return CapacityAnswer(
        model=one.model.id,
        gpu=one.gpu.id,
        engine_class=one.engine_class,
        weight_format=one.weight_format or one.model.precision,
        cache_format=one.cache_format,
        input_tokens=one.input_tokens,
        output_tokens=one.output_tokens,
        rests_on=rests_on,
        answers=tuple(
            _within(setup, question.limits, fit, memory[index], most=int(most.most_batch[index]))
            if question.limits.given and most.fits[index]
            else _told(setup, most, index, memory[index])
            for index, setup in enumerate(setups)
        ),
    )


def _split(setup: Setup, gpus: int) -> Setup:
    return replace(setup, gpus=gpus, tensor_parallel=gpus)


def _memory(setups: Sequence[Setup], fit: CapacityFit) -> list[dict[str, float]]:
    """Return the memory of one copy of each deployment, GiB."""
    model, every = model_of(fit), Setups.of(setups)
    room = run_physics(every, model.layout.design(every).values(model.numbers)).room
    return [
        {
            "weights_gib": gib_from_bytes(float(room.weights[index])),
            "cache_room_gib": gib_from_bytes(max(0.0, float(room.room[index]))),
            "call_cache_gib": gib_from_bytes(float(room.call[index])),
        }
        for index in range(len(setups))
    ]


def _within(
    setup: Setup, limits: Limits, fit: CapacityFit, memory: dict[str, float], *, most: int
) -> GpuAnswer:
    """Return the speeds at the most calls in flight that meet the limits, or at one call."""
    tried = _concurrencies(most)
    speeds = estimate_speeds(
        Setups.of([replace(setup, concurrency=calls, regime="concurrent") for calls in tried]), fit
    )
    held = limits.hold(speeds)
    best = int(np.flatnonzero(held)[-1]) if held.any() else 0
    found = _told(replace(setup, concurrency=tried[best]), speeds, best, memory)
    if held.any():
        return found.changed(meets_limits=True, largest_batch=most)
    why = f"misses the latency limits with a single call: {limits.missed(speeds, best)}"
    return found.changed(meets_limits=False, largest_batch=most, reason=why)


def _concurrencies(most: int) -> Sequence[int]:
    """Return numbers of calls from 1 to the most, evenly spread in their logarithm."""
    spread = np.geomspace(1, max(1, most), MOST_TRIED)
    return sorted({round(calls) for calls in spread.tolist()})


def _told(setup: Setup, speeds: Speeds, index: int, memory: dict[str, float]) -> GpuAnswer:
    """Return one deployment's figures as a record."""
    if not speeds.fits[index]:
        why = speeds.reasons[index]
        if why == NO_ROOM:
            why += (
                f": weights {memory['weights_gib']:.0f} GiB, "
                f"{memory['cache_room_gib']:.1f} GiB left for caches"
            )
        return GpuAnswer(gpus=setup.gpus, fits=False, reason=why, **memory)
    band = speeds.band("total_output_tok_s")
    low, middle, high = (float(part[index]) for part in (band.p10, band.p50, band.p90))
    return GpuAnswer(
        gpus=setup.gpus,
        fits=True,
        provenance=speeds.provenance[index],
        **memory,
        largest_batch=int(speeds.most_batch[index]),
        concurrency=setup.concurrency or int(speeds.batch[index]),
        first_token_s=float(speeds.first_token_s[index]),
        seconds_per_output_token=float(speeds.seconds_per_output_token[index]),
        output_tokens_per_second=Interval(p10=low, p50=middle, p90=high),
        input_tokens_per_second=float(speeds.input_tokens_per_second[index]),
        total_tokens_per_second=float(speeds.total_tokens_per_second[index]),
    )
