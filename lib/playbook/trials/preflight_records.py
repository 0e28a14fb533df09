"""A run before it begins: what it asks, costs and takes, as records."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from playbook.records import Record


class Leg(Record):
    """What one phase of a run asks of one endpoint."""

    phase: str
    """Name of the phase."""
    endpoint: str
    """Endpoint id."""
    queue: str
    """What it waits for: endpoints of one queue are asked one after another."""
    calls: int
    """Trials that are left to ask."""
    recorded: int
    """Trials that have their result: they cost nothing."""
    refused: int
    """Trials that the clearance or the scan keeps back."""
    input_tokens: tuple[int, int]
    """Tokens sent, low and high."""
    output_tokens: tuple[int, int]
    """Tokens answered, low and high."""
    usd: tuple[float, float] | None
    """Money, low and high; None where no price is known."""
    minutes: tuple[float, float]
    """Time at rpm, tpm and the calls in flight, low and high."""


class RunPlan(Record):
    """A run before it begins."""

    team: str
    """Team name; empty outside any team."""
    legs: tuple[Leg, ...]
    """By phase, then endpoint."""
    prompts: int
    """Prompts of the trials that two endpoints can be compared on."""
    prompts_needed: int | None
    """Prompts that the margin needs; None where nothing is compared."""
    margin: float
    """Difference in pass rate that counts as equal."""
    money_left_usd: float
    """What the cap leaves: the run never costs more."""
    unpriced: tuple[str, ...]
    """Endpoints that may cost money and have no price; the run leaves them out."""

    @property
    def calls(self) -> int:
        """Return the trials that are left to ask."""
        return sum(one.calls for one in self.legs)

    @property
    def usd(self) -> tuple[float, float]:
        """Return the money that the run costs, low and high; never above the cap."""
        priced = [one.usd for one in self.legs if one.usd is not None]
        low, high = (math.fsum(one[end] for one in priced) for end in (0, 1))
        return min(low, self.money_left_usd), min(high, self.money_left_usd)

    @property
    def minutes(self) -> tuple[float, float]:
        """Return the time that it takes, low and high: phases one after another."""
        return self._minutes(0), self._minutes(1)

    def _minutes(self, end: int) -> float:
        queues: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for one in self.legs:
            queues[one.phase][one.queue] += one.minutes[end]
        return math.fsum(max(of_phase.values()) for of_phase in queues.values())

    def lines(self) -> Iterator[str]:
        """Yield the plan in words, a line each; without calls to make, that alone."""
        recorded = sum(one.recorded for one in self.legs)
        refused = sum(one.refused for one in self.legs)
        head = f"{self.calls:,} calls to make, {recorded:,} recorded before, {refused:,} kept back"
        yield f"{self.team}: {head}" if self.team else head
        yield from (_words(one) for one in self.legs if one.calls)
        if self.calls:
            priced = any(one.usd is not None for one in self.legs if one.calls)
            money = _money(self.usd) if priced else "no price"
            yield f"together: {money}, {_minutes(self.minutes)}"
        if self.unpriced:
            fix = "set input_usd_per_million_tokens and output_usd_per_million_tokens"
            yield f"no price, so not asked: {', '.join(self.unpriced)}; {fix}, or operator: self"
        if self.prompts_needed is not None and self.calls:
            short = "enough" if self.prompts >= self.prompts_needed else "may be inconclusive"
            yield (
                f"{self.prompts:,} scored prompts; a margin of {self.margin:g} needs about "
                f"{self.prompts_needed:,}: {short}"
            )


def _words(leg: Leg) -> str:
    sent = f"{_count(leg.input_tokens)} tokens in, {_count(leg.output_tokens)} out"
    money = _money(leg.usd) if leg.usd is not None else "no price"
    what = f"{leg.phase}, {leg.endpoint}: {leg.calls:,} calls"
    return f"  {what}, {sent}, {money}, {_minutes(leg.minutes)}"


def _count(ends: tuple[int, int]) -> str:
    return f"{ends[0]:,} to {ends[1]:,}"


def _money(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.2f} to {ends[1]:.2f} USD"


def _minutes(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.1f} to {ends[1]:.1f} minutes"
