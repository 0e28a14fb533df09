"""Fit the capacity model to measured points: coefficients first, then effects of groups.

Coefficients are those of the highest posterior: squared residuals of log(measured / estimated) in
units of `NOISE`, less than squared for large ones, plus squared distances from the priors. Groups
differ from the common value as far as their prior standard deviation lets them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.catalog.capacity_fit import CapacityFit, Effect
from playbook.costs.capacity.coefficients import BASE, Design, Key, Layout, fitted, group_names
from playbook.costs.capacity.corrections import PROMPTS, Corrections, Spreads
from playbook.costs.capacity.mixed import components, fit_effects
from playbook.costs.capacity.points import Point
from playbook.costs.capacity.setups import Names, Setups
from playbook.costs.capacity.speeds import FittedModel, Physics, run_physics
from playbook.uncertainty import Samples

NOISE = 0.12  # standard deviation of log(measured / estimated) within one series of runs
LARGE = 2.0  # residuals of more than so many standard deviations count less than squared
DEPENDENT = 3.0  # points of one series resemble each other: so many count as one
WEIGHT_OF_OTHERS = 0.6  # of points that are no output rate
REPEATS = 0.35  # n repeats of a run count as n to this power twice less
EVALUATIONS = 30
STEP = 1e-5
LEAST_SPREAD = Spreads({"novelty": {}, "metric": {}})


@dataclass(frozen=True)
class Data:
    """Measured points as arrays."""

    points: tuple[Point, ...]
    """The points."""
    setups: Setups
    """Their deployments."""
    logs: Samples
    """Logarithm of each measured value."""
    weights: Samples
    """How much each point counts."""

    @classmethod
    def of(cls, points: Sequence[Point]) -> Data:
        """Return points whose weights are known, as arrays."""
        kept = tuple(one for one in points if one.setup.model.architecture and one.value > 0)
        repeats = Counter(map(_series, kept))
        weights = [
            (1.0 if one.metric == "total_output_tok_s" else WEIGHT_OF_OTHERS)
            / repeats[_series(one)] ** REPEATS
            for one in kept
        ]
        logs = np.log([one.value for one in kept])
        return cls(kept, Setups.of([one.setup for one in kept]), logs, np.array(weights))

    @property
    def metrics(self) -> Names:
        """Return what was measured of each point."""
        return np.array([one.metric for one in self.points], dtype=object)

    @property
    def prompt(self) -> NDArray[np.bool_]:
        """Return which points measured a prompt alone."""
        return np.isin(self.metrics.astype(str), PROMPTS)

    def log_ratio(self, physics: Physics) -> Samples:
        """Return log(measured / estimated) of speed by the steps alone; times count inversely."""
        estimates = np.log(physics_estimates(physics, self.metrics))
        sign = np.where(self.metrics == "ttft_ms", -1.0, 1.0)
        ratio: Samples = (self.logs - estimates) * sign
        return ratio


def physics_estimates(physics: Physics, metrics: Names) -> Samples:
    """Return the metric of each deployment in its own unit, by the steps alone."""
    steps = physics.steps
    return np.select(
        [metrics == "total_output_tok_s", metrics == "decode_tok_s", metrics == "prefill_tok_s"],
        [physics.output_rate, 1 / steps.step, physics.setups.call["input"] / steps.prompt],
        1_000 * steps.prompt,
    )


def _series(point: Point) -> tuple[object, ...]:
    setup = point.setup
    return (
        point.laboratory, point.metric, setup.model.id, setup.gpu.id, setup.gpus,
        setup.engine_class, setup.weight_format, round(setup.input_tokens, -1),
        round(setup.output_tokens, -1), setup.concurrency,
    )  # fmt: skip


def layout_for(data: Data, tables: CapacityFit) -> tuple[Layout, Samples, Samples]:
    """Return the numbers to be fitted, with their prior centres and standard deviations.

    Args:
        data: Decides which groups there are.
        tables: Coefficients and priors.
    """
    names = group_names(data.setups)
    keys: list[Key] = [(BASE, "", one.coefficient) for one in tables.coefficient_rows]
    centres = [fitted(one.centre, one.scale) for one in tables.coefficient_rows]
    spreads = [one.sd for one in tables.coefficient_rows]
    for prior in tables.prior_rows:
        for level in sorted(set(names[prior.group]) - {"", "no"}):
            keys.append((prior.group, level, prior.coefficient))
            centres.append(0.0)
            spreads.append(prior.sd)
    return Layout(tables.coefficient_rows, tuple(keys)), np.array(centres), np.array(spreads)


def fit_numbers(data: Data, tables: CapacityFit) -> tuple[Layout, Samples]:
    """Return the numbers of the highest posterior."""
    from scipy.optimize import least_squares  # noqa: PLC0415  slow import, only where it is fitted

    layout, centres, spreads = layout_for(data, tables)
    posterior = Posterior(data, layout.design(data.setups), centres, spreads)
    found = least_squares(
        posterior.residuals, centres, jac=posterior.slopes, x_scale=spreads, max_nfev=EVALUATIONS
    )
    return layout, found.x


@dataclass(frozen=True)
class Posterior:
    """What is made small by the fit: distances from points and from priors."""

    data: Data
    """Measured points."""
    design: Design
    """Which numbers make up their coefficients."""
    centres: Samples
    """Prior centres."""
    spreads: Samples
    """Prior standard deviations."""

    def residuals(self, numbers: Samples) -> Samples:
        """Return the distances."""
        away = (numbers - self.centres) / self.spreads
        return np.concatenate([self._from_points(self.design.sums(numbers)), away])

    def slopes(self, numbers: Samples) -> Samples:
        """Return the derivatives of the distances.

        A number adds to one coefficient of some points, and a point depends on its own coefficients
        only: one step of each coefficient gives all derivatives.
        """
        sums, wide = self.design.sums(numbers), len(numbers)
        here, rows = self._from_points(sums), np.arange(len(self.data.points))
        table = np.zeros((len(rows), wide + 1))
        for name, places in self.design.index.items():
            moved = {**sums, name: sums[name] + STEP}
            slope = (self._from_points(moved) - here) / STEP
            for column in places.T:
                table[rows, column] += slope
        return np.vstack([table[:, :wide], np.diag(1 / self.spreads)])

    def _from_points(self, sums: Mapping[str, Samples]) -> Samples:
        physics = run_physics(self.data.setups, self.design.coefficients(sums))
        ratio = np.nan_to_num(self.data.log_ratio(physics), nan=9.0)
        scaled = ratio * self.data.weights / NOISE
        far = np.sqrt(2 * (np.sqrt(1 + (scaled / LARGE) ** 2) - 1))
        distance: Samples = np.sign(scaled) * LARGE * far / np.sqrt(DEPENDENT)
        return distance


def _effect_rows(data: Data, layout: Layout, numbers: Samples) -> tuple[Effect, ...]:
    physics = run_physics(data.setups, layout.design(data.setups).values(numbers))
    laboratories = np.array([one.laboratory for one in data.points], dtype=object)
    parts = components(physics.setups, physics.room.batch, laboratories, prompt=data.prompt)
    return fit_effects(parts, data.log_ratio(physics))


def fit_model(data: Data, tables: CapacityFit) -> tuple[FittedModel, tuple[Effect, ...]]:
    """Return the model fitted to points, without its spreads, and its effects as a table."""
    layout, numbers = fit_numbers(data, tables)
    effects = _effect_rows(data, layout, numbers)
    return FittedModel(layout, numbers, Corrections.of(effects), LEAST_SPREAD), effects


def log_errors(data: Data, model: FittedModel) -> Samples:
    """Return log(measured / estimated) of speed with corrections, by point."""
    physics = run_physics(data.setups, model.layout.design(data.setups).values(model.numbers))
    batch, corrections = physics.room.batch, model.corrections
    correction = np.where(
        data.prompt,
        corrections.log_speed(physics.setups, batch, prompt=True),
        corrections.log_speed(physics.setups, batch),
    )
    error: Samples = data.log_ratio(physics) - correction
    return error
