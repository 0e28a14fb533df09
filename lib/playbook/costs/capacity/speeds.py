"""Estimated speeds of deployments, each with its 80% interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from playbook.catalog.capacity_fit import CapacityFit
from playbook.costs.capacity.coefficients import VENDORS, Layout, numbers_of
from playbook.costs.capacity.corrections import Corrections, Spreads, corrections_of
from playbook.costs.capacity.setups import Names, Setups
from playbook.costs.capacity.steps import (
    Coefficients,
    Room,
    Steps,
    copies_of,
    room_of,
    steps_of,
    working_gpus,
)
from playbook.provenance import Provenance
from playbook.uncertainty import Samples

Metric = Literal["total_output_tok_s", "decode_tok_s", "prefill_tok_s", "ttft_ms"]
"""Output of all calls together; output of one call while it decodes; input read by prefill, all in
tokens a second; milliseconds to the first token."""
SPLITS = (1.0, 2.0, 4.0, 8.0)
MOST_TOKENS, MOST_BATCH = 40_000, 4_096  # beyond the longest calls and largest batches measured
UNMEASURED = ("llamacpp-cpu",)
ONE_CALL = ("llamacpp-cuda", "llamacpp-metal", "exllamav2")  # measured with a single call only
OVERHEADS = ("step_s", "layer_s", "call_s", "all_reduce_s")
NO_SIZE = "size or architecture of the weights is not known"
NO_ROOM = "weights and one call do not fit the memory of the GPUs"
NO_ENGINE = "TensorRT-LLM does not run on GPUs of this maker"
NO_SPLIT = "the model's heads do not divide evenly over so many GPUs"
Z80 = 1.2815515655446004  # a normal value is below it in 90% of cases


@dataclass(frozen=True)
class Band:
    """Estimates with their 80% interval, arrays of one length."""

    p10: Samples
    """One true value in ten is below."""
    p50: Samples
    """The estimate."""
    p90: Samples
    """One true value in ten is above."""
    log_sd: Samples
    """Standard deviation of log(true / estimate)."""


@dataclass(frozen=True)
class Speeds:
    """What deployments give, arrays of one length; where one does not fit, figures are nan."""

    fits: NDArray[np.bool_]
    """Whether the weights and one call fit and the deployment is supported."""
    reasons: tuple[str, ...]
    """Why not; empty where it fits."""
    provenance: tuple[Provenance, ...]
    """`computed` within the range of the measured points, else `assumed`."""
    tensor_parallel: NDArray[np.int64]
    """GPUs that share one copy."""
    batch: Samples
    """Calls decoded together on one copy, on the mean."""
    most_batch: Samples
    """Calls that fit memory and the engine's own limit on one copy."""
    output_tokens_per_second: Samples
    """Output tokens of all calls on all copies, steady state."""
    input_tokens_per_second: Samples
    """Input tokens read meanwhile."""
    decode_step_s: Samples
    """Time of one decode step, without prefill."""
    seconds_per_output_token: Samples
    """Time between two tokens of one call, others' prefill included."""
    prefill_tokens_per_second: Samples
    """Input tokens that one copy reads when it does nothing else."""
    first_token_s: Samples
    """Time to the first token of a call that does not wait."""
    log_sd: dict[Metric, Samples]
    """Standard deviation of log(true / estimate), by metric."""

    @property
    def total_tokens_per_second(self) -> Samples:
        """Return output plus input tokens; never compare it with an output rate."""
        return self.output_tokens_per_second + self.input_tokens_per_second

    def band(self, metric: Metric) -> Band:
        """Return the estimates of a metric in its unit, with their 80% interval."""
        values: dict[Metric, Samples] = {
            "total_output_tok_s": self.output_tokens_per_second,
            "decode_tok_s": 1 / self.decode_step_s,
            "prefill_tok_s": self.prefill_tokens_per_second,
            "ttft_ms": 1_000 * self.first_token_s,
        }
        middle, log_sd = values[metric], self.log_sd[metric]
        wide = np.exp(Z80 * log_sd)
        return Band(middle / wide, middle, middle * wide, log_sd)


@dataclass(frozen=True)
class FittedModel:
    """The capacity model ready for use: coefficients, corrections, spreads."""

    layout: Layout
    """What the numbers are."""
    numbers: Samples
    """Fitted numbers."""
    corrections: Corrections
    """Effects of groups."""
    spreads: Spreads
    """How far estimates were off."""

    @classmethod
    def of(cls, fit: CapacityFit) -> FittedModel:
        """Return the model of a fit."""
        return cls(*numbers_of(fit), *corrections_of(fit))


@lru_cache(maxsize=8)
def model_of(fit: CapacityFit) -> FittedModel:
    """Return the model of a fit; reading its tables takes some milliseconds, so it is kept."""
    return FittedModel.of(fit)


@dataclass(frozen=True)
class Physics:
    """What the steps say before any correction."""

    setups: Setups
    """Deployments, each with its split over GPUs."""
    room: Room
    """Memory."""
    steps: Steps
    """Times."""
    ragged: Samples
    """How many mean answers the longest of a burst goes on after the others."""

    @property
    def output_rate(self) -> Samples:
        """Return output tokens a second of all copies.

        A burst ends with its longest answer, which is written nearly alone.
        """
        rate = copies_of(self.setups) * self.room.batch / self.steps.per_token
        sent = self.setups.call["concurrency"]
        tail = np.where(self.setups.names["regime"] == "burst", self.ragged * self.steps.step, 0.0)
        return rate / (1 + tail * rate / sent)


