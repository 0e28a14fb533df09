"""Which servers an open model needs in a place, and what they cost a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from playbook.catalog import Model
from playbook.costs.load import load_of
from playbook.costs.memory import can_be_sized
from playbook.costs.operation import operation_usd_per_month, storage_and_egress
from playbook.costs.purchase import PaidHours, all_hours, paid_hours
from playbook.costs.records import Deployment
from playbook.costs.scenarios import Scenarios
from playbook.costs.servers import Found, Servers, servers_in
from playbook.costs.sizing import Sized, Sizer, why_not
from playbook.costs.staff import Staffing, own_staff
from playbook.costs.staircase import ByHour, Line, Staircase, block_of
from playbook.costs.tokens import TokenFlow
from playbook.uncertainty import Samples, percentiles
from playbook.units import HOURS_PER_MONTH, monthly_from_hourly_usd, tokens_per_second
from playbook.vocabulary import Lane

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
    hours: PaidHours
    """For which hours its machines are paid."""
    staffing: Staffing
    """People needed and people short."""
    running: Mapping[str, Line] = field(default_factory=dict)
    """Everything but the machines, by component."""

    def parts(self, tokens_per_day: Samples) -> dict[str, Samples]:
        """Return USD a month by component at a volume; they add up to the staircase."""
        others = {name: line.usd(tokens_per_day) for name, line in self.running.items()}
        return {"machines": self.stairs.machines_usd(tokens_per_day), **others}

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
        self._servers: dict[tuple[str, bool], Found] = {}
        self._usable = scenarios.assumption("usable_share_of_slo_capacity")
        self._rented_hours = paid_hours(scenarios, load_of(scenarios.profile.workload))
        self._bought_hours = all_hours(scenarios)
        self.staffing = own_staff(scenarios)
        self.running = self._running()
        self._fixed_usd = sum((one.fixed_usd for one in self.running.values()), scenarios.zeros())
        self._slope = sum(
            (one.usd_per_daily_token for one in self.running.values()), scenarios.zeros()
        )

    def servers(self, place: str, *, barred: bool = False) -> Found:
        """Return the servers of a place, or those that the team's rules on regions leave out."""
        if (place, barred) not in self._servers:
            self._servers[place, barred] = servers_in(self.scenarios, place, barred=barred)
        return self._servers[place, barred]

    def plans(self, model: Model, place: str, *, barred: bool = False) -> tuple[Plan, ...] | Unfit:
        """Return every possible plan for a model in a place, with likely figures only.

        Engines of which nobody measured several calls at once count where no other is left: of many
        plans the cheapest is taken, so that one guess too high would win over measured ones.
        """
        if not can_be_sized(model):
            return Unfit("size or architecture of the weights is not in the catalog")
        found = self.servers(place, barred=barred)
        if not found.servers:
            return Unfit(found.because)
        named = self.scenarios.profile.infrastructure.gpus
        if named and not any(one.gpu.id in named for one in found.servers):
            return Unfit(f"{place} has none of the GPUs named in infrastructure.gpus")
        self._sizer.size(model, [servers.gpu for servers in found.servers])
        ways = [
            (way, servers)
            for servers in found.servers
            if named is None or servers.gpu.id in named
            for way in self._sizer.ways(model, servers.gpu)
        ]
        possible = tuple(self._plan(way, servers, LIKELY) for way, servers in ways if way.possible)
        surer = tuple(one for one in possible if one.sized.batches_measured)
        return surer or possible or Unfit(why_not([way for way, _ in ways], flow=self.flow))

    def in_all_scenarios(self, plan: Plan) -> Plan:
        """Return a plan with its capacity and cost in every scenario."""
        sized = self._sizer.in_all_scenarios(plan.sized)
        return self._plan(sized, plan.servers, ALL)

    def ways_like(self, plan: Plan) -> tuple[Sized, ...]:
        """Return all ways to serve a plan's model on its kind of GPU."""
        return self._sizer.ways(plan.sized.replica.model, plan.sized.replica.gpu)

    def _running(self) -> dict[str, Line]:
        """Return what own servers cost besides machines, by component over volume."""
        of = self.scenarios
        people = {"staff": self.staffing.staff_usd, "on_call": self.staffing.on_call_usd}
        return {
            **{name: Line(usd, np.zeros_like(usd)) for name, usd in people.items()},
            **operation_usd_per_month(of, Lane.SELF_HOSTED),
            "storage_and_egress": storage_and_egress(of, share_output=self.flow.share_output),
        }

    def _plan(self, sized: Sized, servers: Servers, part: slice) -> Plan:
        hours = self._bought_hours if servers.owned else self._rented_hours
        stairs = self._stairs(sized, servers, hours, part=part)
        return Plan(sized, servers, stairs, hours, self.staffing, self.running)

    def _stairs(
        self, sized: Sized, servers: Servers, hours: PaidHours, *, part: slice
    ) -> Staircase:
        """Return the cost over volume of a way to serve, for the hours that are paid."""
        rate = sized.capacity.output_tokens_per_second if sized.capacity else np.zeros(1)
        peak = tokens_per_second(self.flow.share_output * self.flow.peak_to_mean)
        month = monthly_from_hourly_usd(1.0)
        kept = servers.kept_usd_per_gpu_hour[part] * month
        switched = (servers.usd_per_gpu_hour[part] * month - kept) * hours.share[part]
        asked = self.scenarios.profile.infrastructure
        return Staircase(
            fixed_usd=self._fixed_usd[part],
            gpu_usd=kept if hours.levels else kept + switched,
            replicas_per_daily_token=peak / (self._usable[part] * rate),
            block=block_of(sized.fit.gpus, servers.gpus_per_instance),
            spare=asked.spare_replicas,
            usd_per_daily_token=self._slope[part],
            least_replicas=asked.min_replicas,
            by_hour=ByHour(switched, hours.levels) if hours.levels else None,
        )


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
    needed = Deployment(
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
        utilisation=_utilisation(plan, flow, volume),
        provider=plan.servers.provider,
        region=plan.servers.region,
    )
    return _with_terms(needed, plan, volume)


