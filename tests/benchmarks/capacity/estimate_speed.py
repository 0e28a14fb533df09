"""CPU of capacity estimates: one by one and 100,000 at once, against a plain roofline in numpy.

The plain roofline does a small part of the work (no engine, no overheads, no interval); it tells
what the rest costs. One estimate starts from a deployment and ends with its rate and interval.
The 100,000 are the calibration points again and again at other lengths and concurrencies, their
arrays built before the clock starts on both sides.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle, islice

from playbook.catalog import load_catalog
from playbook.costs.capacity import Point, Setup, Setups, estimate_speeds
from tests.benchmarks.capacity.plain import columns, output_rates

MANY, ONES, ROUNDS = 100_000, 200, 5
OUTPUT = "total_output_tok_s"
Rounds = tuple[list[float], list[float]]


def measure_one(points: Sequence[Point]) -> Rounds:
    """Return CPU seconds of one estimate with its interval, ours and the plain one's."""
    fit = load_catalog().capacity_fit
    setups = [point.setup for point in points[:: max(1, len(points) // ONES)]]

    def ours() -> None:
        for setup in setups:
            estimate_speeds(Setups.of([setup]), fit).band(OUTPUT)

    def plain() -> None:
        for setup in setups:
            output_rates(columns([setup]))

    return _taking_turns(ours, plain, calls=len(setups))


def measure_many(points: Sequence[Point]) -> Rounds:
    """Return CPU seconds of 100,000 estimates with intervals, ours and the plain ones'."""
    fit = load_catalog().capacity_fit
    setups = [_varied(point.setup, number) for number, point in _numbered(points)]
    arrays, numbers = Setups.of(setups), columns(setups)

    def ours() -> None:
        estimate_speeds(arrays, fit).band(OUTPUT)

    return _taking_turns(ours, lambda: output_rates(numbers), calls=1)


def _numbered(points: Sequence[Point]) -> list[tuple[int, Point]]:
    return list(enumerate(islice(cycle(points), MANY)))


def _varied(setup: Setup, number: int) -> Setup:
    calls = None if setup.concurrency is None else 1 + number % 512
    return replace(setup, input_tokens=64.0 + number % 4000, concurrency=calls)


def _taking_turns(ours: Callable[[], None], plain: Callable[[], object], *, calls: int) -> Rounds:
    found: Rounds = ([], [])
    for number in range(ROUNDS + 1):
        for work, times in zip((ours, plain), found, strict=True):
            begun = time.process_time()
            work()
            if number:  # the first round fills caches
                times.append((time.process_time() - begun) / calls)
    return found
