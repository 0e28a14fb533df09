"""The seven criteria: anchors that the profile fixes, and weights over those swings.

No anchor depends on the options that happen to be compared, so removing or adding an option can
never reverse the order of two others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from playbook.decision.records import AnchorUsed
from playbook.decision.situation import Situation
from playbook.errors import ParamsError
from playbook.landscape.rules import FEWEST_MONTHS_LEFT
from playbook.profile.profile import Profile
from playbook.uncertainty import Samples
from playbook.units import token_cost_usd, tokens_per_month

CRITERIA = (
    "cost", "quality", "latency", "infrastructure", "residency", "time_to_production", "lifecycle",
)  # fmt: skip
MONTHS_PER_YEAR = 12
BEST_COST_SHARE = 0.1
BEST_LATENCY_SHARE = 0.5
WORST_FTE_SHORT = 1.0
BEST_WEEKS = 2.0
BEST_MONTHS_LEFT = 18.0


@dataclass(frozen=True)
class Anchor:
    """Two ends of a natural scale: value 0 at `worst`, 1 at `best`, linear between."""

    worst: float
    best: float
    unit: str
    because: str
    falls_below_zero: bool = False

    def value(self, natural: Samples) -> Samples:
        """Return values of natural figures, at most 1, and at least 0 unless it may fall below.

        Example:
            >>> Anchor(100.0, 10.0, "USD", "").value(np.array([10.0, 55.0, 500.0]))
            array([1. , 0.5, 0. ])
        """
        span = self.best - self.worst
        if abs(span) < np.finfo(float).tiny:
            return np.where(natural >= self.best, 1.0, 0.0)
        value = (natural - self.worst) / span + 0.0  # 0.0 turns a negative zero positive
        return np.clip(value, -np.inf if self.falls_below_zero else 0, 1)


def anchors_of(situation: Situation) -> dict[str, Anchor]:
    """Return the anchors of all criteria, from the profile and the catalogue's assumptions."""
    profile = situation.profile
    trials, speed = profile.trials, profile.workload.first_token_p95_s
    deadline = profile.infrastructure.deadline_weeks
    ceiling, why = cost_ceiling(situation)
    return {
        # Linear below zero: twice the ceiling must not equal the ceiling.
        "cost": Anchor(ceiling, BEST_COST_SHARE * ceiling, "USD a month", why, True),
        "quality": Anchor(
            trials.minimum_pass_rate, max(trials.target_pass_rate, trials.minimum_pass_rate),
            "pass rate", "trials.minimum_pass_rate to trials.target_pass_rate",
        ),
        "latency": Anchor(
            speed, BEST_LATENCY_SHARE * speed, "s to first token, p95",
            "workload.first_token_p95_s to half of it",
        ),
        "infrastructure": Anchor(
            WORST_FTE_SHORT, 0.0, "FTE short", "one person short of infrastructure.staff_free_fte"
        ),
        "residency": Anchor(
            1.0, 0.0, "share of tokens resting on contract terms only", "all tokens to none"
        ),
        "time_to_production": Anchor(
            deadline, min(BEST_WEEKS, deadline / 2), "weeks", "infrastructure.deadline_weeks"
        ),
        "lifecycle": Anchor(
            FEWEST_MONTHS_LEFT, BEST_MONTHS_LEFT, "months to an announced retirement", "fixed"
        ),
    }  # fmt: skip


def cost_ceiling(situation: Situation) -> tuple[float, str]:
    """Return the worst acceptable cost in USD a month, and where it comes from.

    It is the stated ceiling, else the budget, else the likely volume at a reference price plus the
    most staff that own servers take.
    """
    profile = situation.profile
    stated = {
        "weights.cost_ceiling_usd_per_month": profile.weights.cost_ceiling_usd_per_month,
        "team.budget_usd_per_month": profile.team.budget_usd_per_month,
    }
    for field, amount in stated.items():
        if amount:
            return amount, f"{field} to a tenth of it"
    price = situation.catalog.assumption("decision.reference_usd_per_million_tokens")
    tokens = tokens_per_month(profile.workload.tokens_per_day.likely)
    people = profile.infrastructure
    staff = people.fte_needed_self_hosted.high * people.staff_usd_per_year / MONTHS_PER_YEAR
    amount = token_cost_usd(tokens, price.value.likely) + staff
    why = f"no ceiling stated: likely volume at ${price.value.likely:g} per million plus staff"
    return max(amount, 1.0), f"{why} ({price.source.cite()})"


def weights_of(profile: Profile) -> dict[str, float]:
    """Return the weight of each criterion as a share of all, so that they add up to 1.

    Raises:
        ParamsError: when every weight is 0.
    """
    given = {name: float(getattr(profile.weights, name)) for name in CRITERIA}
    total = sum(given.values())
    if total <= 0:
        raise ParamsError("weights", ["all weights are 0; give at least one criterion a weight"])
    return {name: weight / total for name, weight in given.items()}


def usd_per_value(anchors: Mapping[str, Anchor], weights: Mapping[str, float]) -> float | None:
    """Return USD a month that one point of weighted value is worth, None if cost has no weight."""
    anchor = anchors["cost"]
    return (anchor.worst - anchor.best) / weights["cost"] if weights["cost"] > 0 else None


def anchors_used(
    anchors: Mapping[str, Anchor], weights: Mapping[str, float]
) -> tuple[AnchorUsed, ...]:
    """Return the anchors and weights as records."""
    return tuple(
        AnchorUsed(
            criterion=name, weight=weights[name], worst=anchors[name].worst,
            best=anchors[name].best, unit=anchors[name].unit, because=anchors[name].because,
        )
        for name in CRITERIA
    )  # fmt: skip
