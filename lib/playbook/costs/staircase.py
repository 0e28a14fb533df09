"""Own servers come in steps: what so much volume costs, and where it gets cheaper than an API."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from playbook.costs.intervals import Interval, search_first, search_intervals, union
from playbook.uncertainty import Samples

MOST_STEPS = 200_000


@dataclass(frozen=True)
class Line:
    """Monthly cost that grows evenly with volume: an API, or a part of the operation."""

    fixed_usd: Samples
    """USD a month at no volume."""
    usd_per_daily_token: Samples
    """USD a month for each token a day."""
    besides_usd_per_daily_token: Samples | float = 0.0
    """The same for what does not follow the price of tokens: logs, filters, evaluation."""

    @property
    def slope(self) -> Samples:
        """Return USD a month for each token a day, all in."""
        return self.usd_per_daily_token + self.besides_usd_per_daily_token

    def usd(self, tokens_per_day: Samples) -> Samples:
        """Return USD a month at a volume."""
        return self.fixed_usd + self.slope * tokens_per_day

    def scenario(self, index: int) -> Line:
        """Return one scenario alone, as arrays of one element."""
        one, besides = slice(index, index + 1), self.besides_usd_per_daily_token
        return Line(
            self.fixed_usd[one],
            self.usd_per_daily_token[one],
            besides if isinstance(besides, float) else besides[one],
        )


@dataclass(frozen=True)
class Block:
    """The smallest number of GPUs sold together that holds whole replicas."""

    gpus: int
    """GPUs in it."""
    replicas: int
    """Replicas that it holds."""


def block_of(gpus_per_replica: int, gpus_per_instance: int) -> Block:
    """Return the block for replicas of some GPUs where GPUs are sold in instances.

    A replica lies within an instance if it fits one, else over whole instances.

    Example:
        >>> block_of(2, 8)
        Block(gpus=8, replicas=4)
        >>> block_of(4, 1)
        Block(gpus=4, replicas=1)
    """
    if gpus_per_replica <= gpus_per_instance:
        return Block(gpus=gpus_per_instance, replicas=gpus_per_instance // gpus_per_replica)
    instances = math.ceil(gpus_per_replica / gpus_per_instance)
    return Block(gpus=instances * gpus_per_instance, replicas=1)


@dataclass(frozen=True)
class ByHour:
    """The part of the machines that is switched with the load of each hour."""

    gpu_usd: Samples
    """USD a month for one GPU that is on in all paid hours."""
    levels: tuple[tuple[float, float], ...]
    """Load over that of the busiest hour, and the share of paid hours with it."""


@dataclass(frozen=True)
class Staircase:
    """Monthly cost of own servers, which jumps with each further block of GPUs."""

    fixed_usd: Samples
    """USD a month for staff, gateway, storage: at any volume."""
    gpu_usd: Samples
    """USD a month for one GPU that is kept, for the hours that are paid."""
    replicas_per_daily_token: Samples
    """Replicas at the peak for each token a day, not yet rounded up."""
    block: Block
    """What is bought together."""
    spare: int
    """Replicas beyond the peak's."""
    usd_per_daily_token: Samples | float = 0.0
    """USD a month for each token a day besides machines: egress, logs, filters."""
    least_replicas: int = 1
    """Replicas kept at any load, spare ones aside; 0 pays for none where there is no load."""
    by_hour: ByHour | None = None
    """Machines beside those kept, switched by the hour; None where there are none."""

    def replicas_for_peak(self, tokens_per_day: Samples) -> Samples:
        """Return whole replicas that the peak needs, never fewer than are kept."""
        needed = np.ceil(tokens_per_day * self.replicas_per_daily_token - 1e-9)
        return np.maximum(needed, self.least_replicas)

    def blocks(self, tokens_per_day: Samples) -> Samples:
        """Return blocks at the peak, spare replicas included; none for no replica at all."""
        replicas = self.replicas_for_peak(tokens_per_day)
        return np.ceil((replicas + self.spare * (replicas > 0)) / self.block.replicas)

    def mean_blocks_by_hour(self, tokens_per_day: Samples) -> Samples:
        """Return the mean over the paid hours of the blocks that each hour's load needs."""
        levels = self.by_hour.levels if self.by_hour else ((1.0, 1.0),)
        parts = [share * self.blocks(tokens_per_day * level) for level, share in levels]
        return sum(parts[1:], parts[0])

    def machines_usd(self, tokens_per_day: Samples) -> Samples:
        """Return USD a month for machines at a volume."""
        kept = self.block_usd * self.blocks(tokens_per_day)
        if self.by_hour is None:
            return kept
        switched = self.by_hour.gpu_usd * self.block.gpus
        return kept + switched * self.mean_blocks_by_hour(tokens_per_day)

    def usd(self, tokens_per_day: Samples) -> Samples:
        """Return USD a month at a volume, for all hours that are paid, busy or not."""
        other = self.fixed_usd + self.usd_per_daily_token * tokens_per_day
        return other + self.machines_usd(tokens_per_day)

    @property
    def block_usd(self) -> Samples:
        """Return USD a month for one block that is kept."""
        return self.gpu_usd * self.block.gpus

    def scenario(self, index: int) -> Staircase:
        """Return one scenario alone, as arrays of one element."""
        if index == 0 and len(self.fixed_usd) == 1:
            return self
        one = slice(index, index + 1)
        slope, switched = self.usd_per_daily_token, self.by_hour
        return replace(
            self,
            fixed_usd=self.fixed_usd[one],
            gpu_usd=self.gpu_usd[one],
            replicas_per_daily_token=self.replicas_per_daily_token[one],
            usd_per_daily_token=slope if isinstance(slope, float) else slope[one],
            by_hour=switched and replace(switched, gpu_usd=switched.gpu_usd[one]),
        )


