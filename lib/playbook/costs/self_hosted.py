"""Which servers an open model needs in a place, and what they cost a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playbook.catalog import Model
from playbook.costs.api import staff_usd_per_month
from playbook.costs.memory import can_be_sized
from playbook.costs.records import Deployment
from playbook.costs.scenarios import Scenarios
from playbook.costs.servers import Servers, servers_in
from playbook.costs.sizing import Sized, Sizer, why_not
from playbook.costs.staircase import Staircase, block_of
from playbook.costs.tokens import TokenFlow
from playbook.uncertainty import Samples, percentiles
from playbook.units import monthly_from_hourly_usd, tokens_per_second

LIKELY = slice(0, 1)
ALL = slice(None)


@dataclass(frozen=True, eq=False)
class Plan:
    """A model on servers of one kind, with its cost over volume; compared by identity."""

    sized: Sized
    """Model, GPUs, engine, memory, capacity."""
    servers: Servers
    """Where its GPUs come from."""
    stairs: Staircase
    """Its cost over volume."""

    @property
    def likely_output_tokens_per_second(self) -> float:
        """Return the likely output rate of one replica; 0 where it does not fit."""
        capacity = self.sized.capacity
        return float(capacity.output_tokens_per_second[0]) if capacity else 0.0


@dataclass(frozen=True)
class Unfit:
    """Why no deployment is possible."""

    because: str
    """Reason, with the nearest miss."""


class Planner:
    """Plans own servers for one profile; remembers what models and places share."""

    def __init__(self, scenarios: Scenarios, flow: TokenFlow) -> None:
        self.scenarios = scenarios
        self.flow = flow
        self._sizer = Sizer(scenarios, flow)
        self._servers: dict[str, tuple[Servers, ...]] = {}
        self.fixed = self._fixed()
        self._fixed_usd = sum(self.fixed.values(), np.zeros(1))
        self._usable = scenarios.assumption("usable_share_of_slo_capacity")

    def plans(self, model: Model, place: str) -> tuple[Plan, ...] | Unfit:
        """Return every possible plan for a model in a place, with likely figures only."""
        if not can_be_sized(model):
            return Unfit("size or architecture of the weights is not in the catalog")
        if place not in self._servers:
            self._servers[place] = servers_in(self.scenarios, place)
        if not self._servers[place]:
            return Unfit(f"the catalog has no GPU offer for {place}")
        ways = [
            (way, servers)
            for servers in self._servers[place]
            for way in self._sizer.ways(model, servers.gpu)
        ]
        possible = tuple(
            Plan(way, servers, self._stairs(way, servers, LIKELY))
            for way, servers in ways
            if way.possible
        )
        return possible or Unfit(why_not([way for way, _ in ways], flow=self.flow))

    def in_all_scenarios(self, plan: Plan) -> Plan:
        """Return a plan with its capacity and cost in every scenario."""
        sized = self._sizer.in_all_scenarios(plan.sized)
        return Plan(sized, plan.servers, self._stairs(sized, plan.servers, ALL))

    def _fixed(self) -> dict[str, Samples]:
        """Return USD a month that own servers cost at any volume, by component."""
        needed = self.scenarios.profile.infrastructure.fte_needed_self_hosted
        people = self.scenarios.answer(
            "infrastructure.fte_needed_self_hosted", needed, unit="full-time people"
        )
        return {
            "staff": staff_usd_per_month(people, self.scenarios),
            "gateway": self.scenarios.assumption("gateway_usd_per_month"),
            "storage_and_egress": self.scenarios.assumption("storage_and_egress_usd_per_month"),
        }

    def _stairs(self, sized: Sized, servers: Servers, part: slice) -> Staircase:
        """Return the cost over volume of a way to serve, on reserved hours."""
        rate = sized.capacity.output_tokens_per_second if sized.capacity else np.zeros(1)
        peak = tokens_per_second(self.flow.share_output * self.flow.peak_to_mean)
        return Staircase(
            fixed_usd=self._fixed_usd[part],
            gpu_usd=monthly_gpu_usd(servers)[part],
            replicas_per_daily_token=peak / (self._usable[part] * rate),
            block=block_of(sized.fit.gpus, servers.gpus_per_instance),
            spare=self.scenarios.profile.infrastructure.spare_replicas,
        )


def monthly_gpu_usd(servers: Servers) -> Samples:
    """Return USD a month of one GPU that is reserved all hours."""
    return servers.usd_per_gpu_hour * monthly_from_hourly_usd(1.0)


def cheapest_at(plans: Sequence[Plan], volumes: Samples) -> tuple[Plan, ...]:
    """Return for each volume the plan with the lowest likely cost, to the cent.

    Of equally dear plans it is the one with the fewest GPUs, then with the largest capacity.
    """
    ordered = sorted(
        plans, key=lambda plan: (plan.sized.fit.gpus, -plan.likely_output_tokens_per_second)
    )
    costs = np.stack([plan.stairs.scenario(0).usd(volumes) for plan in ordered])
    return tuple(ordered[index] for index in np.argmin(np.round(costs, 2), axis=0))


def deployment_of(plan: Plan, flow: TokenFlow, tokens_per_day: float) -> Deployment:
    """Return what a plan (in all scenarios) needs at the likely volume.

    Raises:
        ValueError: when the plan does not fit its GPUs.
    """
    sized, capacity = plan.sized, plan.sized.capacity
    if capacity is None:
        msg = f"{sized.replica.model.id} does not fit {sized.fit.gpus} x {sized.replica.gpu.id}"
        raise ValueError(msg)
    one = plan.stairs.scenario(0)
    volume = np.array([tokens_per_day])
    blocks = int(one.blocks(volume)[0])
    replicas = blocks * one.block.replicas
    rate = capacity.output_tokens_per_second
    mean_rate = tokens_per_second(tokens_per_day * flow.share_output)
    return Deployment(
        gpu=sized.replica.gpu.id,
        gpu_title=sized.replica.gpu.title,
        gpus_per_replica=sized.fit.gpus,
        engine=sized.replica.engine.id,
        precision=sized.replica.model.precision,
        memory_needed_gib=sized.fit.needed_gib(int(capacity.batch[0])),
        memory_available_gib=sized.fit.available_gib,
        batch=int(capacity.batch[0]),
        output_tokens_per_second_per_replica=percentiles(rate[1:]),
        total_tokens_per_second_per_replica=percentiles(rate[1:] / flow.share_output),
        capacity_provenance=sized.provenance,
        seconds_per_output_token=float(capacity.seconds_per_output_token[0]),
        first_token_s=float(capacity.first_token_s[0]),
        share_of_draws_within_latency_limits=float(capacity.meets_limits[1:].mean()),
        replicas_for_peak=int(one.replicas_for_peak(volume)[0]),
        replicas=replicas,
        gpus=blocks * one.block.gpus,
        usd_per_gpu_hour=float(plan.servers.usd_per_gpu_hour[0]),
        utilisation=mean_rate / (replicas * float(rate[0])),
        provider=plan.servers.provider,
        region=plan.servers.region,
    )
