"""Sample sizes: published ones, and the power that they promise."""

from __future__ import annotations

import numpy as np
import pytest

from playbook.trials.statistics.intervals import wilson
from playbook.trials.statistics.paired import Pairs, tango
from playbook.trials.statistics.power import (
    effective_pairs,
    pairs_needed,
    pairs_to_settle,
    power_of_pairs,
    prompts_needed,
)


@pytest.mark.parametrize(
    ("apart", "margin", "n"), [(0.1, 0.05, 247), (0.2, 0.05, 495), (0.2, 0.02, 3_091)]
)
def test_pairs_follow_the_discordant_share_over_the_margin_squared(
    apart: float, margin: float, n: int
) -> None:
    """(1.6449 + 0.8416)^2 d / m^2 at a one-sided 5% and a power of 80%: 6.1826 x 0.1 / 0.0025."""
    assert pairs_needed(apart, margin, one_sided=0.05, by_score=False) == n


def test_the_score_interval_asks_for_a_tenth_more() -> None:
    """At the margin 2 x 0.08446 - 0.0525 = 0.11642 apart: (1.96 x 0.3412 + 0.8416 x 0.3162)^2."""
    assert pairs_needed(0.1, 0.05) == 350
    assert pairs_needed(0.1, 0.05, by_score=False) == 314


def test_a_true_difference_towards_the_margin_costs_prompts() -> None:
    """(1.96 + 0.8416)^2 (0.1 - 0.0004) / 0.03^2 = 868.6."""
    assert pairs_needed(0.1, 0.05, difference=0.02, by_score=False) == 869
    assert pairs_needed(0.1, 0.05, difference=0.05) is None


def test_equivalence_and_likeness_within_groups_cost_prompts() -> None:
    """(1.96 + 1.2816)^2 x 0.1 / 0.0025 = 420.3; twice that at a design effect of 2."""
    assert pairs_needed(0.1, 0.05, equivalence=True, by_score=False) == 420
    assert pairs_needed(0.1, 0.05, equivalence=True, by_score=False, design_effect=2) == 841


def test_even_equal_answers_need_73_prompts_for_5_points() -> None:
    assert pairs_needed(0.0, 0.05) == 73
    assert tango(0, 0, 73)[1] < 0.05 < tango(0, 0, 72)[1]


@pytest.mark.parametrize(("apart", "margin", "gap"), [(0.1, 0.05, 0.0), (0.2, 0.1, -0.03)])
def test_the_advised_number_has_the_power_it_promises(
    apart: float, margin: float, gap: float
) -> None:
    n = pairs_needed(apart, margin, difference=gap)
    assert n is not None
    tables = np.random.default_rng(1).multinomial(
        n, [(apart + gap) / 2, (apart - gap) / 2, 1 - apart], size=2_000
    )

    shown = np.mean([tango(int(one[0]), int(one[1]), n)[0] > -margin for one in tables])

    assert power_of_pairs(n, apart, margin, difference=gap) == pytest.approx(0.8, abs=0.003)
    assert shown == pytest.approx(0.8, abs=0.03)


def test_power_is_sure_without_a_discordant_pair_and_the_error_at_the_margin() -> None:
    assert power_of_pairs(100, 0.0, 0.05) == 1
    assert power_of_pairs(100, 0.05, 0.05, difference=-0.05) == pytest.approx(0.025)


@pytest.mark.parametrize(("share", "half"), [(0.5, 0.05), (0.95, 0.02), (0.0, 0.03)])
def test_one_share_is_within_its_margin_at_the_advised_number_and_not_before(
    share: float, half: float
) -> None:
    n = prompts_needed(share, half)

    def width(size: int) -> float:
        low, high = wilson(share * size, size)
        return (high - low) / 2

    assert width(n) <= half < width(n - 1)
    assert prompts_needed(share, half, design_effect=2) == 2 * n


def outcomes(only_first: int, only_second: int, n: int) -> tuple[list[bool], list[bool]]:
    first = [True] * only_first + [False] * only_second + [True] * (n - only_first - only_second)
    second = [False] * only_first + [True] * (n - only_first)
    return first, second


def test_what_would_settle_a_comparison_follows_from_its_own_discordance() -> None:
    """(3.5 + 3.5) / 62 apart, no difference, both sides: as an advised number for 0.1129."""
    alone = Pairs(*outcomes(3, 3, 60), list(range(60)))

    assert pairs_to_settle(alone, margin=0.05) == pairs_needed(7 / 62, 0.05, equivalence=True)


def test_prompts_that_share_a_template_count_for_less() -> None:
    alone = Pairs(*outcomes(6, 6, 60), list(range(60)))
    grouped = Pairs(*outcomes(6, 6, 60), [place // 6 for place in range(60)])

    few, many = pairs_to_settle(alone, margin=0.05), pairs_to_settle(grouped, margin=0.05)

    assert effective_pairs(alone) == 60 > effective_pairs(grouped)
    assert few is not None
    assert many is not None
    assert many > 2 * few


def test_a_difference_at_the_margin_itself_is_not_settled_by_any_number() -> None:
    at_the_margin = Pairs(*outcomes(4, 0, 78), list(range(78)))

    assert pairs_to_settle(at_the_margin, margin=4 / 80) is None
