"""Every way to put a model on GPUs: what fits, what meets the latency limits, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from playbook.catalog import Engine, Gpu, Model
from playbook.costs.calibration import calibrated, measurements_of
from playbook.costs.capacity.roofline import Capacity, Limits, Replica, Speed, serve
from playbook.costs.memory import MemoryFit, fit_memory
from playbook.costs.scenarios import Scenarios
from playbook.costs.tokens import TokenFlow

GPUS_PER_REPLICA = (1, 2, 4, 8)
"""Tensor-parallel sizes within one machine; more machines for one copy are not considered."""
LEAST_SHARE_WITHIN_LIMITS = 0.8
"""A deployment that misses the latency limits in more than a fifth of the draws is not planned."""
CHECKED_DRAWS = 200
MS_PER_S = 1e3
US_PER_S = 1e6
BYTES_PER_GB = 1e9


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

    @property
    def possible(self) -> bool:
        """Return whether it fits, and meets the latency limits likely and in most draws."""
        if self.capacity is None:
            return False
        surely = self.share_within_limits >= LEAST_SHARE_WITHIN_LIMITS
        return surely and bool(self.capacity.meets_limits[0])


class Sizer:
    """Sizes deployments for one profile, each once; the GPU's place does not matter here."""

    def __init__(self, scenarios: Scenarios, flow: TokenFlow) -> None:
        self.scenarios = scenarios
        self.flow = flow
        self._speeds: dict[str, Speed] = {}
        self._fewer: dict[str, tuple[Speed, Speed]] = {}
        self._likely: dict[tuple[str, str], tuple[Sized, ...]] = {}

    def ways(self, model: Model, gpu: Gpu) -> tuple[Sized, ...]:
        """Return all ways to serve a model on one kind of GPU, with likely capacities only."""
        key = (model.id, gpu.id)
        if key not in self._likely:
            self._likely[key] = tuple(self._sized(model, gpu))
        return self._likely[key]

    def in_all_scenarios(self, sized: Sized) -> Sized:
        """Return a way to serve with its capacity in every scenario."""
        return self._serve(sized, self._speed(sized.replica.engine))

    def _sized(self, model: Model, gpu: Gpu) -> Iterator[Sized]:
        most = int(self.scenarios.assumption("costs.sequences_per_replica")[0])
        for engine in self.scenarios.catalog.engines:
            if model.architecture is None or model.precision not in engine.precisions:
                continue
            for gpus in GPUS_PER_REPLICA:
                fit = fit_memory(model, gpu, engine, gpus=gpus, flow=self.flow, most_sequences=most)
                replica = Replica(model, model.architecture, gpu, engine, gpus)
                sized = Sized(replica, fit, capacity=None, measured=0, share_within_limits=0.0)
                yield self._likely_case(sized, engine) if fit.fits else sized

    def _likely_case(self, sized: Sized, engine: Engine) -> Sized:
        likely, some = self._fewer_speeds(engine)
        served = self._serve(sized, likely)
        if served.capacity is None or not served.capacity.meets_limits[0]:
            return served
        alone = self._serve(replace(sized, fit=replace(sized.fit, batch=1)), some)
        share = float(alone.capacity.meets_limits.mean()) if alone.capacity else 0.0
        return replace(served, share_within_limits=share)

    def _fewer_speeds(self, engine: Engine) -> tuple[Speed, Speed]:
        """Return an engine's likely speed alone, and its first scenarios for a quick check."""
        if engine.id not in self._fewer:
            speed = self._speed(engine)
            self._fewer[engine.id] = (speed.first(1), speed.first(CHECKED_DRAWS))
        return self._fewer[engine.id]

    def _serve(self, sized: Sized, speed: Speed) -> Sized:
        found = measurements_of(self.scenarios.catalog, sized.replica)
        workload = self.scenarios.profile.workload
        capacity = serve(
            sized.replica,
            sized.fit,
            self.flow,
            calibrated(speed, sized.replica, self.flow, found),
            limits=Limits(workload.first_token_p95_s, workload.output_tokens_per_second),
        )
        return replace(sized, capacity=capacity, measured=len(found))

    def _speed(self, engine: Engine) -> Speed:
        if engine.id in self._speeds:
            return self._speeds[engine.id]
        of, source = self.scenarios.fact, engine.source
        step_ms = of(
            f"{engine.id}.step_overhead_ms", engine.step_overhead_ms, unit="ms", source=source
        )
        latency_us = self.scenarios.assumption("costs.all_reduce_us")
        self._speeds[engine.id] = Speed(
            bandwidth_use=of(
                f"{engine.id}.memory_bandwidth_use",
                engine.memory_bandwidth_use,
                unit="share of peak",
                source=source,
            ),
            compute_use=of(
                f"{engine.id}.compute_use", engine.compute_use, unit="share of peak", source=source
            ),
            step_overhead_s=step_ms / MS_PER_S,
            all_reduce_s=latency_us / US_PER_S,
            pcie_bytes_per_s=self.scenarios.assumption("costs.pcie_gb_per_s") * BYTES_PER_GB,
            factor=self.scenarios.assumption("costs.speed_measured_over_estimated"),
        )
        return self._speeds[engine.id]


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
