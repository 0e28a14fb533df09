"""The costs stage: what every option costs a month, and where own servers get cheaper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import Literal, get_args

import numpy as np

from playbook.catalog import Catalog, Option
from playbook.costs.against_apis import against_apis
from playbook.costs.barred import barred_costs
from playbook.costs.break_even import Team, break_even, no_break_even
from playbook.costs.lanes import lane_costs
from playbook.costs.limits import not_considered
from playbook.costs.pairs import instructive_pairs, is_offered
from playbook.costs.records import BreakEven, Costs, OptionCost
from playbook.costs.scenarios import Scenarios
from playbook.costs.self_hosted import Unfit
from playbook.costs.tornado import tornados
from playbook.costs.trends import trend_scenarios
from playbook.costs.workbench import Workbench
from playbook.errors import CatalogError
from playbook.profile import Profile
from playbook.uncertainty import percentiles
from playbook.vocabulary import Lane

Part = Literal["break_evens", "trends", "tornados", "tuning", "barred"]
PARTS: tuple[Part, ...] = get_args(Part)


def estimate_costs(
    profile: Profile,
    catalog: Catalog,
    *,
    rng: np.random.Generator,
    as_of: date,
    parts: Sequence[Part] | None = None,
) -> Costs:
    """Return the monthly cost of every option over joint draws, and what follows from it.

    Break-evens of telling pairs, the three lanes side by side, the months ahead, and what the
    result depends on most.

    Options of models that the team does not consider (`domain.candidate_models`) are left out.

    Every input is drawn once and shared by all options, so differences between options are not
    blurred by chance. An option without a cost is listed with the reason.

    Args:
        profile: The team's answers: workload and infrastructure are read, and of the data section
            the rules on regions alone.
        catalog: Facts, with measured speeds laid over them if there are any.
        rng: Source of the draws; the same state gives the same result.
        as_of: Day whose prices count.
        parts: Of the slow parts only these, equal to those of the whole; all if left out. Without
            `break_evens` there is the first pair alone, the others are empty.

    Raises:
        CatalogError: when the profile names a place that the catalog lacks.
    """
    wanted = PARTS if parts is None else parts
    bench = _bench(profile, catalog, rng=rng, as_of=as_of)
    costs = _priced(bench)
    pairs = instructive_pairs(catalog, costs, bench.options, as_of=as_of)
    if "break_evens" not in wanted:
        pairs = pairs[:1]
    tuned = bench.options.values() if "tuning" in wanted else ()
    tuning = tuple(bench.tuner.cost(option) for option in tuned)
    return Costs(
        as_of=as_of,
        draws=bench.scenarios.draws,
        tokens_per_day=percentiles(bench.volume[1:]),
        options=tuple(costs),
        break_evens=tuple(_break_even(bench, own, api) for own, api in pairs),
        inputs=tuple(bench.scenarios.used.values()),
        not_considered=not_considered(profile),
        against_apis=against_apis(bench, costs) if "break_evens" in wanted else (),
        lanes=lane_costs(bench, costs),
        trends=trend_scenarios(bench, costs) if "trends" in wanted else (),
        tornados=tornados(bench, costs) if "tornados" in wanted else (),
        tuning=tuning,
        barred=barred_costs(bench) if "barred" in wanted else (),
    )


def option_costs(
    profile: Profile, catalog: Catalog, *, rng: np.random.Generator, as_of: date
) -> tuple[OptionCost, ...]:
    """Return the monthly cost of every option alone, in the order and to the cent of the stage.

    Arguments and errors are those of `estimate_costs`.
    """
    return tuple(_priced(_bench(profile, catalog, rng=rng, as_of=as_of)))


def _bench(
    profile: Profile, catalog: Catalog, *, rng: np.random.Generator, as_of: date
) -> Workbench:
    scenarios = Scenarios(profile, catalog, rng=rng)
    return Workbench(profile, catalog, scenarios=scenarios, as_of=as_of)


def _priced(bench: Workbench) -> list[OptionCost]:
    costs = [bench.cost(option) for option in bench.options.values()]
    return sorted(costs, key=lambda one: _order(bench, one))


def cost_curve(
    profile: Profile,
    catalog: Catalog,
    *,
    self_hosted_option: str,
    api_option: str,
    rng: np.random.Generator,
    as_of: date,
) -> BreakEven:
    """Return the break-even of one pair of options; quick enough to redraw under a slider.

    Args:
        profile: The team's answers.
        catalog: Facts.
        self_hosted_option: Id of the own-server option.
        api_option: Id of the API option.
        rng: Source of the draws; the same state as in `estimate_costs` gives the same draws.
        as_of: Day whose prices count.

    Raises:
        CatalogError: when an option is unknown or on the wrong side.
    """
    bench = _bench(profile, catalog, rng=rng, as_of=as_of)
    return _break_even(
        bench,
        _find(bench.options, self_hosted_option, own=True),
        _find(bench.options, api_option, own=False),
    )


def _break_even(bench: Workbench, own: Option, api: Option) -> BreakEven:
    plans = bench.frontier(own)
    if isinstance(plans, Unfit):
        return no_break_even(own, api, f"{own.title}: {plans.because}")
    chosen = [bench.in_all_scenarios(own, plan) for plan in plans]
    tuned = [replace(plan, stairs=bench.stairs(own, plan)) for plan in chosen]
    inputs = {name: bench.scenarios.samples(name) for name in bench.scenarios.used}
    team = Team(volume=bench.volume, rule=bench.rule(), inputs=inputs)
    return break_even(tuned, bench.line(api), own=own, api=api, team=team)


def _find(options: Mapping[str, Option], identifier: str, *, own: bool) -> Option:
    known = [one.id for one in options.values() if (one.lane is Lane.SELF_HOSTED) == own]
    if identifier in known:
        return options[identifier]
    side = "own-server" if own else "API"
    near = get_close_matches(identifier, known, n=1)
    advice = f"did you mean {near[0]}?" if near else "none is like it"
    raise CatalogError("options of this profile", [f"{side} option {identifier!r}: {advice}"])


def _order(bench: Workbench, cost: OptionCost) -> tuple[bool, bool, float, str]:
    """Order by cost; offers that have ended come after all that can be had, unpriced ones last."""
    usd = cost.usd_per_month.p50 if cost.usd_per_month else 0.0
    offered = is_offered(bench.catalog, bench.options[cost.option], bench.as_of)
    return (not cost.priced, not offered, usd, cost.option)
