"""What one call of the costs stage shares between options: draws, bills, plans of servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

import numpy as np

from playbook.catalog import Catalog, Option, Price, PriceDisagreement, disagreement
from playbook.catalog.ageing import retirement
from playbook.catalog.announcements import announced_words
from playbook.costs.answers import TokenLoad, success_of
from playbook.costs.api import ApiBill, api_bill
from playbook.costs.break_even import frontier_of
from playbook.costs.cliff import memory_ways, with_memory
from playbook.costs.finding import Rule
from playbook.costs.option_cost import Work, api_cost, notes, own_cost, unpriced
from playbook.costs.records import OptionCost
from playbook.costs.scenarios import Scenarios
from playbook.costs.self_hosted import Plan, Planner, Unfit, cheapest_at
from playbook.costs.staircase import Line, Staircase
from playbook.costs.token_counts import TokenCounts
from playbook.costs.tokens import token_flow
from playbook.costs.tuning import Tuner
from playbook.costs.tuning_bill import with_tuning
from playbook.profile import Profile
from playbook.uncertainty import Samples
from playbook.vocabulary import Lane


class Workbench:
    """Prices options of one profile on one set of draws; what is found is kept."""

    def __init__(
        self, profile: Profile, catalog: Catalog, *, scenarios: Scenarios, as_of: date
    ) -> None:
        self.catalog = catalog
        self.as_of = as_of
        self.scenarios = scenarios
        self.flow = token_flow(profile.workload)
        self.planner = Planner(self.scenarios, self.flow)
        self.volume = self.scenarios.answer(
            "workload.tokens_per_day", profile.workload.tokens_per_day, unit="tokens/day"
        )
        per_answer = self.flow.tokens_per_call * profile.workload.calls_per_task
        self.work = Work(self.volume, own_tokens_per_answer=per_answer)
        self._counts = TokenCounts(self.scenarios)
        named = profile.domain.candidate_models
        self.options: Mapping[str, Option] = {
            option.id: option
            for option in catalog.options(profile.infrastructure.places)
            if named is None or option.model in named
        }
        self._loads: dict[str, TokenLoad] = {}
        self._bills: dict[str, ApiBill] = {}
        self._plans: dict[str, tuple[Plan, ...] | Unfit] = {}
        self._frontiers: dict[str, tuple[Plan, ...] | Unfit] = {}
        self._planned: dict[tuple[str, Plan], Plan] = {}

    @cached_property
    def tuner(self) -> Tuner:
        """Return what costs the fine-tuning of options."""
        return Tuner(
            self.scenarios, self.flow, volume=self.volume, as_of=self.as_of, load=self.load
        )

    def cost(self, option: Option) -> OptionCost:
        """Return what an option costs a month, or why it has no cost; tuned if that is planned."""
        cost = self._untuned(option)
        if not self.scenarios.profile.domain.will_fine_tune:
            return cost
        tuner = self.tuner
        return with_tuning(cost, tuner.cost(option), tuner.billed(option), self.work)

    def line(self, option: Option) -> Line:
        """Return an API's cost over volume, with its fine-tuning if that is planned."""
        line = self.bill(option).line
        return replace(line, fixed_usd=line.fixed_usd + self._tuning_usd(option))

    def stairs(self, option: Option, plan: Plan) -> Staircase:
        """Return a plan's cost over volume, with fine-tuning if that is planned.

        Volume counts in the team's own tokens. A plan of likely figures gives those alone.
        """
        stairs = plan.stairs
        tuning = self._tuning_usd(option)[: np.size(stairs.fixed_usd)]
        return replace(stairs, fixed_usd=stairs.fixed_usd + tuning)

    def _tuning_usd(self, option: Option) -> Samples:
        """Return USD a month of an option's fine-tuning at the team's volume, 0 if none is due."""
        none = np.zeros(1 + self.scenarios.draws)
        if not self.scenarios.profile.domain.will_fine_tune:
            return none
        return sum(self.tuner.billed(option).values(), none)

    def _untuned(self, option: Option) -> OptionCost:
        if option.lane is not Lane.SELF_HOSTED:
            return self._api_cost(option)
        plans = self.frontier(option)
        if isinstance(plans, Unfit):
            return unpriced(option, plans.because)
        plan = self.in_all_scenarios(option, cheapest_at(plans, self.volume[:1])[0])
        cost = own_cost(
            option,
            plan,
            flow=self.flow,
            work=self.work,
            load=self.load(option),
        )
        return with_memory(cost, memory_ways(self.planner.ways_like(plan), plan.sized))

    def bill(self, option: Option) -> ApiBill:
        """Return an API's bill over volume in the team's own tokens."""
        if option.id not in self._bills:
            price, contradicted = self._price(option)
            self._bills[option.id] = api_bill(
                price,
                self.flow,
                self.scenarios,
                load=self.load(option),
                option=option.id,
                contradicted=contradicted,
            )
        return self._bills[option.id]

    def plans(self, option: Option) -> tuple[Plan, ...] | Unfit:
        """Return every plan of servers for an option, likely figures, or why there is none.

        Their stairs count volume in the team's own tokens, so that they compare with APIs.
        """
        if option.id not in self._plans:
            found = self.planner.plans(self.catalog.model(option.model), option.place)
            self._plans[option.id] = (
                found
                if isinstance(found, Unfit)
                else tuple(self.in_own_tokens(option, plan) for plan in found)
            )
        return self._plans[option.id]

    def frontier(self, option: Option) -> tuple[Plan, ...] | Unfit:
        """Return the plans that are cheapest at some volume, the team's own among them."""
        if option.id not in self._frontiers:
            plans = self.plans(option)
            own = self.volume[:1]
            self._frontiers[option.id] = (
                plans if isinstance(plans, Unfit) else frontier_of(plans, also=own)
            )
        return self._frontiers[option.id]

    def in_all_scenarios(self, option: Option, plan: Plan) -> Plan:
        """Return one of an option's plans with its capacity and cost in every scenario."""
        key = (option.id, plan)
        if key not in self._planned:
            found = self.planner.in_all_scenarios(plan)
            self._planned[key] = self.in_own_tokens(option, found)
        return self._planned[key]

    def load(self, option: Option) -> TokenLoad:
        """Return the tokens that reach an option for each of the team's own."""
        if option.id not in self._loads:
            self._loads[option.id] = TokenLoad(
                self._counts.of(self.catalog.model(option.model)),
                success_of(option, self.scenarios),
            )
        return self._loads[option.id]

    def rule(self) -> Rule:
        """Return the article's rule of thumb."""
        return Rule(
            api_below=self.catalog.assumption("rule_api_below_tokens_per_day").value.likely,
            open_weights_above=self.catalog.assumption(
                "rule_open_weights_above_tokens_per_day"
            ).value.likely,
        )

    def in_own_tokens(self, option: Option, plan: Plan) -> Plan:
        """Return a plan whose stairs count volume in the team's own tokens."""
        stairs, factor = plan.stairs, self.load(option).factor
        rate = stairs.replicas_per_daily_token
        scaled = rate * factor[: np.size(rate)]
        return replace(plan, stairs=replace(stairs, replicas_per_daily_token=scaled))

    def _api_cost(self, option: Option) -> OptionCost:
        price, contradicted = self._price(option)
        ends = retirement(self.catalog, option)
        to_come = announced_words(self.catalog.api_offer(option), as_of=self.as_of)
        return api_cost(
            option,
            price,
            self.bill(option),
            work=self.work,
            load=self.load(option),
            notes=notes(price, ends, self.as_of, to_come=to_come),
            contradicted=contradicted,
        )

    def _price(self, option: Option) -> tuple[Price, PriceDisagreement | None]:
        offer = self.catalog.api_offer(option)
        price = self.catalog.price(offer, self.as_of)
        return price, disagreement(offer, price)