def first_crossing(stairs: Staircase, line: Line, *, low: float, high: float) -> Samples:
    """Return the first volume in `low..high` at which the stairs are cheaper; NaN where none is.

    Solved step by step, in closed form. Block `m` serves volumes up to `(m*Q - s)/k` (Q replicas
    a block, s spare, k replicas per daily token) at the cost `F + e*v + c*m`. The API costs
    `A + b*v`; `g = b - e` is what each token saves. So within block m own servers are cheaper
    above `v_m = (F - A + c*m)/g`, if that lies before the block's end:
    `m*(g*Q - c*k) > (F - A)*k + g*s`. The first such m gives the crossing. Where
    the bracket is not positive each further block costs more than the API's tokens that
    it carries, and only the first block can do it; where g is not, no volume is ever large enough.

    Machines that follow the load of each hour take many small steps: there it is searched.
    """
    if stairs.by_hour is not None:
        begin, end = _bracket(stairs, line, stairs.by_hour, ends=(low, high))
        return search_first(lambda v: stairs.usd(v) - line.usd(v), low=begin, high=end)
    volume = np.full_like(stairs.fixed_usd, low)
    first_block = stairs.blocks(volume)
    saved = line.slope - stairs.usd_per_daily_token
    slope, needed = _block_gain(stairs, line)
    with np.errstate(divide="ignore", invalid="ignore"):
        solved = np.floor(needed / slope) + 1
        block = np.where(slope > 0, np.maximum(first_block, solved), first_block)
        extra = stairs.fixed_usd - line.fixed_usd + stairs.block_usd * block
        crossing = np.maximum(extra / saved, low)
    cheaper_at_once = stairs.usd(volume) < line.usd(volume)
    reached = (saved > 0) & (block * slope > needed) & (crossing <= high)
    return np.where(cheaper_at_once, low, np.where(reached, crossing, np.nan))


def cheaper_intervals(
    stairs: Staircase, line: Line, *, low: float, high: float
) -> tuple[Interval, ...]:
    """Return the volumes in `low..high` at which the stairs' likely scenario is cheaper.

    Intervals ascend; one ends where the next block is bought and the saving is lost.
    """
    one = stairs.scenario(0)
    if one.by_hour is not None:
        likely = line.scenario(0)
        return search_intervals(lambda v: one.usd(v) - likely.usd(v), low=low, high=high)
    saved = float((line.slope - stairs.usd_per_daily_token)[0])
    rate = float(one.replicas_per_daily_token[0])
    start = int(one.blocks(np.array([low]))[0])
    stop = min(int(one.blocks(np.array([high]))[0]), start + MOST_STEPS)
    block = np.arange(start, stop + 1)
    ends = np.minimum((block * one.block.replicas - one.spare) / rate, high)
    begins = np.concatenate([[low], ends[:-1]])
    extra = one.fixed_usd[0] - line.fixed_usd[0] + one.block_usd[0] * block
    if saved > 0:
        begins = np.maximum(begins, extra / saved)
    elif saved < 0:
        ends = np.minimum(ends, extra / saved)
    else:
        ends = np.where(extra < 0, ends, begins)
    found = [(float(b), float(e)) for b, e in zip(begins, ends, strict=True) if b < e]
    return union(found)


def _block_gain(stairs: Staircase, line: Line) -> tuple[Samples, Samples]:
    """Return gain of each further block, and what all blocks together must exceed."""
    saved = line.slope - stairs.usd_per_daily_token
    rate = stairs.replicas_per_daily_token
    slope = saved * stairs.block.replicas - stairs.block_usd * rate
    needed = (stairs.fixed_usd - line.fixed_usd) * rate + saved * stairs.spare
    return slope, needed


def _bracket(
    stairs: Staircase, line: Line, switched: ByHour, *, ends: tuple[float, float]
) -> tuple[Samples, Samples]:
    """Return volumes between which the first crossing lies where machines follow the load.

    Without rounding, spare and kept replicas the machines cost `c*k*v` a month, `c` being their
    mean price a replica over the levels of load; those add at most a fixed sum `D`. The crossing
    then lies between `(F - A)/(g - c*k)` and `(F + D - A)/(g - c*k)`. Where `g - c*k` is not
    positive the gap widens: own servers are cheaper below `(F - A)/(g - c*k)` or nowhere.
    """
    low, high = ends
    mean_level = sum(level * share for level, share in switched.levels)
    a_replica = stairs.block.gpus / stairs.block.replicas
    k, saved = stairs.replicas_per_daily_token, line.slope - stairs.usd_per_daily_token
    net = saved - (stairs.gpu_usd + switched.gpu_usd * mean_level) * a_replica * k
    more = (stairs.spare + stairs.least_replicas + 1 + stairs.block.replicas) * a_replica
    fixed = stairs.fixed_usd - line.fixed_usd
    with np.errstate(divide="ignore", invalid="ignore"):
        least, most = fixed / net, (fixed + more * (stairs.gpu_usd + switched.gpu_usd)) / net
    grows = net > 0
    nowhere = np.where(fixed < 0, np.where(net < 0, least, high), low / 2)
    begin = np.where(grows, np.clip(least, low, high), low)
    end = np.where(grows, np.clip(most, low, high), np.minimum(nowhere, high))
    return begin, end
