"""What an API costs a month: prices, cache, batch service, retries, and the people around it."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.catalog import Price
from playbook.costs.scenarios import Scenarios
from playbook.costs.staircase import Line
from playbook.costs.tokens import TokenFlow
from playbook.profile.sections import Workload
from playbook.uncertainty import Samples
from playbook.units import DAYS_PER_MONTH

MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class ApiBill:
    """An API's monthly cost as a line over volume, and its parts."""

    line: Line
    """Cost over volume."""
    components: dict[str, Samples]
    """USD a month that do not depend on volume, by component."""

    def parts(self, tokens_per_day: Samples) -> dict[str, Samples]:
        """Return USD a month by component at a volume."""
        return {"tokens": self.line.usd_per_daily_token * tokens_per_day, **self.components}


def usd_per_million_tokens(price: Price, flow: TokenFlow, workload: Workload) -> float:
    """Return the mean price of a million tokens of a workload, input and output together.

    Calls that may wait pay the batch price of input and output; the cached share of the other
    calls' input pays the cache price. A provider that states no such price gives no such discount.
    Cache and batch discounts are not combined, and calls go to the batch service only if it is the
    cheaper way.

    Example:
        >>> from datetime import date
        >>> from playbook.costs.tokens import token_flow
        >>> from playbook.provenance import Source
        >>> source = Source(title="a list", as_of=date(2026, 1, 2), kind="vendor")
        >>> price = Price(
        ...     since=date(2026, 1, 2), input_usd_per_million_tokens=2.0,
        ...     output_usd_per_million_tokens=8.0, source=source,
        ... )
        >>> usd_per_million_tokens(price, token_flow(Workload()), Workload())
        3.5
    """
    at_once = _mix(_input_at_once(price, workload), price.output_usd_per_million_tokens, flow)
    if price.batch_input_usd_per_million_tokens is None:
        return at_once
    batch_output = price.batch_output_usd_per_million_tokens
    if batch_output is None:
        batch_output = price.output_usd_per_million_tokens
    waiting = _mix(price.batch_input_usd_per_million_tokens, batch_output, flow)
    share = workload.share_batch
    return share * min(waiting, at_once) + (1 - share) * at_once


def api_bill(price: Price, flow: TokenFlow, scenarios: Scenarios) -> ApiBill:
    """Return the monthly cost of an API at a price, for any volume.

    Tokens of calls that are repeated are billed again (`api_retry_share`). Staff is
    `infrastructure.fte_needed_api`; gateway and log storage are an assumption.
    """
    workload = scenarios.profile.workload
    blended = usd_per_million_tokens(price, flow, workload)
    repeated = 1 + scenarios.assumption("api_retry_share")
    needed = scenarios.profile.infrastructure.fte_needed_api
    components = {
        "staff": staff_usd_per_month(
            scenarios.answer("infrastructure.fte_needed_api", needed, unit="full-time people"),
            scenarios,
        ),
        "gateway": scenarios.assumption("gateway_usd_per_month"),
    }
    line = Line(
        fixed_usd=components["staff"] + components["gateway"],
        usd_per_daily_token=blended / 1e6 * DAYS_PER_MONTH * repeated,
    )
    return ApiBill(line=line, components=components)


def staff_usd_per_month(people: Samples, scenarios: Scenarios) -> Samples:
    """Return USD a month for full-time people at the team's full cost of one."""
    yearly = scenarios.answer(
        "infrastructure.staff_usd_per_year",
        scenarios.profile.infrastructure.staff_usd_per_year,
        unit="USD per person and year",
    )
    return people * yearly / MONTHS_PER_YEAR


def _input_at_once(price: Price, workload: Workload) -> float:
    full = price.input_usd_per_million_tokens
    cached = price.cached_input_usd_per_million_tokens
    if cached is None:
        return full
    share = workload.share_cached_input
    return share * cached + (1 - share) * full


def _mix(input_usd: float, output_usd: float, flow: TokenFlow) -> float:
    return (1 - flow.share_output) * input_usd + flow.share_output * output_usd
