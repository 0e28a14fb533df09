"""Fine-tuning of every option: what it would take and cost, and what of it is in the bill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from playbook.catalog import Model, Option, Provider, TunedServing, TuningPrice
from playbook.costs.answers import TokenLoad
from playbook.costs.api import usd_per_million_tokens
from playbook.costs.memory import can_be_sized
from playbook.costs.scenarios import Scenarios
from playbook.costs.servers import Found, servers_in
from playbook.costs.tokens import TokenFlow
from playbook.costs.tuning_machines import Machines, Trainer
from playbook.costs.tuning_plan import tuning_plan
from playbook.costs.tuning_records import TuningCost, TuningFit
from playbook.costs.tuning_serving import (
    Consequence,
    dedicated,
    own_servers,
    shared,
    tuned_price,
)
from playbook.provenance import Provenance, weakest
from playbook.uncertainty import Percentiles, Samples, percentiles
from playbook.units import DAYS_PER_MONTH
from playbook.vocabulary import Lane

Whether = Literal["yes", "limited", "no", "unknown"]


@dataclass(frozen=True)
class Training:
    """Training and serving of one option; what nobody states is None."""

    because: str
    """What it rests on, or what is missing."""
    training_usd: Samples | None = None
    """All runs of one tuning."""
    serving: Consequence | None = None
    """What changes in serving."""
    machines: Machines | None = None
    """Machines of own servers."""
    fits: tuple[TuningFit, ...] = ()
    """GPUs of the place."""
    usd_per_million: Samples | None = None
    """A provider's price."""
    provenance: Provenance = Provenance.ASSUMED
    """Of the price."""
    citation: str = ""
    """Where the price was read."""


