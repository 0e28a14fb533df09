"""Every way to put a model on GPUs: what fits, what meets the latency limits, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from playbook.catalog import Engine, Gpu, Model
from playbook.catalog.capacity_fit import CapacityFit
from playbook.catalog.schema import EngineClass
from playbook.costs.capacity import Setup, Setups, estimate_speeds
from playbook.costs.capacity.measured_speed import (
    NONE,
    Correction,
    correction_of,
    measurements_of,
)
from playbook.costs.capacity.serving import (
    Capacity,
    Curve,
    Limits,
    Replica,
    curve_of,
    least_factor,
    serve,
)
from playbook.costs.capacity.speeds import ONE_CALL, UNMEASURED
from playbook.costs.kept import Kept
from playbook.costs.memory import MemoryFit, fit_memory
from playbook.costs.scenarios import Scenarios
from playbook.costs.tokens import TokenFlow
from playbook.errors import CatalogError
from playbook.provenance import Provenance
from playbook.uncertainty import Samples

GPUS_PER_REPLICA = (1, 2, 4, 8)
"""Tensor-parallel sizes within one machine; more machines for one copy are not considered."""
LEAST_SHARE_WITHIN_LIMITS = 0.8
"""A deployment that misses the latency limits in more than a fifth of the draws is not planned."""
CHECKED_DRAWS = 200
AMPLE_MEMORY_GB = 1e6
"""Times are estimated as if memory were ample, so that it only decides how many calls fit."""
METAL_OR_CPU: dict[str, EngineClass] = {"apple": "llamacpp-metal", "cpu": "llamacpp-cpu"}
NO_CURVE = Curve(np.ones(1), np.ones(1), np.ones(1), 0.0, Provenance.ASSUMED, most=1)


@dataclass(frozen=True)
class Sized:
    """One way to serve a model: its memory, and its capacity if it fits."""

    replica: Replica
    """Model, GPUs, engine."""
    fit: MemoryFit
    """Its memory."""
    capacity: Capacity | None
    """What one replica gives; None where the model does not fit."""
    measured: int
    """Measurements that corrected the estimate."""
    share_within_limits: float
    """Share of draws in which a single call meets the limits; 0 where it likely does not."""
    curve: Curve = NO_CURVE
    """Its times over the batch, measurements included; of no meaning where it does not fit."""
    correction: Correction = NONE
    """What measurements say of it."""

    @property
    def possible(self) -> bool:
        """Return whether it fits, and meets the latency limits likely and in most draws."""
        if self.capacity is None:
            return False
        surely = self.share_within_limits >= LEAST_SHARE_WITHIN_LIMITS
        return surely and bool(self.capacity.meets_limits[0])

    @property
    def provenance(self) -> Provenance:
        """Return how its capacity was got; calibrated where measurements of it corrected it."""
        return Provenance.CALIBRATED if self.measured else self.curve.provenance

    @property
    def batches_measured(self) -> bool:
        """Return whether its engine was measured with several calls at once, here or by others."""
        kind = class_on(self.replica.engine, self.replica.gpu)
        return self.measured > 0 or kind not in (*ONE_CALL, *UNMEASURED)


SIZES: Kept[tuple[Sized, ...]] = Kept(most=256)
"""Of the last models, loads and seeds: most of what a form changes leaves them as they are."""


class Sizer:
    """Sizes deployments for one profile, each once; the GPU's place does not matter here."""

    def __init__(self, scenarios: Scenarios, flow: TokenFlow) -> None:
        self.scenarios = scenarios
        self.flow = flow
        self._likely: dict[tuple[str, str], tuple[Sized, ...]] = {}
        workload = scenarios.profile.workload
        self._limits = Limits(workload.first_token_p95_s, workload.output_tokens_per_second)
        self._normals: dict[str, Samples] = {}
        self._ample: dict[str, Gpu] = {}

    def ways(self, model: Model, gpu: Gpu) -> tuple[Sized, ...]:
        """Return all ways to serve a model on one kind of GPU, with likely capacities only."""
        self.size(model, [gpu])
        return self._likely[model.id, gpu.id]

    def in_all_scenarios(self, sized: Sized) -> Sized:
        """Return a way to serve with its capacity in every scenario."""
        return self._serve(sized, slice(None))

    def size(self, model: Model, gpus: Sequence[Gpu]) -> None:
        """Estimate all ways to serve a model on several kinds of GPU at once, or take those kept.

        One estimate of all is faster than one of each.
        """
        new = {gpu.id: gpu for gpu in gpus if (model.id, gpu.id) not in self._likely}
        if not new:
            return
        call = replace(self.flow, peak_to_mean=1.0)  # sizes rest on calls, not on their number
        names = (model.id, *new)
        rests_on = (names, call, self._limits, self.scenarios.seed, self.scenarios.draws)
        catalog = self.scenarios.catalog
        sized = SIZES.get(catalog, rests_on, lambda: self._ways(model, list(new.values())))
        self._note_inputs(sized)
        for gpu in new:
            mine = tuple(one for one in sized if one.replica.gpu.id == gpu)
            self._likely[model.id, gpu] = mine

    def _note_inputs(self, sized: Sequence[Sized]) -> None:
        """Put the inputs of some sizes into the table of those used, kept sizes too."""
        for one in sized:
            self.scenarios.assumption("costs.sequences_per_replica")
            if one.measured and one.fit.fits:
                self.scenarios.assumption("costs.measurement_shrinkage")
            if one.fit.fits and one.replica.engine.id not in self._normals:
                self._factor(one, slice(1))

    def _ways(self, model: Model, gpus: Sequence[Gpu]) -> tuple[Sized, ...]:
        fitted = [one for gpu in gpus for one in self._memory(model, gpu)]
        held = [one for one in fitted if one.fit.fits]
        curves = dict(zip(map(id, held), self._curves(held), strict=True))
        return tuple(
            self._likely_case(replace(one, curve=curves[id(one)])) if one.fit.fits else one
            for one in fitted
        )

    def _memory(self, model: Model, gpu: Gpu) -> Iterable[Sized]:
        most = int(self.scenarios.assumption("costs.sequences_per_replica")[0])
        for engine in self.scenarios.catalog.engines:
            if model.architecture is None or model.precision not in engine.precisions:
                continue
            for gpus in GPUS_PER_REPLICA:
                fit = fit_memory(model, gpu, engine, gpus=gpus, flow=self.flow, most_sequences=most)
                replica = Replica(model, model.architecture, gpu, engine, gpus)
                found = measurements_of(self.scenarios.catalog, replica)
                correction = NONE
                if found and fit.fits:
                    weight = float(self.scenarios.assumption("costs.measurement_shrinkage")[0])
                    correction = correction_of(
                        self._setup(replica, None), found, self._fit, shrinkage=weight
                    )
                yield Sized(
                    replica, fit, capacity=None, measured=correction.measurements,
                    share_within_limits=0.0, correction=correction,
                )  # fmt: skip

    def _setup(self, replica: Replica, concurrency: int | None) -> Setup:
        return Setup(
            model=replica.model,
            gpu=replica.gpu,
            gpus=replica.gpus,
            tensor_parallel=replica.gpus,
            engine_class=class_on(replica.engine, replica.gpu),
            input_tokens=self.flow.input_per_call,
            output_tokens=self.flow.output_per_call,
            concurrency=concurrency,
        )

    def _timed(self, replica: Replica, concurrency: int) -> Setup:
        gpu = replica.gpu
        if gpu.id not in self._ample:
            self._ample[gpu.id] = gpu.model_copy(update={"memory_gb": AMPLE_MEMORY_GB})
        return replace(self._setup(replica, concurrency), gpu=self._ample[gpu.id])

    def _curves(self, held: Sequence[Sized]) -> list[Curve]:
        """Return the curves of several deployments that fit, in one estimate."""
        tried = [batches(one.fit.batch) for one in held]
        curves: dict[int, Curve] = {}
        for overhead in sorted({one.correction.overhead for one in held}):
            places = [n for n, one in enumerate(held) if one.correction.overhead == overhead]
            setups = [self._timed(held[n].replica, b) for n in places for b in tried[n]]
            speeds = estimate_speeds(Setups.of(setups), self._fit, overhead=overhead)
            start = 0
            for n in places:
                end = start + len(tried[n])
                curves[n] = curve_of(speeds, np.arange(start, end), most=held[n].fit.batch)
                start = end
        return [curves[n] for n in range(len(held))]

    @property
    def _fit(self) -> CapacityFit:
        fit = self.scenarios.catalog.capacity_fit
        if fit is None:
            raise CatalogError("catalog", ["holds no parameters of the capacity model"])
        return fit

    def _likely_case(self, sized: Sized) -> Sized:
        if not np.isfinite(sized.curve.per_token_s).all():
            return sized
        served = self._serve(sized, slice(1))
        if served.capacity is None or not served.capacity.meets_limits[0]:
            return served
        factor = self._factor(sized, slice(CHECKED_DRAWS))
        share = float(np.mean(least_factor(sized.curve, self._limits) <= factor))
        return replace(served, share_within_limits=share)

    def _serve(self, sized: Sized, part: slice) -> Sized:
        capacity = serve(sized.curve, self._factor(sized, part), limits=self._limits)
        return replace(sized, capacity=capacity)

    def _factor(self, sized: Sized, part: slice) -> Samples:
        """Return true over estimated speed: one normal for an engine, so that ways share it."""
        name = sized.replica.engine.id
        if name not in self._normals:
            self._normals[name] = self.scenarios.residual(
                f"{name}.speed_true_over_estimated",
                log_sd=sized.curve.log_sd,
                source=self._fit.source,
            )
        spread = sized.curve.log_sd * sized.correction.spread
        return sized.correction.factor * np.exp(spread * self._normals[name][part])


