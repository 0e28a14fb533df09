"""What own servers would cost where only the team's rules on regions leave them without a cost."""

from __future__ import annotations

from playbook.catalog import Option
from playbook.costs.option_cost import own_cost
from playbook.costs.records import BarredCost
from playbook.costs.self_hosted import Unfit, cheapest_at
from playbook.costs.workbench import Workbench
from playbook.vocabulary import Lane


def barred_costs(bench: Workbench) -> tuple[BarredCost, ...]:
    """Return the options that rules on regions alone leave out, with their cost without them.

    Nothing but the price of these rules may rest on it. None is returned for a team that will
    fine-tune: where it would train is then unknown, and a cost without it would be too low.

    Args:
        bench: Draws, bills and plans.
    """
    if bench.scenarios.profile.domain.will_fine_tune:
        return ()
    own = [one for one in bench.options.values() if one.lane is Lane.SELF_HOSTED]
    found = (_barred(bench, one) for one in own if bench.planner.servers(one.place).rules)
    return tuple(one for one in found if one is not None)


def _barred(bench: Workbench, option: Option) -> BarredCost | None:
    model = bench.catalog.model(option.model)
    found = bench.planner.plans(model, option.place, barred=True)
    if isinstance(found, Unfit):
        return None
    plans = [bench.in_own_tokens(option, plan) for plan in found]
    plan = bench.in_all_scenarios(option, cheapest_at(plans, bench.volume[:1])[0])
    cost = own_cost(option, plan, flow=bench.flow, work=bench.work, load=bench.load(option))
    if cost.usd_per_month is None:
        return None
    return BarredCost(
        option=option.id,
        title=option.title,
        rules=bench.planner.servers(option.place).rules,
        because=cost.because,
        usd_per_month=cost.usd_per_month,
        draws_usd_per_month=cost.draws_usd_per_month,
        provenance=cost.provenance,
        price_source=cost.price_source,
    )
