"""Public benchmark boards: who scored what, and when each model came out."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from playbook.catalog.reading import csv_rows
from playbook.catalog.schema import Fact, FactId
from playbook.records import Record


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


class CapabilityIndex(Fact):
    """One number for capability, fitted over several boards."""

    title: str
    """What it is and how it was fitted."""
    fitted_on: date
    """Day of the fit."""
    models: Annotated[tuple[IndexedModel, ...], BeforeValidator(csv_rows)]
    """Models on the index."""
