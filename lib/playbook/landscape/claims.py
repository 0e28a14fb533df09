"""The ledger of claims about the world: each with the data, the method and the verdict."""

from __future__ import annotations

from collections.abc import Mapping

from playbook.landscape.capability_claims import (
    closes_within,
    compared,
    decides_by,
    gap_closed,
)
from playbook.landscape.claim_records import ClaimFinding
from playbook.landscape.frontier_claims import equals_earlier_frontier, faster, lag_length
from playbook.landscape.judging import Check, Known, finding
from playbook.landscape.market_claims import (
    licence_is_simple,
    nearly_at_lower_cost,
    on_one_gpu,
    prices_cut,
    released_within,
)

CHECKS: Mapping[str, Check] = {
    "gap-closed": gap_closed,
    "lag-of-6-to-12-months": lag_length,
    "open-improves-faster": faster,
    "llama-3-70b-matches-gpt-3.5": compared,
    "llama-3-8b-on-one-gpu": on_one_gpu,
    "llama-3-8b-equals-frontier-of-two-years-before": equals_earlier_frontier,
    "llama-3-in-mid-2024": released_within,
    "llama-3-licence-without-threshold": licence_is_simple,
    "mixtral-near-70b-at-lower-cost": nearly_at_lower_cost,
    "deepseek-coder-is-a-reference": compared,
    "api-prices-cut": prices_cut,
    "multimodal-gap-closes-next": closes_within,
    "cost-and-compliance-decide": decides_by,
}
"""Claim id to its check; a test keeps it in step with the catalog."""


def check_claims(known: Known) -> tuple[ClaimFinding, ...]:
    """Return the verdict on each catalogued claim about the world.

    Claims of extra catalog folders without a check of their own are left out: a claim needs both.
    """
    claims = [one for one in known.catalog.claims if one.about == "world"]
    return tuple(finding(one, CHECKS[one.id](one, known)) for one in claims if one.id in CHECKS)