def _with_terms(needed: Deployment, plan: Plan, tokens_per_day: Samples) -> Deployment:
    """Return a deployment with what its machines are paid for, and who runs them."""
    return needed.changed(
        list_usd_per_gpu_hour=plan.servers.list_usd_per_gpu_hour,
        purchase=plan.servers.purchase,
        hours_paid=plan.hours.words,
        gpu_hours_paid_per_month=_paid_gpu_hours(plan, tokens_per_day),
        cold_start=plan.hours.cold_start if plan.servers.likely_share_kept < 1 else "",
        people_needed=float(plan.staffing.people_needed[0]),
        people_in_rota=int(plan.staffing.rota_people[0]),
        people_short=float(plan.staffing.people_short[0]),
        staffing=plan.staffing.words,
    )


def _paid_gpu_hours(plan: Plan, tokens_per_day: Samples) -> float:
    """Return GPU-hours paid a month at a volume, likely: kept ones, and those switched."""
    one, kept = plan.stairs.scenario(0), plan.servers.likely_share_kept
    always = kept * float(one.blocks(tokens_per_day)[0])
    switched = (1 - kept) * float(one.mean_blocks_by_hour(tokens_per_day)[0])
    blocks = always + switched * float(plan.hours.share[0])
    return blocks * one.block.gpus * HOURS_PER_MONTH


def _utilisation(plan: Plan, flow: TokenFlow, tokens_per_day: Samples) -> float:
    """Return the share of the paid GPU-hours that a volume would take at full load, likely."""
    paid = _paid_gpu_hours(plan, tokens_per_day)
    rate = tokens_per_second(float(tokens_per_day[0]) * flow.share_output)
    replicas = rate / plan.likely_output_tokens_per_second
    return replicas * plan.sized.fit.gpus * HOURS_PER_MONTH / paid if paid > 0 else 0.0
