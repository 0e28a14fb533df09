"""The costs stage: what every option costs a month, and where own servers get cheaper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches

import numpy as np

from playbook.catalog import Catalog, Option, Price, PriceDisagreement, disagreement
from playbook.catalog.ageing import retirement
from playbook.catalog.announcements import announced_words
from playbook.costs.api import PRICE_OF, ApiBill, api_bill
from playbook.costs.break_even import break_even, frontier_of, no_break_even
from playbook.costs.finding import Rule
from playbook.costs.limits import not_considered
from playbook.costs.option_cost import api_cost, notes, own_cost, unpriced
from playbook.costs.pairs import instructive_pairs
from playbook.costs.records import BreakEven, Costs, OptionCost
from playbook.costs.scenarios import Scenarios
from playbook.costs.self_hosted import Planner, Unfit, cheapest_at
from playbook.costs.servers import PURCHASE
from playbook.costs.tokens import token_flow
from playbook.costs.tuning import Tuner
from playbook.costs.tuning_bill import with_tuning
from playbook.costs.tuning_plan import is_of_tuning
from playbook.errors import CatalogError
from playbook.profile import Profile
from playbook.uncertainty import Samples, percentiles, swings
from playbook.vocabulary import Lane

MOST_SWINGS = 10
SURE_DEVIATIONS = 3


def estimate_costs(
    profile: Profile, catalog: Catalog, *, rng: np.random.Generator, as_of: date
) -> Costs:
    """Return the monthly cost of every option over joint draws, and break-evens of telling pairs.

    Options of models that the team does not consider (`domain.candidate_models`) are left out.

    Every input is drawn once and shared by all options, so differences between options are not
    blurred by chance. An option without a cost is listed with the reason.

    Args:
        profile: The team's answers: workload and infrastructure are read.
        catalog: Facts, with measured speeds laid over them if there are any.
        rng: Source of the draws; the same state gives the same result.
        as_of: Day whose prices count.

    Raises:
        CatalogError: when the profile names a place that the catalog lacks.
    """
    stage = _Stage(profile, catalog, rng=rng, as_of=as_of)
    costs = sorted((stage.cost(option) for option in stage.options.values()), key=_order)
    pairs = instructive_pairs(catalog, costs, stage.options, as_of=as_of)
    return Costs(
        as_of=as_of,
        draws=stage.scenarios.draws,
        tokens_per_day=percentiles(stage.volume[1:]),
        options=tuple(costs),
        break_evens=tuple(stage.break_even(own, api) for own, api in pairs),
        inputs=tuple(stage.scenarios.used.values()),
        swings_usd_per_month=stage.swings(costs),
        not_considered=not_considered(profile),
        tuning=tuple(stage.tuner.cost(option) for option in stage.options.values()),
    )


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
    stage = _Stage(profile, catalog, rng=rng, as_of=as_of)
    return stage.break_even(
        _find(stage.options, self_hosted_option, own=True),
        _find(stage.options, api_option, own=False),
    )


class _Stage:
    """What one call of the stage shares between options."""

    def __init__(
        self, profile: Profile, catalog: Catalog, *, rng: np.random.Generator, as_of: date
    ) -> None:
        self.catalog = catalog
        self.as_of = as_of
        self.scenarios = Scenarios(profile, catalog, rng=rng)
        self.flow = token_flow(profile.workload)
        self.planner = Planner(self.scenarios, self.flow)
        self.volume = self.scenarios.answer(
            "workload.tokens_per_day", profile.workload.tokens_per_day, unit="tokens/day"
        )
        self.tuner = Tuner(self.scenarios, self.flow, volume=self.volume, as_of=as_of)
        named = profile.domain.candidate_models
        self.options: Mapping[str, Option] = {
            option.id: option
            for option in catalog.options(profile.infrastructure.places)
            if named is None or option.model in named
        }

    def cost(self, option: Option) -> OptionCost:
        cost = self._untuned(option)
        if not self.scenarios.profile.domain.will_fine_tune:
            return cost
        tuner = self.tuner
        return with_tuning(cost, tuner.cost(option), tuner.billed(option), self.volume)

    def _untuned(self, option: Option) -> OptionCost:
        if option.lane is not Lane.SELF_HOSTED:
            price, contradicted = self._price(option)
            ends = retirement(self.catalog, option)
            to_come = announced_words(self.catalog.api_offer(option), as_of=self.as_of)
            return api_cost(
                option,
                price,
                self._bill(option),
                self.volume,
                notes=notes(price, ends, self.as_of, to_come=to_come),
                contradicted=contradicted,
            )
        plans = self.planner.plans(self.catalog.model(option.model), option.place)
        if isinstance(plans, Unfit):
            return unpriced(option, plans.because)
        plan = self.planner.in_all_scenarios(cheapest_at(plans, self.volume[:1])[0])
        return own_cost(option, plan, fixed=self.planner.fixed, flow=self.flow, volume=self.volume)

    def break_even(self, own: Option, api: Option) -> BreakEven:
        plans = self.planner.plans(self.catalog.model(own.model), own.place)
        if isinstance(plans, Unfit):
            return no_break_even(own, api, f"{own.title}: {plans.because}")
        chosen = [self.planner.in_all_scenarios(plan) for plan in frontier_of(plans)]
        line = self._bill(api).line
        return break_even(chosen, line, own=own, api=api, rule=self._rule())

    def swings(self, costs: list[OptionCost]) -> dict[str, float]:
        """Return which inputs move the cheapest own-server option's cost most, beyond chance."""
        own = next((cost for cost in costs if cost.deployment), None)
        if own is None or own.deployment is None:
            return {}
        others = [one.id for one in self.catalog.engines if one.id != own.deployment.engine]
        inputs: dict[str, Samples] = {}
        for name in self.scenarios.used:
            elsewhere = name.startswith(PURCHASE) and name != PURCHASE + own.deployment.gpu
            elsewhere = elsewhere or name.startswith(PRICE_OF)
            elsewhere = elsewhere or ("fine_tuning" not in own.components and is_of_tuning(name))
            if not elsewhere and not any(name.startswith(f"{other}.") for other in others):
                inputs[name] = self.scenarios.samples(name)[1:]
        total = np.array(own.draws_usd_per_month)
        chance = SURE_DEVIATIONS * float(total.std()) * (2 / (len(total) / 3)) ** 0.5
        found = {name: usd for name, usd in swings(inputs, total).items() if abs(usd) > chance}
        return dict(list(found.items())[:MOST_SWINGS])

    def _price(self, option: Option) -> tuple[Price, PriceDisagreement | None]:
        offer = self.catalog.api_offer(option)
        price = self.catalog.price(offer, self.as_of)
        return price, disagreement(offer, price)

    def _bill(self, option: Option) -> ApiBill:
        price, contradicted = self._price(option)
        return api_bill(
            price, self.flow, self.scenarios, option=option.id, contradicted=contradicted
        )

    def _rule(self) -> Rule:
        return Rule(
            api_below=self.catalog.assumption("rule_api_below_tokens_per_day").value.likely,
            open_weights_above=self.catalog.assumption(
                "rule_open_weights_above_tokens_per_day"
            ).value.likely,
        )


def _find(options: Mapping[str, Option], identifier: str, *, own: bool) -> Option:
    known = [one.id for one in options.values() if (one.lane is Lane.SELF_HOSTED) == own]
    if identifier in known:
        return options[identifier]
    side = "own-server" if own else "API"
    near = get_close_matches(identifier, known, n=1)
    advice = f"did you mean {near[0]}?" if near else "none is like it"
    raise CatalogError("options of this profile", [f"{side} option {identifier!r}: {advice}"])


def _order(cost: OptionCost) -> tuple[bool, float, str]:
    usd = cost.usd_per_month.p50 if cost.usd_per_month else 0.0
    return (not cost.priced, usd, cost.option)
