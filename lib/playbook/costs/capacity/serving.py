"""What one replica gives within latency limits: the largest batch, by scenario.

Its times are estimated at some batches from one call to all that fit; between them, logarithms of
times follow straight lines over the logarithm of the batch. A scenario's factor makes all of them
faster or slower at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.catalog import Engine, Gpu, Model
from playbook.catalog.models import Architecture
from playbook.costs.capacity.speeds import Speeds
from playbook.provenance import Provenance
from playbook.uncertainty import Samples

Batches = NDArray[np.int64]
Meets = NDArray[np.bool_]
SLACK = 1e-6  # a batch that meets a limit exactly is not lost to rounding
RISING = 1e-9  # equal times rise by so little that a batch can be read off them


@dataclass(frozen=True)
class Replica:
    """One copy of a model on so many GPUs of one kind under one engine."""

    model: Model
    architecture: Architecture
    gpu: Gpu
    engine: Engine
    gpus: int

    @property
    def working_gpus(self) -> int:
        """Return GPUs that work at the same time on one step."""
        return self.gpus if self.engine.splits_work_over_gpus else 1


@dataclass(frozen=True)
class Limits:
    """What each call must be given."""

    first_token_s: float
    """Longest time to the first token."""
    output_tokens_per_second: float
    """Least output speed of one call."""


@dataclass(frozen=True)
class Curve:
    """Estimated times of one replica over the calls that it decodes together, fewest first."""

    batch: Samples
    """Calls decoded together."""
    per_token_s: Samples
    """Time between two tokens of a call, others' prefill included."""
    first_token_s: Samples
    """Time to the first token of a call that does not queue: its prefill and one step."""
    log_sd: float
    """Standard deviation of log(true / estimated speed)."""
    provenance: Provenance
    """How it was got."""
    most: int
    """Calls that fit memory; the curve may go on beyond them."""


@dataclass(frozen=True)
class Capacity:
    """What one replica gives at the largest batch within the limits, by scenario."""

    batch: Batches
    """Calls decoded together."""
    output_tokens_per_second: Samples
    """Output (not total) tokens a second of all calls together, in steady state."""
    seconds_per_output_token: Samples
    """Time between two tokens of one call, others' prefill included."""
    first_token_s: Samples
    """Time to the first token of a mean call that does not queue."""
    meets_limits: Meets
    """Whether both limits hold; where not, the figures are those of batch 1."""


def curve_of(speeds: Speeds, places: NDArray[np.int64], *, most: int) -> Curve:
    """Return the curve of one deployment, estimated at several numbers of calls in flight.

    Args:
        speeds: Estimates.
        places: Where the deployment stands among them, fewest calls first.
        most: Calls that fit memory.
    """
    step = speeds.decode_step_s[places]
    return Curve(
        batch=speeds.batch[places],
        per_token_s=np.maximum.accumulate(speeds.seconds_per_output_token[places]),
        first_token_s=np.maximum.accumulate(speeds.first_token_s[places] + step),
        log_sd=float(speeds.log_sd["total_output_tok_s"][places[-1]]),
        provenance=speeds.provenance[int(places[-1])],
        most=most,
    )


def serve(curve: Curve, factor: Samples, *, limits: Limits) -> Capacity:
    """Return what a replica gives at the largest batch that meets both latency limits.

    Calls arrive and leave continuously: while a call writes its tokens, the prompts of the others
    are read in between. Waiting in a queue is covered by the usable share of capacity, not here.

    Args:
        curve: Estimated times.
        factor: True over estimated speed, by scenario.
        limits: What each call must be given.
    """
    needed = _needed(curve, limits)
    meets = needed[0] <= factor
    largest = np.exp(np.interp(np.log(factor), np.log(needed), np.log(curve.batch)))
    whole = np.clip(np.floor(largest + SLACK), 1, curve.most)
    batch = np.where(meets, whole, 1).astype(np.int64)
    together = batch.astype(float)
    per_token = _between(together, curve.batch, curve.per_token_s) / factor
    return Capacity(
        batch=batch,
        output_tokens_per_second=together / per_token,
        seconds_per_output_token=per_token,
        first_token_s=_between(together, curve.batch, curve.first_token_s) / factor,
        meets_limits=meets,
    )


def least_factor(curve: Curve, limits: Limits) -> float:
    """Return how much faster than estimated a replica must be for one call to meet the limits."""
    return float(_needed(curve, limits)[0])


def _needed(curve: Curve, limits: Limits) -> Samples:
    """Return how much faster than estimated a replica must be to meet the limits at each batch."""
    needed = np.maximum(
        curve.per_token_s * limits.output_tokens_per_second,
        curve.first_token_s / max(limits.first_token_s, SLACK),
    )
    rising: Samples = np.maximum.accumulate(needed * (1 + RISING * np.arange(len(needed))))
    return rising


def _between(batch: Samples, batches: Samples, times: Samples) -> Samples:
    return np.exp(np.interp(np.log(batch), np.log(batches), np.log(times)))
