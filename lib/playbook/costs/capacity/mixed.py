"""Fit effects of groups to what the steps leave over, drawn towards zero by partial pooling.

Residuals are `r = sum of group effects + laboratory + noise`, all normal. The variance of each kind
of effect is found by maximum likelihood of the residuals, with a weak prior; each effect is then
its expected value given all residuals. Points far off count less, by weights of a t distribution.
Effects of who measured are fitted beside the others and dropped.

Source: Patterson and Thompson, Recovery of inter-block information when block sizes are unequal,
    Biometrika 58 (1971), for variance components; Lange et al., Robust statistical modeling using
    the t distribution, JASA 84 (1989), for the weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.catalog.capacity_fit import Effect
from playbook.costs.capacity.coefficients import joined
from playbook.costs.capacity.corrections import GROUPS, SLOPES, slope_variables
from playbook.costs.capacity.setups import Names, Setups
from playbook.uncertainty import Samples

FREEDOM = 4.0  # degrees of freedom of the t distribution
LEAST_WEIGHT_OF_NOISE = 0.5
PRIOR_VARIANCE, PRIOR_NOISE, PRIOR_LOG_SD = 0.003, 0.01, 1.5
ROUNDS, STEPS = 3, 8
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Component:
    """One kind of effect: groups, and the variables that it multiplies."""

    kind: str
    """Name; empty for a nuisance that is not kept."""
    names: Names
    """Group of each point."""
    variables: Samples
    """Variables; shape (points, variables)."""

    def kernel(self) -> Matrix:
        """Return the covariance of the points for a variance of 1."""
        same = np.unique(self.names.astype(str), return_inverse=True)[1]
        product: Matrix = (same[:, None] == same[None, :]) * (self.variables @ self.variables.T)
        return product


def components(
    setups: Setups, batch: Samples, laboratories: Names, *, prompt: NDArray[np.bool_]
) -> list[Component]:
    """Return all kinds of effects of some points."""
    one = np.ones((len(setups), 1))
    slopes = slope_variables(setups, batch, prompt=prompt)
    names = {**setups.names, "laboratory": laboratories}
    group = joined(names, ("laboratory", "model", "gpu"))
    return [
        Component("class*", setups.names["class"], slopes),
        *(Component(kind, joined(setups.names, keys), one) for kind, keys in GROUPS.items()),
        Component("", laboratories, one),
        Component("", group, one),
        Component("", group, slopes),
    ]


def fit_effects(parts: list[Component], residuals: Samples) -> tuple[Effect, ...]:
    """Return the expected effects of all kinds that are kept.

    Args:
        parts: Kinds of effects.
        residuals: log(measured / estimated) of speed, by point.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  slow import, only where it is fitted

    kernels = [one.kernel() for one in parts]
    noise = np.ones(len(residuals))
    logs = np.log([*([PRIOR_VARIANCE] * len(parts)), PRIOR_NOISE])
    prior = logs.copy()
    for _ in range(ROUNDS):
        logs = minimize(
            _loss, logs, (kernels, residuals, noise, prior), "L-BFGS-B", jac=True,
            options={"maxiter": STEPS},
        ).x  # fmt: skip
        solved = _solve(logs, kernels, residuals, noise)
        left = np.exp(logs[-1]) * noise * solved
        weight = (FREEDOM + left**2 / np.exp(logs[-1])) / (FREEDOM + 1)
        noise = np.maximum(weight, LEAST_WEIGHT_OF_NOISE)
    solved = _solve(logs, kernels, residuals, noise)
    return tuple(
        effect
        for part, log in zip(parts, logs[:-1], strict=True)
        if part.kind
        for effect in _effects(part, np.exp(log), solved)
    )


def _effects(part: Component, variance: float, solved: Samples) -> list[Effect]:
    found = []
    for level in sorted(set(part.names)):
        mine = part.names == level
        values = variance * (part.variables[mine].T @ solved[mine])
        kinds = [f"class*{name}" for name in SLOPES] if part.kind == "class*" else [part.kind]
        found += [
            Effect(effect=kind, level=level, value=round(float(value), 5))
            for kind, value in zip(kinds, values, strict=True)
        ]
    return found


def _covariance(logs: Samples, kernels: list[Matrix], noise: Samples) -> Matrix:
    total: Matrix = np.diag(np.exp(logs[-1]) * noise)
    for log, kernel in zip(logs[:-1], kernels, strict=True):
        total += np.exp(log) * kernel
    return total


def _solve(logs: Samples, kernels: list[Matrix], residuals: Samples, noise: Samples) -> Samples:
    from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415  likewise

    factor = cho_factor(_covariance(logs, kernels, noise), lower=True)
    solved: Samples = cho_solve(factor, residuals)
    return solved


def _loss(
    logs: Samples, kernels: list[Matrix], residuals: Samples, noise: Samples, prior: Samples
) -> tuple[float, Samples]:
    """Return the negative log posterior of the log variances, and its gradient."""
    from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415  likewise

    factor = cho_factor(_covariance(logs, kernels, noise), lower=True)
    inverse = cho_solve(factor, np.eye(len(residuals)))
    solved = inverse @ residuals
    slope = inverse - np.outer(solved, solved)
    gradient = np.array(
        [
            *(0.5 * np.exp(log) * np.sum(slope * kernel)
              for log, kernel in zip(logs[:-1], kernels, strict=True)),
            0.5 * np.exp(logs[-1]) * np.sum(np.diag(slope) * noise),
        ]
    )  # fmt: skip
    away = (logs - prior) / PRIOR_LOG_SD
    loss = 0.5 * residuals @ solved + np.log(np.diag(factor[0])).sum() + 0.5 * np.sum(away**2)
    return float(loss), gradient + away / PRIOR_LOG_SD
