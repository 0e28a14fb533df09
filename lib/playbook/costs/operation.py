"""The operation around a model: the same parts, in the same words, for every lane."""

from __future__ import annotations

import numpy as np

from playbook.costs.scenarios import Scenarios
from playbook.costs.staircase import Line
from playbook.uncertainty import Samples
from playbook.units import DAYS_PER_MONTH
from playbook.vocabulary import Lane

WEEKS_PER_YEAR = 365.25 / 7
BYTES_PER_GB = 1e9
TOKENS_PER_MILLION = 1e6
MIGRATION = {True: "operation.migration_weeks_self_hosted", False: "operation.migration_weeks_api"}
EXIT = {True: "operation.exit_weeks_self_hosted", False: "operation.exit_weeks_api"}


def operation_usd_per_month(scenarios: Scenarios, lane: Lane) -> dict[str, Line]:
    """Return what a lane costs besides models or machines and staff, by component over volume.

    Gateway with rate limits, logging, content filtering, evaluation with hallucination checks, and
    the one-off work of migration and exit spread over the months of a first contract. All lanes
    have the same components; only the one-off work differs, for an API is changed sooner.

    Args:
        scenarios: Profile, facts and draws.
        lane: The lane.

    Returns:
        Component to its line: fixed USD a month, and USD a month for each token a day.
    """
    per_million = scenarios.assumption
    return {
        "gateway": _line(scenarios.assumption("gateway_usd_per_month")),
        "logging": _line(
            scenarios.assumption("operation.logging_usd_per_month"),
            per_million("operation.logging_usd_per_million_tokens"),
        ),
        "content_filtering": _line(
            scenarios.zeros(),
            per_million("operation.content_filtering_usd_per_million_tokens"),
        ),
        "evaluation": _line(
            scenarios.assumption("operation.evaluation_usd_per_month"),
            per_million("operation.evaluation_usd_per_million_tokens"),
        ),
        "migration_and_exit": _line(_one_off_usd_per_month(scenarios, lane)),
    }


def storage_and_egress(scenarios: Scenarios, *, share_output: float) -> Line:
    """Return what own servers cost for weights and logs kept, and for the bytes that leave.

    Args:
        scenarios: Profile, facts and draws.
        share_output: Share of all tokens that is written, and so leaves.
    """
    gb_per_million = scenarios.assumption("servers.egress_bytes_per_output_token")
    gb_per_million = gb_per_million * TOKENS_PER_MILLION * share_output / BYTES_PER_GB
    return _line(
        scenarios.assumption("servers.storage_usd_per_month"),
        gb_per_million * scenarios.assumption("servers.egress_usd_per_gb"),
    )


def _line(fixed_usd: Samples, usd_per_million_tokens: Samples | None = None) -> Line:
    if usd_per_million_tokens is None:
        usd_per_million_tokens = np.zeros_like(fixed_usd)
    per_daily_token = usd_per_million_tokens / TOKENS_PER_MILLION * DAYS_PER_MONTH
    return Line(fixed_usd=fixed_usd, usd_per_daily_token=per_daily_token)


def _one_off_usd_per_month(scenarios: Scenarios, lane: Lane) -> Samples:
    own = lane is Lane.SELF_HOSTED
    weeks = scenarios.assumption(MIGRATION[own]) + scenarios.assumption(EXIT[own])
    yearly = scenarios.answer(
        "infrastructure.staff_usd_per_year",
        scenarios.profile.infrastructure.staff_usd_per_year,
        unit="USD per person and year",
    )
    usd = weeks / WEEKS_PER_YEAR * yearly
    return usd / scenarios.assumption("operation.months_of_use")
