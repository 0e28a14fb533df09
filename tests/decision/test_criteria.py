"""Anchors come from the profile and from no option; weights add up to 1."""

from __future__ import annotations

import numpy as np
import pytest

from playbook.decision.criteria import Anchor, anchors_of, cost_ceiling, usd_per_value, weights_of
from playbook.errors import ParamsError
from tests.decision.builders import HOSTED, Spec, a_profile, a_situation

NO_BUDGET = {"budget_usd_per_month": None}


def test_values_are_linear_between_the_anchors_and_at_most_one() -> None:
    anchor = Anchor(worst=0.8, best=0.95, unit="pass rate", because="")

    values = anchor.value(np.array([0.5, 0.8, 0.86, 0.95, 1.0]))

    assert values == pytest.approx([0, 0, 0.4, 1, 1])


def test_cost_stays_linear_below_zero() -> None:
    """Ceiling 10,000 and best 1,000: 19,000 is as far below as 1,000 is above."""
    anchor = anchors_of(a_situation(Spec("alpha")))["cost"]

    assert anchor.value(np.array([1_000.0, 10_000.0, 19_000.0])) == pytest.approx([1, 0, -1])


def test_equal_anchors_are_a_step_and_not_a_division_by_zero() -> None:
    anchor = Anchor(worst=0.9, best=0.9, unit="", because="")

    assert list(anchor.value(np.array([0.89, 0.9, 0.91]))) == [0, 1, 1]


def test_a_stated_ceiling_wins_over_the_budget() -> None:
    profile = a_profile(
        team={"budget_usd_per_month": 9_000}, weights={"cost_ceiling_usd_per_month": 4_000}
    )

    amount, why = cost_ceiling(a_situation(Spec("alpha"), profile=profile))

    assert amount == 4_000
    assert why.startswith("weights.cost_ceiling_usd_per_month")


def test_without_a_ceiling_the_anchor_is_volume_at_the_reference_price_plus_staff() -> None:
    """Worked by hand: 2M tokens/day x 30.4375 days x $10/M = 608.75; 1 FTE x 120,000 / 12 = 10,000.

    Source: catalogue assumption decision.reference_usd_per_million_tokens.
    """
    profile = a_profile(
        team=NO_BUDGET,
        workload={"tokens_per_day": 2e6},
        infrastructure={
            "places": ("own",), "staff_usd_per_year": 120_000,
            "fte_needed_self_hosted": {"low": 0.2, "likely": 0.5, "high": 1.0},
        },
    )  # fmt: skip

    amount, why = cost_ceiling(a_situation(Spec("alpha"), profile=profile))

    assert amount == pytest.approx(10_608.75)
    assert "no ceiling stated" in why


def test_no_anchor_depends_on_the_options_present() -> None:
    profile = a_profile(team=NO_BUDGET)
    few = a_situation(Spec("alpha", usd=10), profile=profile)
    many = a_situation(
        Spec("alpha", usd=10), Spec("omega", usd=1e6), Spec("beta", HOSTED, "h"), profile=profile
    )

    assert anchors_of(few) == anchors_of(many)


def test_weights_are_shares_of_all() -> None:
    weights = weights_of(a_profile())

    assert sum(weights.values()) == pytest.approx(1)
    assert weights["cost"] == pytest.approx(0.3)


def test_all_weights_zero_is_named_as_a_problem_of_the_params() -> None:
    names = list(weights_of(a_profile()))

    with pytest.raises(ParamsError, match="all weights are 0"):
        weights_of(a_profile(weights=dict.fromkeys(names, 0)))


def test_a_point_of_value_is_worth_the_cost_swing_over_its_weight() -> None:
    """(10,000 - 1,000) / 0.3 = 30,000."""
    anchors, weights = anchors_of(a_situation(Spec("alpha"))), weights_of(a_profile())

    assert usd_per_value(anchors, weights) == pytest.approx(30_000)
    assert usd_per_value(anchors, {**weights, "cost": 0}) is None
