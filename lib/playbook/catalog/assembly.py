"""Make an option of a model, and of its provider's terms or of the place that runs it."""

from __future__ import annotations

from playbook.catalog.models import Model
from playbook.catalog.options import Answer, Change, Changeable, Option
from playbook.catalog.schema import ApiOffer, HostingPlace, Provider
from playbook.vocabulary import Lane

_OWN = "weights, tokenizer and engine are files on servers that the team runs"


def api_option(offer: ApiOffer, model: Model, provider: Provider) -> Option:
    """Return a model at a provider's API; terms of that model replace the default ones."""
    terms = provider.terms_of(model.id) or provider
    regions = terms.processing_regions or provider.processing_regions
    return Option(
        id=f"{model.id}@{provider.id}",
        title=f"{model.title}, {provider.title}",
        model=model.id,
        lane=Lane.HOSTED_OPEN_WEIGHTS if model.open_weights else Lane.FRONTIER_API,
        provider=provider.id,
        litellm_id=offer.litellm_id,
        operator="third_party",
        operator_jurisdiction=provider.jurisdiction,
        processing_regions=regions or None,
        perimeter=provider.perimeter,
        retention_days=terms.retention_days,
        zero_retention=terms.zero_retention,
        trains_on_inputs=provider.trains_on_inputs,
        offers_contracts=provider.offers_contracts,
        certifications=provider.certifications or None,
        us_persons_only=provider.us_persons_only,
        model_origin=model.developer_jurisdiction,
        model_developer=model.developer,
        model_modalities=model.modalities,
        licence=model.licence,
        open_weights=model.open_weights,
        can_change=changeable_at(provider, model),
    )


def own_option(model: Model, place: HostingPlace) -> Option:
    """Return a model on servers in a place, where the team decides all that the licence lets it."""
    ours = place.operator == "self"
    return Option(
        id=f"{model.id}@self:{place.id}",
        title=f"{model.title}, own servers: {place.title}",
        model=model.id,
        lane=Lane.SELF_HOSTED,
        place=place.id,
        operator=place.operator,
        operator_jurisdiction=place.operator_jurisdiction,
        processing_regions=place.processing_regions or None,
        perimeter=place.perimeter,
        retention_days=0 if ours else None,
        zero_retention="default" if ours else None,
        trains_on_inputs=False if ours else None,
        offers_contracts=(),
        certifications=place.certifications or None,
        us_persons_only=place.us_persons_only,
        model_origin=model.developer_jurisdiction,
        model_developer=model.developer,
        model_modalities=model.modalities,
        licence=model.licence,
        open_weights=model.open_weights,
        can_change=Changeable(
            weights=Change(answer="yes", because=_OWN),
            tokenizer=Change(answer="yes", because=f"{_OWN}; a new one needs training"),
            training_data=Change(
                answer="yes", because="the team trains further on what it chooses"
            ),
            inference_settings=Change(answer="yes", because=_OWN),
        ),
    )


def changeable_at(provider: Provider, model: Model) -> Changeable:
    """Return what can be changed of a model that a provider serves.

    Nobody outside can change a closed model's weights or tokenizer. A provider that tunes a model
    trains it on the team's data and, of open weights, changes them in part: by an adapter or on its
    own terms.
    """
    tuning = _tuning(provider, model)
    closed = Change(answer="no", because="the developer alone holds the weights")
    uploaded = f"whether {provider.title} serves a variant with another one is not known"
    return Changeable(
        weights=tuning if model.open_weights else closed,
        tokenizer=Change(answer=None, because=uploaded) if model.open_weights else closed,
        training_data=tuning,
        inference_settings=Change(
            answer="limited", because="only what the provider's API lets a call set"
        ),
    )


def _tuning(provider: Provider, model: Model) -> Change:
    offer = provider.fine_tuning
    if offer is None:
        return Change(answer=None, because=f"whether {provider.title} tunes models is not known")
    if offer.offered == "no":
        return Change(answer="no", because=offer.words)
    if model.id not in offer.models:
        answer: Answer = "no" if offer.lists_all else None
        known = "not among the models it tunes" if offer.lists_all else "not known for this model"
        return Change(answer=answer, because=f"{known}: {offer.words}")
    until = f" (new tuning until {offer.last_start})" if offer.last_start else ""
    return Change(answer="limited", because=f"{offer.words}{until}")
