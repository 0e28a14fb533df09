"""Architectures of models that are only sized: they are measured, and are no option of a team."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from playbook.catalog.models import Architecture, Model
from playbook.catalog.reading import csv_rows
from playbook.catalog.schema import Fact, FactId, Precision
from playbook.units import Positive


def _words(value: object) -> object:
    """Return a cell of several names as a tuple."""
    return tuple(value.split()) if isinstance(value, str) else value or ()


class SizedModel(Architecture):
    """The dimensions of one model, with its size and its other names."""

    name: FactId
    """Name, in lower case."""
    aliases: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()
    """Names of models with the same dimensions."""
    parameters_billion: Annotated[float, Field(gt=0)]
    """All parameters, in billions."""
    active_parameters_billion: Annotated[float, Field(gt=0)]
    """Parameters used for each token, in billions."""
    feed_forward: Positive | None = None
    """Width within the feed-forward block, or of one expert."""
    vocabulary: Positive | None = None
    """Tokens of the vocabulary, which decide the size of the embedding."""
    precision: Annotated[Precision, BeforeValidator(lambda cell: cell or "bf16")] = "bf16"
    """Format in which the weights are published."""

    @property
    def architecture(self) -> Architecture:
        """Return the dimensions alone."""
        return Architecture(**{field: getattr(self, field) for field in Architecture.model_fields})


class ArchitectureTable(Fact):
    """Architectures from one source. In YAML they are one block of CSV with a header."""

    title: str
    """What the table holds."""
    note: str = ""
    """How the numbers were got."""
    models: Annotated[tuple[SizedModel, ...], BeforeValidator(csv_rows)] = Field(min_length=1)
    """One row each."""

    def as_models(self) -> tuple[Model, ...]:
        """Return the rows as models that can be sized; who may use them is left unknown."""
        return tuple(
            Model(
                id=one.name,
                title=one.name,
                family=self.id,
                developer="",
                developer_jurisdiction=(),
                open_weights=True,
                licence="unverified",
                parameters_billion=one.parameters_billion,
                active_parameters_billion=one.active_parameters_billion,
                architecture=one.architecture,
                precision=one.precision,
                source=self.source,
            )
            for one in self.models
        )
