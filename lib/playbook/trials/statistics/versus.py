"""Compare each pair of endpoints on the prompts that both were sent."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from playbook.trials.records import Comparison
from playbook.trials.statistics.mcnemar import mcnemar_p
from playbook.trials.statistics.paired import Pairs, holm, paired_difference, verdict

Marks = Mapping[str, tuple[float, str]]
"""By prompt: the share of its repeats that passed, and its group."""


def compare_endpoints(marks: Mapping[str, Marks], *, margin: float) -> tuple[Comparison, ...]:
    """Return one comparison for each pair of endpoints that have prompts in common.

    A prompt counts as passed where more than half of its repeats passed. p values are adjusted
    for the number of comparisons before a verdict is given; the record holds the plain one.

    Args:
        marks: Endpoint to its marks, in the order of the profile.
        margin: Difference in pass rate that still counts as equal.
    """
    tables = {
        (first, second): _pairs(marks[first], marks[second])
        for first, second in combinations(marks, 2)
    }
    tables = {pair: table for pair, table in tables.items() if table.first}
    p_values = {
        pair: mcnemar_p(table.only_first, table.only_second) for pair, table in tables.items()
    }
    adjusted = dict(zip(p_values, holm(list(p_values.values())), strict=True))
    return tuple(
        _comparison(pair, table, p_values[pair], adjusted_p=adjusted[pair], margin=margin)
        for pair, table in tables.items()
    )


def _pairs(first: Marks, second: Marks) -> Pairs:
    common = [name for name in first if name in second]
    return Pairs(
        first=[first[name][0] > 0.5 for name in common],  # noqa: PLR2004  more than half
        second=[second[name][0] > 0.5 for name in common],  # noqa: PLR2004  more than half
        clusters=[first[name][1] for name in common],
    )


def _comparison(
    pair: tuple[str, str], table: Pairs, p_value: float, *, adjusted_p: float, margin: float
) -> Comparison:
    difference = paired_difference(table)
    return Comparison(
        first=pair[0],
        second=pair[1],
        task="all",
        n=len(table.first),
        difference=difference,
        only_first_passed=table.only_first,
        only_second_passed=table.only_second,
        p_value=p_value,
        verdict=verdict(difference, adjusted_p, margin=margin),
    )