def estimate_speeds(setups: Setups, fit: CapacityFit, *, overhead: float = 1.0) -> Speeds:
    """Return the speeds of deployments by a fitted model.

    Without a regime of its own a deployment is taken as serving: as many calls in flight as its
    `concurrency` says, or as fit. Lengths are means; calls of unequal length are a little slower.

    Args:
        setups: Deployments.
        fit: Fitted parameters, `Catalog.capacity_fit`.
        overhead: Factor on host times and on the latency of additions over GPUs, where
            measurements of the deployment say that they differ.
    """
    model = model_of(fit)
    coefficients = model.layout.design(setups).values(model.numbers)
    changed = {name: overhead * coefficients[name] for name in OVERHEADS}
    return _speeds(run_physics(setups, {**coefficients, **changed}), model)


def run_physics(setups: Setups, coefficients: Coefficients) -> Physics:
    """Return what the steps say; where no split is given, at the fastest one that fits."""
    split = setups.call["tensor_parallel"]
    free = np.flatnonzero(split == 0)
    if len(free):
        chosen = split.copy()
        some = {name: values[free] for name, values in coefficients.items()}
        chosen[free] = fastest_split(setups.take(free), some)
        setups = setups.split(chosen)
    return physics_of(setups, coefficients)


def fastest_split(setups: Setups, coefficients: Coefficients) -> Samples:
    """Return how many GPUs of each deployment should share a copy for the highest output rate."""
    best, rate = np.ones(len(setups)), np.full(len(setups), -1.0)
    for split in SPLITS:
        tried = np.minimum(split, setups.call["gpus"])
        found = physics_of(setups.split(tried), coefficients)
        speed = np.where(found.room.fits & splits_heads(found.setups), found.output_rate, 0.0)
        better = speed > rate
        best, rate = np.where(better, tried, best), np.where(better, speed, rate)
    return best


def physics_of(setups: Setups, coefficients: Coefficients) -> Physics:
    """Return what the steps say of deployments with a given split."""
    c = coefficients
    doublings = np.log2(setups.call["tensor_parallel"])
    odds = c["bandwidth_share"] / (1 - c["bandwidth_share"]) * np.exp(-c["split_loss"] * doublings)
    c = {**c, "bandwidth_share": odds / (1 + odds)}
    room = room_of(setups, c)
    return Physics(setups, room, steps_of(setups, c, room.batch), c["ragged"])


def _speeds(physics: Physics, model: FittedModel) -> Speeds:
    setups, room, steps = physics.setups, physics.room, physics.steps
    reasons = _reasons(physics)
    fits = np.array([not reason for reason in reasons], dtype=bool)
    blank = np.where(fits, 1.0, np.nan)
    factor = np.exp(model.corrections.log_speed(setups, room.batch)) * blank
    prompt = np.exp(model.corrections.log_speed(setups, room.batch, prompt=True)) * blank
    novelty = model.corrections.novelty(setups)
    output = physics.output_rate * factor
    return Speeds(
        fits=fits,
        reasons=reasons,
        provenance=_provenance(setups, room, novelty),
        tensor_parallel=setups.call["tensor_parallel"].astype(np.int64),
        batch=room.batch,
        most_batch=room.most,
        output_tokens_per_second=output,
        input_tokens_per_second=output * setups.call["input"] / setups.call["output"],
        decode_step_s=steps.step / factor,
        seconds_per_output_token=steps.per_token / factor,
        prefill_tokens_per_second=setups.call["input"] / steps.prompt * prompt,
        first_token_s=steps.prompt / prompt,
        log_sd={
            metric: model.spreads.log_sd(novelty, setups.names["class"], metric)
            for metric in get_args(Metric)
        },
    )


def _reasons(physics: Physics) -> tuple[str, ...]:
    setups = physics.setups
    known = setups.model["known"] > 0
    checks = (
        (known, NO_SIZE),
        (_runs(setups), NO_ENGINE),
        (splits_heads(setups), NO_SPLIT),
        (physics.room.fits, NO_ROOM),
    )
    words = np.full(len(setups), "", dtype=object)
    for holds, reason in reversed(checks):
        words[~holds] = reason
    return tuple(words.tolist())


def _runs(setups: Setups) -> NDArray[np.bool_]:
    """Return whether an engine runs on the maker's GPUs: TensorRT-LLM on those of NVIDIA only."""
    trt = np.array([one.startswith("trtllm") for one in setups.names["class"]], dtype=bool)
    makers = [VENDORS.get(chip, "nvidia") for chip in setups.names["generation"]]
    runs: NDArray[np.bool_] = ~trt | (np.array(makers) == "nvidia")
    return runs


def splits_heads(setups: Setups) -> NDArray[np.bool_]:
    """Return whether a model's heads divide evenly; not asked of shapes that are only inferred."""
    inferred = setups.names["family"] == "inferred"
    even: NDArray[np.bool_] = setups.model["heads"] % np.maximum(working_gpus(setups), 1) == 0
    whole: NDArray[np.bool_] = even | inferred
    return whole


def _provenance(setups: Setups, room: Room, novelty: Names) -> tuple[Provenance, ...]:
    """Return `assumed` outside what was measured.

    That is a new GPU or class, a latent cache, odd lengths, and several calls at once where only
    single ones were measured.
    """
    call, names = setups.call, setups.names
    far = (call["input"] > MOST_TOKENS) | (call["output"] > MOST_TOKENS) | (room.batch > MOST_BATCH)
    inferred = (names["family"] == "inferred") | (setups.model["latent"] > 0)
    new = np.isin(novelty, ("gpu", "both"))
    new_class = np.array([one in UNMEASURED for one in names["class"]], dtype=bool)
    alone = np.array([one in ONE_CALL for one in names["class"]], dtype=bool)
    assumed = far | inferred | new | new_class | (alone & (room.batch > 1))
    return tuple(Provenance.ASSUMED if one else Provenance.COMPUTED for one in assumed)
