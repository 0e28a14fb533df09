"""Throughput with its interval: the time is cut into batches, whose rates differ as they may.

Source: A. Law, Simulation Modeling and Analysis, 5th ed. (2015), section 9.5.3 (batch means).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from playbook.trials.interval import Interval
from playbook.trials.load.in_flight import Call, Span, Stopwatch

MOST_BATCHES = 10
FEWEST_BATCHES = 3
CONFIDENCE = 0.95


def rate_interval(
    calls: Sequence[Call], amounts: Sequence[float], spans: Sequence[Span]
) -> Interval | None:
    """Return how much a second was done over some times, with the interval of batch means.

    What a call did is spread evenly over all of it. Batches are no shorter than a call takes on
    average, as far as three of them can be had.

    Args:
        calls: Start and end of each call.
        amounts: What each of them did: its tokens, or 1.
        spans: Times over which it is taken, in order and apart.

    Returns:
        The rate a second; None where the times have no length.
    """
    watch = Stopwatch(spans)
    if watch.seconds <= 0 or not calls:
        return None
    mean_s = math.fsum(one.end_s - one.start_s for one in calls) / len(calls)
    fit = int(watch.seconds / mean_s) if mean_s > 0 else MOST_BATCHES
    batches = max(FEWEST_BATCHES, min(MOST_BATCHES, fit))
    edges = [watch.seconds * number / batches for number in range(batches + 1)]
    rates = [
        _done(calls, amounts, watch, between=edge) / (watch.seconds / batches)
        for edge in pairwise(edges)
    ]
    mean = math.fsum(rates) / batches
    spread = math.sqrt(math.fsum((one - mean) ** 2 for one in rates) / (batches - 1))
    half = _t(batches - 1) * spread / math.sqrt(batches)
    note = "" if fit >= FEWEST_BATCHES else ", each shorter than a call"
    return Interval(
        value=mean,
        low=max(0.0, mean - half),
        high=mean + half,
        n=batches,
        method=f"batch means, {batches} batches (95%){note}",
    )


def _done(
    calls: Sequence[Call], amounts: Sequence[float], watch: Stopwatch, *, between: Span
) -> float:
    """Return what was done while the watch ran from one reading to another."""
    return math.fsum(
        amount
        * max(0.0, min(between[1], watch.at(call.end_s)) - max(between[0], watch.at(call.start_s)))
        / (call.end_s - call.start_s)
        for call, amount in zip(calls, amounts, strict=True)
        if call.end_s > call.start_s
    )


def _t(degrees: int) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415  slow import, only where one is made

    return float(stdtrit(degrees, (1 + CONFIDENCE) / 2))
