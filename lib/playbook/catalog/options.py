"""An option: one deployable choice of model, lane, offer and place."""

from __future__ import annotations

from playbook.records import Record
from playbook.vocabulary import Certificate, Contract, Lane, Operator, Perimeter


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
    trains_on_inputs: bool | None
    """Whether inputs train models; None is unknown."""
    offers_contracts: tuple[Contract, ...]
    """Contracts that the operator is known to sign (signed ones are the team's fact)."""
    certifications: tuple[Certificate, ...] | None
    """Certificates known; None is unknown."""
    model_origin: tuple[str, ...]
    """Countries of the developer and its parent."""
    licence: str
    """Catalog licence."""
    open_weights: bool
    """Whether the weights are open."""