class Tuner:
    """Costs the fine-tuning of options for one team."""

    def __init__(
        self,
        scenarios: Scenarios,
        flow: TokenFlow,
        *,
        volume: Samples,
        as_of: date,
        load: Callable[[Option], TokenLoad],
    ) -> None:
        self.scenarios = scenarios
        self.flow = flow
        self.volume = volume
        self.as_of = as_of
        self._load = load
        self.plan = tuning_plan(scenarios, flow)
        self._trainer = Trainer(scenarios, self.plan)
        self._servers: dict[str, Found] = {}
        self._trainings: dict[str, Training] = {}

    def cost(self, option: Option) -> TuningCost:
        """Return what fine-tuning an option would take and cost, planned or not."""
        whether, because = self.whether(option)
        found = self._training(option) if whether != "no" else Training("")
        training, plan = found.training_usd, self.plan
        monthly = self._monthly(found)
        machines = found.machines
        return TuningCost(
            option=option.id,
            title=option.title,
            lane=option.lane,
            model=option.model,
            can_be_tuned=whether,
            because="; ".join(part for part in (because, found.because) if part),
            method=plan.method,
            training_tokens_per_run=_spread(plan.tokens_per_run if training is not None else None),
            runs_per_tuning=_spread(plan.runs if training is not None else None),
            gpu_hours_per_run=_spread(machines.gpu_hours if machines else None),
            gpu_title=machines.servers.gpu.title if machines else "",
            gpus=machines.gpus if machines else 0,
            fits=found.fits,
            usd_per_million_training_tokens=_spread(found.usd_per_million),
            training_usd=_spread(training),
            labelling_usd=_spread(plan.labelling_usd if training is not None else None),
            evaluation_usd=_spread(plan.evaluation_usd if training is not None else None),
            first_usd=_spread(plan.first_usd(training) if training is not None else None),
            repeat_usd=_spread(plan.repeat_usd(training) if training is not None else None),
            repeats_per_year=_spread(plan.repeats_per_year if training is not None else None),
            serving=found.serving.words if found.serving else "",
            serving_usd_per_month=_spread(self._serving_usd(found)),
            usd_per_month=_spread(sum(monthly.values(), np.zeros(1)) if monthly else None),
            in_monthly_cost=self._is_billed(whether, monthly),
            provenance=weakest([Provenance.ASSUMED, found.provenance]),
            price_source=found.citation,
        )

    def billed(self, option: Option) -> Mapping[str, Samples]:
        """Return USD a month by component that an option's bill must hold; empty if none."""
        whether, _ = self.whether(option)
        monthly = self._monthly(self._training(option)) if whether in ("yes", "limited") else {}
        return monthly if self._is_billed(whether, monthly) else {}

    def whether(self, option: Option) -> tuple[Whether, str]:
        """Return whether an option can be tuned, and why."""
        if self.scenarios.profile.domain.may_train_on_examples is False:
            return "no", "the team has no right to train on its examples"
        change = option.can_change.training_data
        offer = self._provider(option).fine_tuning if option.provider else None
        if offer and offer.last_start and offer.last_start < self.as_of:
            return "no", f"new tuning ended on {offer.last_start}"
        return change.answer or "unknown", change.because

    def _is_billed(self, whether: Whether, monthly: Mapping[str, Samples]) -> bool:
        planned = bool(self.scenarios.profile.domain.will_fine_tune)
        return planned and whether in ("yes", "limited") and bool(monthly)

    def _monthly(self, found: Training) -> dict[str, Samples]:
        """Return the parts of the monthly cost; empty if one of them is unknown."""
        serving = self._serving_usd(found)
        if found.training_usd is None or serving is None:
            return {}
        parts = {"fine_tuning": self.plan.usd_per_month(found.training_usd)}
        if float(np.max(serving)) > 0:
            parts["tuned_serving"] = serving
        return parts

    def _serving_usd(self, found: Training) -> Samples | None:
        if found.serving is None or found.serving.usd_per_month is None:
            return None
        return found.serving.usd_per_month + np.zeros_like(self.volume)

    def _training(self, option: Option) -> Training:
        if option.id not in self._trainings:
            own = option.lane is Lane.SELF_HOSTED
            self._trainings[option.id] = self._own(option) if own else self._api(option)
        return self._trainings[option.id]

    def _own(self, option: Option) -> Training:
        model = self.scenarios.catalog.model(option.model)
        if not can_be_sized(model):
            return Training("size or architecture of the weights is not in the catalog")
        if option.place not in self._servers:
            self._servers[option.place] = servers_in(self.scenarios, option.place)
        found = self._servers[option.place]
        if not found.servers:
            return Training(found.because)
        named = self.scenarios.profile.infrastructure.gpus
        servers = tuple(one for one in found.servers if not named or one.gpu.id in named)
        if not servers:
            return Training(f"{option.place} has none of the GPUs named in infrastructure.gpus")
        fits = self._trainer.fits(model, servers)
        machines = self._trainer.cheapest(model, servers)
        if machines is None:
            return Training(_nearest_miss(fits, option.place), fits=fits)
        return Training(
            f"trained on {machines.gpus} x {machines.servers.gpu.title}, the cheapest of the place",
            training_usd=machines.training_usd,
            serving=own_servers(model, self.scenarios),
            machines=machines,
            fits=fits,
            provenance=machines.servers.provenance,
            citation=machines.servers.citation,
        )

    def _api(self, option: Option) -> Training:
        catalog, model = self.scenarios.catalog, self.scenarios.catalog.model(option.model)
        offer = next(
            (one for one in catalog.tuning_offers if one.provider == option.provider), None
        )
        method = self.plan.method
        price = offer and offer.price_of(
            model.id, model.parameters_billion, method=method, as_of=self.as_of
        )
        if not offer or not price:
            lacking = f"no price for training it by {method} at {option.provider} is known"
            return Training(lacking)
        usd = self.scenarios.fact(
            f"price of training {model.id} at {option.provider}",
            price.usd_per_million_training_tokens,
            unit="USD per million training tokens",
            source=price.source,
        )
        per_run = np.maximum(self.plan.tokens_per_run / 1e6 * usd, price.least_usd_per_run)
        return Training(
            f"price of training seen {price.since.isoformat()}",
            training_usd=per_run * self.plan.runs,
            serving=self._served(option, model, offer.serving, price),
            usd_per_million=usd,
            provenance=price.source.provenance,
            citation=price.source.cite(),
        )

    def _served(
        self, option: Option, model: Model, serving: TunedServing | None, tuning: TuningPrice
    ) -> Consequence:
        if serving is None:
            return Consequence("how a tuned model is served, and at what price, is not known", None)
        catalog, workload = self.scenarios.catalog, self.scenarios.profile.workload
        base = catalog.price(catalog.api_offer(option), self.as_of)
        load = self._load(option)
        flow = self.flow.counted_by(load.tokens.likely)
        usd_of_base = usd_per_million_tokens(base, flow, workload)
        million_a_month = self.volume * load.factor * DAYS_PER_MONTH / 1e6
        if serving.kind == "dedicated":
            tokens = usd_of_base * million_a_month
            return dedicated(model, serving, self.scenarios, tokens_usd_per_month=tokens)
        usd_of_tuned = usd_per_million_tokens(tuned_price(base, tuning), flow, workload)
        return shared(tuning, serving, (usd_of_tuned - usd_of_base) * million_a_month)

    def _provider(self, option: Option) -> Provider:
        return self.scenarios.catalog.provider(option.provider)


def _nearest_miss(fits: tuple[TuningFit, ...], place: str) -> str:
    if not fits:
        return f"the catalog has no GPU offer for {place}"
    best = max(fits, key=lambda one: one.usable_gib_per_gpu - one.memory_gib_per_gpu.p50)
    return (
        f"does not fit: even split over many GPUs, training needs "
        f"{best.memory_gib_per_gpu.p50:,.0f} GiB on each {best.gpu_title}, "
        f"which gives {best.usable_gib_per_gpu:,.0f} GiB"
    )


def _spread(samples: Samples | None) -> Percentiles | None:
    if samples is None:
        return None
    return percentiles(samples[1:] if len(samples) > 1 else samples)