@cache
def batches(most: int) -> tuple[int, ...]:
    """Return 1, 2, 4, ... up to the first that is not less than the most.

    Example:
        >>> batches(1), batches(100)
        ((1,), (1, 2, 4, 8, 16, 32, 64, 128))
    """
    return (1,) if most <= 1 else (*batches((most + 1) // 2), 2 * batches((most + 1) // 2)[-1])


def class_on(engine: Engine, gpu: Gpu) -> EngineClass:
    """Return the class of engine whose speeds are taken: llama.cpp's depends on the GPU's maker."""
    if engine.speed_class == "llamacpp-cuda" and gpu.generation in METAL_OR_CPU:
        return METAL_OR_CPU[gpu.generation]
    return engine.speed_class


def why_not(ways: Sequence[Sized], *, flow: TokenFlow) -> str:
    """Return why none of some ways to serve a model is possible, with the nearest miss."""
    if not ways:
        return "no engine in the catalog serves its weights' format"
    served = [way for way in ways if way.capacity is not None]
    if not served:
        roomiest = max(ways, key=lambda way: way.fit.available_gib - way.fit.overhead_gib)
        fit = roomiest.fit
        return (
            f"does not fit: weights and one call of {flow.longest_call:,} tokens need "
            f"{fit.needed_for_longest_gib:,.0f} GiB, "
            f"{fit.gpus} x {roomiest.replica.gpu.title} give {fit.available_gib:,.0f} GiB"
        )
    nearest = max(served, key=lambda way: (way.share_within_limits, -_first_token_s(way)))
    often = (
        f" in {1 - nearest.share_within_limits:.0%} of draws" if nearest.share_within_limits else ""
    )
    speed = 1 / _seconds_per_token(nearest)
    return (
        f"fits, but misses the latency limits{often}: "
        f"{nearest.fit.gpus} x {nearest.replica.gpu.title} likely gives its first token after "
        f"{_first_token_s(nearest):.2g} s and each call {speed:.2g} tokens/s"
    )


def _first_token_s(sized: Sized) -> float:
    return float(sized.capacity.first_token_s[0]) if sized.capacity else float("inf")


def _seconds_per_token(sized: Sized) -> float:
    return float(sized.capacity.seconds_per_output_token[0]) if sized.capacity else float("inf")
