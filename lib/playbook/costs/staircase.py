"""Own servers come in steps: what so much volume costs, and where it gets cheaper than an API."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from playbook.uncertainty import Samples

MOST_STEPS = 200_000
Interval = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """Monthly cost that grows evenly with volume: an API."""

    fixed_usd: Samples
    """USD a month at no volume."""
    usd_per_daily_token: Samples
    """USD a month for each token a day."""

    def usd(self, tokens_per_day: Samples) -> Samples:
        """Return USD a month at a volume."""
        return self.fixed_usd + self.usd_per_daily_token * tokens_per_day

    def scenario(self, index: int) -> Line:
        """Return one scenario alone, as arrays of one element."""
        one = slice(index, index + 1)
        return Line(self.fixed_usd[one], self.usd_per_daily_token[one])


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
class Staircase:
    """Monthly cost of own servers, which jumps with each further block of GPUs."""

    fixed_usd: Samples
    """USD a month for staff, gateway, storage: at any volume."""
    gpu_usd: Samples
    """USD a month for one GPU, all hours of the month."""
    replicas_per_daily_token: Samples
    """Replicas at the peak for each token a day, not yet rounded up."""
    block: Block
    """What is bought together."""
    spare: int
    """Replicas beyond the peak's."""

    def replicas_for_peak(self, tokens_per_day: Samples) -> Samples:
        """Return whole replicas that the peak needs, at least one."""
        needed = np.ceil(tokens_per_day * self.replicas_per_daily_token - 1e-9)
        return np.maximum(needed, 1.0)

    def blocks(self, tokens_per_day: Samples) -> Samples:
        """Return blocks paid for, spare replicas included."""
        replicas = self.replicas_for_peak(tokens_per_day) + self.spare
        return np.ceil(replicas / self.block.replicas)

    def usd(self, tokens_per_day: Samples) -> Samples:
        """Return USD a month at a volume; every hour is paid, busy or not."""
        return self.fixed_usd + self.block_usd * self.blocks(tokens_per_day)

    @property
    def block_usd(self) -> Samples:
        """Return USD a month for one block."""
        return self.gpu_usd * self.block.gpus

    def scenario(self, index: int) -> Staircase:
        """Return one scenario alone, as arrays of one element."""
        one = slice(index, index + 1)
        return Staircase(
            fixed_usd=self.fixed_usd[one],
            gpu_usd=self.gpu_usd[one],
            replicas_per_daily_token=self.replicas_per_daily_token[one],
            block=self.block,
            spare=self.spare,
        )


def first_crossing(stairs: Staircase, line: Line, *, low: float, high: float) -> Samples:
    """Return the first volume in `low..high` at which the stairs are cheaper; NaN where none is.

    Solved step by step, in closed form. Block `m` serves volumes up to `(m*Q - s)/k` (Q replicas
    a block, s spare, k replicas per daily token) at the cost `F + c*m`. The API costs `A + b*v`.
    So within block m own servers are cheaper above `v_m = (F - A + c*m)/b`, if that lies before
    the block's end: `m*(b*Q - c*k) > (F - A)*k + b*s`. The first such m gives the crossing. Where
    the bracket is not positive each further block costs more than the API's tokens that
    it carries, and only the first block can do it.
    """
    volume = np.full_like(stairs.fixed_usd, low)
    first_block = stairs.blocks(volume)
    slope, needed = _block_gain(stairs, line)
    with np.errstate(divide="ignore", invalid="ignore"):
        solved = np.floor(needed / slope) + 1
        block = np.where(slope > 0, np.maximum(first_block, solved), first_block)
        extra = stairs.fixed_usd - line.fixed_usd + stairs.block_usd * block
        crossing = np.maximum(extra / line.usd_per_daily_token, low)
    cheaper_at_once = stairs.usd(volume) < line.usd(volume)
    reached = (block * slope > needed) & (crossing <= high)
    return np.where(cheaper_at_once, low, np.where(reached, crossing, np.nan))


def cheaper_intervals(
    stairs: Staircase, line: Line, *, low: float, high: float
) -> tuple[Interval, ...]:
    """Return the volumes in `low..high` at which the stairs' likely scenario is cheaper.

    Intervals ascend; one ends where the next block is bought and the saving is lost.
    """
    one = stairs.scenario(0)
    fixed, per_token = float(line.fixed_usd[0]), float(line.usd_per_daily_token[0])
    rate = float(one.replicas_per_daily_token[0])
    start = int(one.blocks(np.array([low]))[0])
    stop = min(int(one.blocks(np.array([high]))[0]), start + MOST_STEPS)
    block = np.arange(start, stop + 1)
    ends = np.minimum((block * one.block.replicas - one.spare) / rate, high)
    begins = np.concatenate([[low], ends[:-1]])
    extra = one.fixed_usd[0] - fixed + one.gpu_usd[0] * one.block.gpus * block
    if per_token > 0:
        begins = np.maximum(begins, extra / per_token)
    else:
        ends = np.where(extra < 0, ends, begins)
    found = [(float(b), float(e)) for b, e in zip(begins, ends, strict=True) if b < e]
    return union(found)


def union(intervals: list[Interval]) -> tuple[Interval, ...]:
    """Return intervals joined where they touch or overlap, ascending.

    Example:
        >>> union([(5.0, 6.0), (1.0, 2.0), (2.0, 3.0)])
        ((1.0, 3.0), (5.0, 6.0))
    """
    joined: list[Interval] = []
    for begin, end in sorted(intervals):
        if joined and begin <= joined[-1][1] * (1 + 1e-12):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def _block_gain(stairs: Staircase, line: Line) -> tuple[Samples, Samples]:
    """Return gain of each further block, and what all blocks together must exceed."""
    per_token, rate = line.usd_per_daily_token, stairs.replicas_per_daily_token
    slope = per_token * stairs.block.replicas - stairs.block_usd * rate
    needed = (stairs.fixed_usd - line.fixed_usd) * rate + per_token * stairs.spare
    return slope, needed
