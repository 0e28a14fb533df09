"""Compare each pair of endpoints on the prompts that both were sent, by several metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from playbook.trials.interval import Interval
from playbook.trials.records import Comparison, Metric
from playbook.trials.statistics.bootstrap import (
    Array,
    cluster_sums,
    ratio,
    ratio_interval,
    ratio_swap_p,
)
from playbook.trials.statistics.intervals import quantile
from playbook.trials.statistics.mcnemar import mcnemar_p
from playbook.trials.statistics.paired import Pairs, holm, paired_difference, verdict
from playbook.trials.statistics.power import pairs_to_settle

Marks = Mapping[str, tuple[float, str]]
"""By prompt: the share of its repeats that passed, or its latency, and its group."""
Spent = Mapping[str, tuple[float, float, str]]
"""By prompt: its money, how often it passed, and its group."""
FEWEST_PAIRS = 6
"""Fewer pairs can't show a difference at 5%, whichever way they all point: 2 / 2^5 = 6%."""


def compare_pass_rates(
    marks: Mapping[str, Marks], *, margin: float, task: str = "all"
) -> Iterator[Comparison]:
    """Yield one comparison for each pair of endpoints that have prompts in common.

    A prompt counts as passed where more than half of its repeats passed. Verdicts are given later,
    by `judged`, when all comparisons of a run are known.

    Args:
        marks: Endpoint to its marks, in the order of the profile.
        margin: Difference in pass rate that still counts as equal.
        task: Task that the marks are of.
    """
    for first, second in combinations(marks, 2):
        table = paired_marks(marks[first], marks[second])
        if table.first:
            yield Comparison(
                first=first,
                second=second,
                task=task,
                n=len(table.first),
                difference=paired_difference(table),
                only_first_passed=table.only_first,
                only_second_passed=table.only_second,
                p_value=mcnemar_p(table.only_first, table.only_second),
                verdict="inconclusive",
                margin=margin,
                needed=pairs_to_settle(table, margin=margin),
            )


def paired_marks(first: Marks, second: Marks) -> Pairs:
    """Return the outcomes of two endpoints on the prompts that both were sent."""
    common = [name for name in first if name in second]
    return Pairs(
        first=[first[name][0] > 0.5 for name in common],  # noqa: PLR2004  more than half
        second=[second[name][0] > 0.5 for name in common],  # noqa: PLR2004  more than half
        clusters=[first[name][1] for name in common],
    )


def compare_latencies(seconds: Mapping[str, Marks]) -> Iterator[Comparison]:
    """Yield a comparison of each pair of endpoints that were timed on the same prompts.

    The interval is that of the median difference by order statistics, the test the sign test.

    Args:
        seconds: Endpoint to its latency by prompt; all timed by the same client.
    """
    for first, second in combinations(seconds, 2):
        gaps = [
            seconds[first][name][0] - seconds[second][name][0]
            for name in seconds[first]
            if name in seconds[second]
        ]
        difference = quantile(gaps, 0.5)
        if difference is not None and len(gaps) >= FEWEST_PAIRS:
            yield _without_margin(
                (first, second), "latency", difference, gaps, p_value=_sign_p(gaps)
            )


def compare_costs(spent: Mapping[str, Spent], *, seed: int) -> Iterator[Comparison]:
    """Yield a comparison of each pair of endpoints whose calls have a price.

    Args:
        spent: Endpoint to money and passes by prompt.
        seed: For the resampling.
    """
    for first, second in combinations(spent, 2):
        names = [name for name in spent[first] if name in spent[second]]
        if len(names) < FEWEST_PAIRS:
            continue
        rows = [(*spent[first][name][:2], *spent[second][name][:2]) for name in names]
        sums = cluster_sums(
            list(zip(*rows, strict=True)), [spent[first][name][2] for name in names]
        )
        rng = np.random.default_rng(seed)
        difference = ratio_interval(sums, rng=rng, n=len(names), statistic=_gap_of_ratios)
        if difference is not None:
            gaps = [row[0] - row[2] for row in rows]
            p_value = ratio_swap_p(sums, _gap_of_ratios, rng=rng)
            yield _without_margin(
                (first, second), "cost per success", difference, gaps, p_value=p_value
            )


def judged(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Return comparisons with their verdicts, p values adjusted for how many there are.

    Args:
        comparisons: All that are made of one run: of pairs, tasks and metrics.
    """
    adjusted = holm([one.p_value for one in comparisons])
    return tuple(_judged(one, p_value) for one, p_value in zip(comparisons, adjusted, strict=True))


def _judged(one: Comparison, adjusted_p: float) -> Comparison:
    difference = one.difference if one.metric == "pass rate" else _turned(one.difference)
    says = verdict(difference, adjusted_p, margin=one.margin)
    open_still = says in {"inconclusive", "first not inferior", "second not inferior"}
    needed = one.needed if open_still else None
    return one.changed(adjusted_p=adjusted_p, verdict=says, needed=needed)


def _turned(interval: Interval) -> Interval:
    """Return an interval of which less is better as one of which more is."""
    return interval.changed(value=-interval.value, low=-interval.high, high=-interval.low)


def _without_margin(
    pair: tuple[str, str],
    metric: Metric,
    difference: Interval,
    gaps: Sequence[float],
    *,
    p_value: float,
) -> Comparison:
    return Comparison(
        first=pair[0],
        second=pair[1],
        task="all",
        n=len(gaps),
        difference=difference,
        only_first_passed=sum(gap < 0 for gap in gaps),
        only_second_passed=sum(gap > 0 for gap in gaps),
        p_value=p_value,
        verdict="inconclusive",
        metric=metric,
    )


def _sign_p(gaps: Sequence[float]) -> float:
    """Return the p value of the sign test, which is McNemar's of how often each was lower."""
    return mcnemar_p(sum(gap < 0 for gap in gaps), sum(gap > 0 for gap in gaps))


def _gap_of_ratios(sums: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return ratio(sums[..., :2]) - ratio(sums[..., 2:])
