"""An option: one deployable choice of model, lane, offer and place."""

from __future__ import annotations

from typing import Literal

from playbook.records import Record
from playbook.vocabulary import (
    Certificate,
    Contract,
    Lane,
    Modality,
    Operator,
    Perimeter,
    ZeroRetention,
)

Answer = Literal["yes", "limited", "no"] | None


class Change(Record):
    """Whether a team can change one part of a model in one option."""

    answer: Answer
    """None is unknown."""
    because: str
    """Why, in one line."""


class Changeable(Record):
    """What a team can change of a model; the licence is judged apart."""

    weights: Change
    """The weights themselves."""
    tokenizer: Change
    """The tokenizer and its vocabulary."""
    training_data: Change
    """What the model is trained on further."""
    inference_settings: Change
    """Engine, precision, decoding and templates."""


class Option(Record):
    """A model that can be had in one lane from one provider or in one place.

    Ids are stable: `<model>@<provider>` for APIs, `<model>@self:<place>` for own servers.
    """

    id: str
    """Stable id."""
    title: str
    """Name in words."""
    model: str
    """Catalog model."""
    lane: Lane
    """Lane."""
    provider: str = ""
    """Catalog provider; empty for own servers."""
    place: str = ""
    """Catalog place of own servers; empty for APIs."""
    litellm_id: str = ""
    """litellm id of the API offer; empty for own servers."""
    operator: Operator
    """Who runs the model."""
    operator_jurisdiction: tuple[str, ...]
    """Countries of the operator and its parents."""
    processing_regions: tuple[str, ...] | None
    """Where bytes are processed; None is unknown."""
    perimeter: Perimeter
    """How far outside it is."""
    retention_days: int | None
    """Days that prompts are kept; None is unknown."""
    zero_retention: ZeroRetention | None
    """How zero retention is had for this model; None is unknown."""
    trains_on_inputs: bool | None
    """Whether inputs train models; None is unknown."""
    offers_contracts: tuple[Contract, ...]
    """Contracts that the operator is known to sign (signed ones are the team's fact)."""
    certifications: tuple[Certificate, ...] | None
    """Certificates known; None is unknown."""
    us_persons_only: bool | None
    """Whether only US persons on US soil have access; None is unknown."""
    model_origin: tuple[str, ...]
    """Countries of the developer and its parent."""
    model_developer: str
    """Who made the model, by the catalogue's name."""
    model_modalities: tuple[Modality, ...]
    """Kinds of input of the model."""
    licence: str
    """Catalog licence."""
    open_weights: bool
    """Whether the weights are open."""
    can_change: Changeable
    """What the team can change of the model here."""
