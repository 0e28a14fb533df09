"""`Catalog`: all facts in one frozen record, with look-ups and the list of options."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar

from playbook.catalog.acknowledgements import Acknowledgement
from playbook.catalog.architectures import ArchitectureTable
from playbook.catalog.assembly import api_option, own_option
from playbook.catalog.boards import Board, Capability, CapabilityIndex
from playbook.catalog.capacity_fit import CapacityFit
from playbook.catalog.claims import Claim
from playbook.catalog.controls import Control, Regime
from playbook.catalog.data_types import LeastClass
from playbook.catalog.fine_tuning import TuningOffer, TuningRuns
from playbook.catalog.hosts import ApiHost
from playbook.catalog.licences import Licence
from playbook.catalog.measurements import Measurement, overlay
from playbook.catalog.models import Model
from playbook.catalog.options import Option
from playbook.catalog.price_history import CapabilityLevel, PriceHistory
from playbook.catalog.prices import price_on
from playbook.catalog.pricing import Price
from playbook.catalog.schema import (
    ApiOffer,
    Assumption,
    Engine,
    Fact,
    Gpu,
    GpuOffer,
    HostingPlace,
    Provider,
)
from playbook.catalog.tokenizers import Tokenizer
from playbook.errors import CatalogError
from playbook.records import Record

AnyFact = TypeVar("AnyFact", bound=Fact)


class Catalog(Record):
    """Facts about the world, each with source and date. Read it with `load_catalog`."""

    models: tuple[Model, ...] = ()
    """Weights, or names behind an API."""
    licences: tuple[Licence, ...] = ()
    """Licences, clause by clause."""
    providers: tuple[Provider, ...] = ()
    """Who serves APIs."""
    api_offers: tuple[ApiOffer, ...] = ()
    """Models at a price from a provider."""
    engines: tuple[Engine, ...] = ()
    """Inference engines."""
    gpus: tuple[Gpu, ...] = ()
    """GPU data sheets."""
    gpu_offers: tuple[GpuOffer, ...] = ()
    """GPUs at a price in a place."""
    places: tuple[HostingPlace, ...] = ()
    """Where a team may run weights itself."""
    assumptions: tuple[Assumption, ...] = ()
    """Numbers that we set ourselves."""
    tokenizers: tuple[Tokenizer, ...] = ()
    """How many tokens each family of models makes of the same text."""
    api_hosts: tuple[ApiHost, ...] = ()
    """Where each litellm prefix goes when a profile names no address."""
    regimes: tuple[Regime, ...] = ()
    """Laws, licences and house rules, with their controls."""
    least_classes: tuple[LeastClass, ...] = ()
    """Lowest classes that data of some types may have."""
    architectures: tuple[ArchitectureTable, ...] = ()
    """Dimensions of models that are only sized, and are no option of a team."""
    capacity_fits: tuple[CapacityFit, ...] = ()
    """Fitted parameters of the capacity model, one fit each; the newest counts."""
    boards: tuple[Board, ...] = ()
    """Public benchmark boards."""
    capability_indices: tuple[CapabilityIndex, ...] = ()
    """Pooled capability, one fit each; the newest counts."""
    price_histories: tuple[PriceHistory, ...] = ()
    """What providers charged over time."""
    capability_levels: tuple[CapabilityLevel, ...] = ()
    """Capabilities whose price is followed."""
    claims: tuple[Claim, ...] = ()
    """Claims to be checked against the facts."""
    acknowledgements: tuple[Acknowledgement, ...] = ()
    """Findings of the facts' check that a person has looked at; no result rests on them."""
    tuning_offers: tuple[TuningOffer, ...] = ()
    """What providers charge for fine-tuning."""
    tuning_runs: tuple[TuningRuns, ...] = ()
    """Published training runs, to which the estimate of fine-tuning is held."""
    measurements: tuple[Measurement, ...] = ()
    """Measured speeds, which win over estimates."""

    @property
    def controls(self) -> tuple[Control, ...]:
        """Return the controls of all regimes."""
        return tuple(control for regime in self.regimes for control in regime.controls)

    def model(self, identifier: str) -> Model:
        """Return a model by id.

        Raises:
            CatalogError: naming the nearest known id; so for every look-up below.
        """
        return _find(self._models, "model", identifier)

    def licence(self, identifier: str) -> Licence:
        """Return a licence by id."""
        return _find(self._licences, "licence", identifier)

    def provider(self, identifier: str) -> Provider:
        """Return a provider by id."""
        return _find(_by_id(self.providers), "provider", identifier)

    def engine(self, identifier: str) -> Engine:
        """Return an engine by id."""
        return _find(_by_id(self.engines), "engine", identifier)

    def gpu(self, identifier: str) -> Gpu:
        """Return a GPU by id."""
        return _find(_by_id(self.gpus), "GPU", identifier)

    def place(self, identifier: str) -> HostingPlace:
        """Return a place of own servers by id."""
        return _find(_by_id(self.places), "place", identifier)

    def assumption(self, identifier: str) -> Assumption:
        """Return an assumption by id."""
        return _find(_by_id(self.assumptions), "assumption", identifier)

    @property
    def capacity_fit(self) -> CapacityFit | None:
        """Return the parameters of speeds that were fitted last; None where there are none."""
        return max(reversed(self.capacity_fits), key=lambda one: one.fitted_on, default=None)

    @property
    def newest_index(self) -> CapabilityIndex | None:
        """Return the pooled index that was fitted last; None where there is none."""
        return max(reversed(self.capability_indices), key=lambda one: one.fitted_on, default=None)

    def capability_of(self, model: Model) -> Capability | None:
        """Return a model's place on the newest pooled index; None where it has none."""
        index = self.newest_index
        place = index.by_catalog_model.get(model.id) if index else None
        return (
            None if index is None or place is None else Capability(index=place, source=index.source)
        )

    def options(self, places: Sequence[str]) -> tuple[Option, ...]:
        """Return every option: each API offer, and each open model in each of some places.

        Offers past their retirement are included; the landscape stage says so of each.

        Args:
            places: Ids of the places where the team may run models itself.

        Raises:
            CatalogError: when a place is unknown.
        """
        hosted = [self.place(identifier) for identifier in places]
        offered = [
            api_option(offer, self.model(offer.model), self.provider(offer.provider))
            for offer in self.api_offers
        ]
        owned = [
            own_option(model, place) for model in self.models if model.open_weights
            for place in hosted
        ]  # fmt: skip
        return (*offered, *owned)

    def offered_gpus(self, places: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of the GPUs that may be had in some places: rented there, or bought.

        Raises:
            CatalogError: when a place is unknown.
        """
        rented = {one.gpu for one in self.gpu_offers if one.place in places}
        buys = any(self.place(one).owned for one in places)
        return tuple(one.id for one in self.gpus if buys or one.id in rented)

    def api_offer(self, option: Option) -> ApiOffer:
        """Return the offer behind an API option.

        Raises:
            CatalogError: for an option of own servers, or one of another catalog.
        """
        offer = self._offers.get((option.model, option.provider))
        if offer is None:
            raise CatalogError("catalog", [f"option {option.id} has no API offer in the catalog"])
        return offer

    def price(self, offer: ApiOffer, as_of: date) -> Price:
        """Return an offer's price in force on a day (see `price_on`).

        An announced price counts from its day on, until a price was seen on that day or later.
        """
        return price_on((*offer.announced, *offer.prices), as_of)

    def with_measurements(self, measurements: Iterable[Measurement]) -> Catalog:
        """Return a catalog in which these measurements win over older ones of the same key."""
        return self.changed(measurements=overlay(self.measurements, measurements))

    @cached_property
    def content_hash(self) -> str:
        """Return the SHA-256 of all facts, for manifests; acknowledgements are no facts."""
        facts = self.model_dump(mode="json", exclude={"acknowledgements"})
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _models(self) -> Mapping[str, Model]:
        return _by_id(self.models)

    @cached_property
    def _licences(self) -> Mapping[str, Licence]:
        return _by_id(self.licences)

    @cached_property
    def _offers(self) -> Mapping[tuple[str, str], ApiOffer]:
        return {(offer.model, offer.provider): offer for offer in self.api_offers}


def _by_id(facts: Iterable[AnyFact]) -> dict[str, AnyFact]:
    return {fact.id: fact for fact in facts}


def _find(facts: Mapping[str, AnyFact], what: str, identifier: str) -> AnyFact:
    if identifier in facts:
        return facts[identifier]
    near = get_close_matches(identifier, facts, n=1)
    known = ", ".join(list(facts)[:12])
    advice = f"did you mean {near[0]}?" if near else f"known are {known or 'none'}"
    raise CatalogError("catalog", [f"{what} {identifier!r} is unknown; {advice}"])
