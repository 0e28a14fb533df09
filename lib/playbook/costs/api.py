"""What an API costs a month: prices, cache, batch service, retries, and the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from playbook.catalog import (
    Price,
    PriceDisagreement,
    PriceList,
    Usage,
    as_stated_by,
    request_cost_usd,
)
from playbook.costs.answers import TokenLoad
from playbook.costs.operation import operation_usd_per_month
from playbook.costs.scenarios import Scenarios
from playbook.costs.staircase import Line
from playbook.costs.tokens import TokenFlow
from playbook.profile.sections import Workload
from playbook.uncertainty import Estimate, Samples
from playbook.units import DAYS_PER_MONTH
from playbook.vocabulary import Lane

MONTHS_PER_YEAR = 12
PRICE_OF = "price of "
"""How the draws of a contradicted price are named, before the option's id."""


@dataclass(frozen=True)
class ApiBill:
    """An API's monthly cost as a line over volume, and its parts."""

    line: Line
    """Cost over volume."""
    components: dict[str, Line]
    """What it costs besides tokens, by component over volume."""

    def parts(self, tokens_per_day: Samples) -> dict[str, Samples]:
        """Return USD a month by component at a volume."""
        others = {name: line.usd(tokens_per_day) for name, line in self.components.items()}
        return {"tokens": self.line.usd_per_daily_token * tokens_per_day, **others}


def usd_per_million_tokens(price: PriceList, flow: TokenFlow, workload: Workload) -> float:
    """Return the mean price of a million tokens of a workload, input and output together.

    It is the bill of the mean call over its tokens; an agent's calls, which grow from the first to
    the last, each pay the price tier that they fall in. Calls that may wait go to the batch service
    only if it is the cheaper way. A provider that states no price for cached, batched or cached and
    batched tokens gives no such discount.

    Example:
        >>> from playbook.catalog import PriceList
        >>> from playbook.costs.tokens import token_flow
        >>> price = PriceList(input_usd_per_million_tokens=2.0, output_usd_per_million_tokens=8.0)
        >>> usd_per_million_tokens(price, token_flow(Workload()), Workload())
        3.5
    """
    at_once = waiting = 0.0
    for share, call in calls_by_tier(price, flow, workload):
        at_once += share * request_cost_usd(price, call)
        waiting += share * request_cost_usd(price, call.changed(batch=True))
    usd = at_once - workload.share_batch * max(at_once - waiting, 0.0)
    return usd / flow.tokens_per_call * 1e6


def calls_by_tier(
    price: PriceList, flow: TokenFlow, workload: Workload
) -> tuple[tuple[float, Usage], ...]:
    """Return the mean call in each price tier that a workload's calls reach, with its share.

    Input spreads evenly from an agent's first to its last call; without history all calls are of
    one length.

    Example:
        >>> from playbook.catalog import PriceList
        >>> from playbook.costs.tokens import token_flow
        >>> price = PriceList(input_usd_per_million_tokens=2.0, output_usd_per_million_tokens=8.0)
        >>> load = Workload(share_cached_input=0.5, share_cache_written=0.2)
        >>> [(share, call)] = calls_by_tier(price, token_flow(load), load)
        >>> share, call.input_tokens, call.cached_input_tokens, call.cache_written_tokens
        (1.0, 1500.0, 750.0, 150.0)
    """
    half = flow.history_per_call
    first, last = flow.input_per_call - half, flow.input_per_call + half
    reached = [tier.above_input_tokens for tier in price.tiers]
    ends = [first, *(end for end in reached if first < end < last), last]
    if last <= first:
        return ((1.0, _call(first, flow, workload)),)
    return tuple(
        ((high - low) / (last - first), _call((low + high) / 2, flow, workload))
        for low, high in pairwise(ends)
    )


def _call(input_tokens: float, flow: TokenFlow, workload: Workload) -> Usage:
    cached = input_tokens * workload.share_cached_input
    return Usage(
        input_tokens=input_tokens,
        cached_input_tokens=cached,
        cache_written_tokens=(input_tokens - cached) * workload.share_cache_written,
        output_tokens=flow.output_per_call,
        reasoning_tokens=flow.output_per_call * workload.share_reasoning_output,
        input_images=workload.images_per_call,
    )


def api_bill(
    price: Price,
    flow: TokenFlow,
    scenarios: Scenarios,
    *,
    load: TokenLoad | None = None,
    option: str = "",
    contradicted: PriceDisagreement | None = None,
) -> ApiBill:
    """Return the monthly cost of an API at a price, for any volume in the team's own tokens.

    Its model makes more or fewer tokens of them, and those of failed calls are billed again
    (`load`). Staff is `infrastructure.fte_needed_api`; the operation around it is as in all lanes.

    Args:
        price: The price in force.
        flow: The mean call.
        scenarios: Profile, facts and draws.
        load: Tokens billed for each of the team's own; without it `api_retry_share` alone counts.
        option: Id of the option, which names the draws of its price.
        contradicted: Other sources of this price, if they differ: the mean price of a token is
            then drawn evenly between the lowest and the highest statement, input and output
            together; the likely one stays the catalogued price.
    """
    counted = flow.counted_by(load.tokens.likely) if load else flow
    blended = _blended(price, counted, scenarios, option, contradicted)
    billed = load.factor if load else 1 + scenarios.assumption("api_retry_share")
    needed = scenarios.profile.infrastructure.fte_needed_api
    people = scenarios.answer("infrastructure.fte_needed_api", needed, unit="full-time people")
    staff = staff_usd_per_month(people, scenarios)
    components = {
        "staff": Line(staff, np.zeros_like(staff)),
        **operation_usd_per_month(scenarios, Lane.FRONTIER_API),
    }
    line = Line(
        fixed_usd=sum((one.fixed_usd for one in components.values()), scenarios.zeros()),
        usd_per_daily_token=blended / 1e6 * DAYS_PER_MONTH * billed,
        besides_usd_per_daily_token=sum(
            (one.usd_per_daily_token for one in components.values()), scenarios.zeros()
        ),
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


def _blended(
    price: Price,
    flow: TokenFlow,
    scenarios: Scenarios,
    option: str,
    contradicted: PriceDisagreement | None,
) -> Samples | float:
    workload = scenarios.profile.workload
    likely = usd_per_million_tokens(price, flow, workload)
    if contradicted is None:
        return likely
    opinions = contradicted.opinions
    others = [
        usd_per_million_tokens(as_stated_by(each, price), flow, workload) for each in opinions
    ]
    return scenarios.between(
        f"{PRICE_OF}{option}",
        Estimate(low=min(likely, *others), likely=likely, high=max(likely, *others)),
        unit="USD per million tokens of this workload",
        sources=[price.source, *(each.source for each in opinions)],
    )
