"""Public benchmark boards: who scored what, and when each model came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from playbook.catalog.reading import csv_rows
from playbook.catalog.schema import Fact, FactId
from playbook.provenance import Source
from playbook.records import Record
from playbook.units import Positive


class BoardScore(Record):
    """One model's best score on one board."""

    model: str
    """Name as the board writes it."""
    developer: str | None
    """Who made it, where the board says so."""
    open_weights: bool
    """Whether its weights can be downloaded."""
    released: date
    """Release date of the model, not the day of the evaluation."""
    score: float
    """Score in the board's unit, higher is better."""


class Board(Fact):
    """A benchmark and its scores. In YAML the scores are one block of CSV with a header."""

    title: str
    """Name of the board."""
    unit: str
    """Unit of a score: percent, Elo, ..."""
    highest: Annotated[float, Field(gt=0)] | None = None
    """Best score that can be had; None where there is no such bound."""
    evaluator: str | None = None
    """Who ran every model; None where scores were collected from several reports."""
    note: str = ""
    """How open and closed and the release dates were told, and what is left out."""
    score_noise: Annotated[float, Field(ge=0)]
    """Standard deviation of a score between repeats, in the unit; an assumption of the method."""
    scores: Annotated[tuple[BoardScore, ...], BeforeValidator(csv_rows)] = Field(min_length=1)
    """Scores, one per model."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        counts = Counter(one.model for one in self.scores)
        if twice := sorted(name for name, count in counts.items() if count > 1):
            msg = f"each model needs one score, its best; given more often: {', '.join(twice[:6])}"
            raise ValueError(msg)
        return self


def _places(value: object) -> object:
    """Return a cell of places in refits, `-` where a refit left the model out."""
    if not isinstance(value, str):
        return value or ()
    return tuple(None if place == "-" else place for place in value.split())


class IndexedModel(Record):
    """A model's place on the pooled index, and its places in the refits that show its spread."""

    model: str
    """Name as the boards write it."""
    released: date
    """Release date."""
    open_weights: bool
    """Whether its weights can be downloaded."""
    index: float
    """Capability, logit scale, higher is better."""
    catalog_model: FactId | None = None
    """The catalog's model with these weights or this dated name; None where it has none."""
    refits: Annotated[tuple[float | None, ...], BeforeValidator(_places)] = ()
    """Capability in each refit on fewer boards and models; None where it was left out."""


class BoardFit(Record):
    """How one board reads capability: score = highest / (1 + exp(-slope * (index - level)))."""

    board: FactId
    """Catalog board."""
    level: float
    """Index at which a model gets half of the board's highest score."""
    slope: Annotated[float, Field(gt=0)]
    """How sharply the board tells models apart there."""
    models: Positive
    """Models on both the board and the index."""


class CapabilityIndex(Fact):
    """One number for capability, fitted over several boards."""

    title: str
    """What it is and how it was fitted."""
    fitted_on: date
    """Day of the fit."""
    rmse: Annotated[float, Field(ge=0)] | None = None
    """Root mean square error of the fitted scores, as a share of each board's highest score."""
    note: str = ""
    """How the scale is fixed and what the refits leave out."""
    boards: Annotated[tuple[BoardFit, ...], BeforeValidator(csv_rows)] = ()
    """Boards behind it."""
    models: Annotated[tuple[IndexedModel, ...], BeforeValidator(csv_rows)]
    """Models on the index."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len({len(one.refits) for one in self.models}) > 1:
            msg = "every model needs as many refits as the others, `-` where it was left out"
            raise ValueError(msg)
        ids = [one.catalog_model for one in self.models if one.catalog_model]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            msg = f"catalog_model is given to more than one row: {', '.join(twice)}"
            raise ValueError(msg)
        return self

    @cached_property
    def by_catalog_model(self) -> Mapping[str, float]:
        """Return the index of each model of the catalog that is on it."""
        return {one.catalog_model: one.index for one in self.models if one.catalog_model}


class Capability(Record):
    """A model's place on the pooled index, and where it comes from."""

    index: float
    """Capability, logit scale, higher is better."""
    source: Source
    """The index."""
