"""The fitted parameters of the capacity model, with what they were fitted to."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from playbook.catalog.reading import csv_rows
from playbook.catalog.schema import Fact
from playbook.records import Record
from playbook.units import Share


class Coefficient(Record):
    """One coefficient of the speed estimate, for all deployments together."""

    coefficient: str
    """Name."""
    scale: Literal["share", "positive"]
    """A share below 1, fitted as log-odds; or a positive number, fitted as a logarithm."""
    value: Annotated[float, Field(gt=0)]
    """Fitted value of a deployment of no known group."""
    centre: Annotated[float, Field(gt=0)]
    """Prior centre."""
    sd: Annotated[float, Field(gt=0)]
    """Prior standard deviation on the fitted scale."""
    unit: str
    """Unit."""
    meaning: str
    """What it is."""


class GroupPrior(Record):
    """How far groups of one kind may differ in a coefficient, before any measurement."""

    group: str
    """Kind of group: engine class, generation of GPUs, format of weights, ..."""
    coefficient: str
    """Coefficient."""
    sd: Annotated[float, Field(gt=0)]
    """Standard deviation of their differences on the fitted scale."""


class Deviation(Record):
    """How one group differs in a coefficient."""

    group: str
    """Kind of group."""
    level: str
    """Group."""
    coefficient: str
    """Coefficient."""
    value: float
    """Difference of logarithms or log-odds."""


class Effect(Record):
    """A correction of the log of speed for a group of deployments."""

    effect: str
    """Kind of group, such as `class+gpu`."""
    level: str
    """Group, its parts joined by `|`."""
    value: float
    """Difference of the logarithm of speed; for a slope, for each unit of its variable."""


class Spread(Record):
    """Standard deviation of log(measured / estimated) found by cross-validation."""

    kind: Literal["novelty", "metric", "class"]
    """What it depends on; the three are multiplied."""
    level: str
    """How much of a deployment was seen; the metric; the engine class."""
    value: Annotated[float, Field(gt=0)]
    """Standard deviation, or for metric and class its ratio to the novelty's."""
    n: Annotated[int, Field(ge=0)]
    """Points that it rests on."""


class FitError(Record):
    """Errors of estimates of points that took no part in the fit that made them."""

    validation: str
    """What was left out together: group, model, gpu, row."""
    stratum: str
    """Points among them: all, or a kind and its level."""
    n: Annotated[int, Field(ge=1)]
    """Points."""
    mdape: Annotated[float, Field(ge=0)]
    """Median of |estimated / measured - 1|."""
    within_25: Share
    """Share of points within a quarter."""
    coverage_80: Share
    """Share of points within their 80% interval."""
    median_ratio: Annotated[float, Field(gt=0)]
    """Median of estimated / measured."""


class CapacityFit(Fact):
    """One fit of the capacity model to measured points; read by `costs.capacity`.

    Tables are one block of CSV each: a scalar is read many times faster than thousands of nodes.
    """

    fitted_on: date
    """Day of the fit."""
    points: Annotated[int, Field(ge=1)]
    """Points that it was fitted to."""
    points_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Hash of those points in their order."""
    command: str
    """What fits it again."""
    coefficients: str
    """Table of `Coefficient`."""
    priors: str
    """Table of `GroupPrior`."""
    deviations: str
    """Table of `Deviation`."""
    effects: str
    """Table of `Effect`."""
    spreads: str
    """Table of `Spread`."""
    errors: str
    """Table of `FitError`."""

    @cached_property
    def coefficient_rows(self) -> tuple[Coefficient, ...]:
        """Return the coefficients."""
        return tuple(Coefficient.model_validate(row) for row in _rows(self.coefficients))

    @cached_property
    def prior_rows(self) -> tuple[GroupPrior, ...]:
        """Return the priors of groups."""
        return tuple(GroupPrior.model_validate(row) for row in _rows(self.priors))

    @cached_property
    def deviation_rows(self) -> tuple[Deviation, ...]:
        """Return the differences of groups."""
        return tuple(Deviation.model_validate(row) for row in _rows(self.deviations))

    @cached_property
    def effect_rows(self) -> tuple[Effect, ...]:
        """Return the corrections."""
        return tuple(Effect.model_validate(row) for row in _rows(self.effects))

    @cached_property
    def spread_rows(self) -> tuple[Spread, ...]:
        """Return the spreads."""
        return tuple(Spread.model_validate(row) for row in _rows(self.spreads))

    @cached_property
    def error_rows(self) -> tuple[FitError, ...]:
        """Return the errors by cross-validation."""
        return tuple(FitError.model_validate(row) for row in _rows(self.errors))


def _rows(table: str) -> list[dict[str, object]]:
    found = csv_rows(table)
    return found if isinstance(found, list) else []
