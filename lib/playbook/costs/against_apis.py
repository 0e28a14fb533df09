"""The team's cheapest own servers against every API: where they cross, and who is cheaper here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from playbook.catalog import Option
from playbook.costs.break_even import crossing_of
from playbook.costs.lane_records import AgainstApi
from playbook.costs.records import OptionCost
from playbook.costs.self_hosted import Plan, Unfit, cheapest_at
from playbook.costs.verdict import at_volume
from playbook.costs.workbench import Workbench
from playbook.uncertainty import Samples
from playbook.vocabulary import Lane


def against_apis(bench: Workbench, costs: Sequence[OptionCost]) -> tuple[AgainstApi, ...]:
    """Return the cheapest own-server option against each API; empty where it has no cost.

    Args:
        bench: Draws, bills and plans.
        costs: All options with their costs, cheapest first.
    """
    priced = [bench.options[one.option] for one in costs if one.priced]
    own = next((one for one in priced if one.lane is Lane.SELF_HOSTED), None)
    plans = bench.frontier(own) if own else None
    if own is None or plans is None or isinstance(plans, Unfit):
        return ()
    chosen = [
        replace(plan, stairs=bench.stairs(own, bench.in_all_scenarios(own, plan))) for plan in plans
    ]
    here = cheapest_at(chosen, bench.volume[:1])[0].stairs.usd(bench.volume)
    apis = [one for one in priced if one.lane is not Lane.SELF_HOSTED]
    return tuple(_against(bench, chosen, here, own=own, api=api) for api in apis)


def _against(
    bench: Workbench, plans: Sequence[Plan], own_usd: Samples, *, own: Option, api: Option
) -> AgainstApi:
    line = bench.line(api)
    found = crossing_of(plans, line)
    here = at_volume(
        bench.volume,
        own_usd,
        line.usd(bench.volume),
        share_that_cross=found.share_of_draws,
        inputs={},
    )
    return AgainstApi(
        self_hosted_option=own.id,
        api_option=api.id,
        api_title=api.title,
        api_lane=api.lane,
        same_weights=own.model == api.model,
        first_crossing=found.spread,
        share_of_draws_that_cross=found.share_of_draws,
        never_above_tokens_per_day=found.never_above,
        verdict=here.side,
        share_of_draws_own_cheaper=here.share_own_cheaper,
    )
