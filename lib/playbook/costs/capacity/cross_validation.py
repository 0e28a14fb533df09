"""Estimate points by fits that did not see them, and from the errors how sure estimates are.

Points are split into folds before any fitting: whole groups go out together. Left out by `group`
(laboratory, model and GPU), by `model` or by `gpu`, a fold asks what an estimate of something new
is worth; left out by `row`, what one of other lengths of a known deployment is worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playbook.catalog.capacity_fit import CapacityFit, Spread
from playbook.costs.capacity.corrections import NOVELTIES
from playbook.costs.capacity.fitting import Data, fit_model, log_errors
from playbook.costs.capacity.points import Point
from playbook.costs.capacity.setups import Names
from playbook.uncertainty import Samples

LeftOut = Literal["group", "model", "gpu", "row"]
FOLDS: dict[LeftOut, int] = {"group": 10, "model": 14, "gpu": 10, "row": 5}
SEED = 0
JUDGED = "total_output_tok_s"
SHARE, NORMAL = 0.8, 1.2815515655446004  # the middle 80% of a normal variable
PRIOR_POINTS = 20  # a class's own spread counts as much as the common one with so many points
LEAST_POINTS = 8
ROUNDS = 4
FIRST_SPREAD, LEAST_RATIO = 0.2, 0.3
BEYOND = 1.1  # both model and GPU new: so much wider than either alone


@dataclass(frozen=True)
class CrossValidation:
    """Errors of points by fits without them, arrays over points."""

    left_out: LeftOut
    """What was left out together."""
    fold: NDArray[np.int64]
    """Fold in which each point was left out."""
    errors: Samples
    """log(measured / estimated) of speed."""
    novelty: Names
    """How much of each deployment the fit without it had seen."""
    classes: Names
    """Engine class."""
    metrics: Names
    """What was measured."""
    points: tuple[Point, ...]
    """The points in order."""


@dataclass(frozen=True)
class Task:
    """One fold to be fitted."""

    data: tuple[Point, ...]
    """All points."""
    tables: CapacityFit
    """Coefficients and priors."""
    out: NDArray[np.bool_]
    """Points left out."""


def split_points(points: Sequence[Point], *, left_out: LeftOut, folds: int) -> NDArray[np.int64]:
    """Return the fold of each point: whole groups, the largest first into the smallest fold."""
    keys = [_key(one, place, left_out) for place, one in enumerate(points)]
    sizes = Counter(keys)
    order = sorted(sizes)
    np.random.default_rng(SEED).shuffle(order)
    filled, fold_of = [0] * folds, {}
    for key in sorted(order, key=lambda one: -sizes[one]):
        fold_of[key] = filled.index(min(filled))
        filled[fold_of[key]] += sizes[key]
    return np.array([fold_of[key] for key in keys])


def _key(point: Point, place: int, left_out: LeftOut) -> str:
    keys = {
        "group": "|".join(point.group),
        "model": point.setup.model.id,
        "gpu": point.setup.gpu.id,
        "row": f"{place:06}",
    }
    return keys[left_out]


def cross_validate(
    points: Sequence[Point],
    tables: CapacityFit,
    *,
    left_out: LeftOut = "group",
    folds: int | None = None,
    run: Callable[..., Iterable[tuple[Samples, Names]]] = map,
) -> CrossValidation:
    """Return the errors of all points, each by a fit to the points of the other folds.

    Args:
        points: Measured points.
        tables: Coefficients and priors; what was fitted before is not used.
        left_out: What is left out together.
        folds: Number of folds; None for the usual one.
        run: `map`, or one of a pool of processes.
    """
    every = Data.of(points).points
    fold = split_points(every, left_out=left_out, folds=folds or FOLDS[left_out])
    tasks = [Task(every, tables, fold == one) for one in sorted(set(fold.tolist()))]
    errors, novelty = np.zeros(len(every)), np.full(len(every), "", dtype=object)
    for task, (wrong, seen) in zip(tasks, run(run_task, tasks), strict=True):
        errors[task.out], novelty[task.out] = wrong, seen
    return CrossValidation(
        left_out=left_out,
        fold=fold,
        errors=errors,
        novelty=novelty,
        classes=np.array([one.setup.engine_class for one in every], dtype=object),
        metrics=np.array([one.metric for one in every], dtype=object),
        points=every,
    )


def run_task(task: Task) -> tuple[Samples, Names]:
    """Return errors and novelty of the points of one fold by a fit to all others."""
    train = [one for one, out in zip(task.data, task.out, strict=True) if not out]
    test = [one for one, out in zip(task.data, task.out, strict=True) if out]
    model, _ = fit_model(Data.of(train), task.tables)
    data = Data.of(test)
    return log_errors(data, model), model.corrections.novelty(data.setups)


def spreads_of(validations: Sequence[CrossValidation]) -> tuple[Spread, ...]:
    """Return how far estimates were off: by how much was seen, by engine class and by metric.

    Each is the spread of a normal variable with the same middle 80%, which a few wild points do not
    widen. Novelty and class are found in turn, each on errors over the other's spread; what was
    seen of a deployment is judged where just so much was left out. The metrics come last.
    """
    data = Errors.of(validations)
    judged = data.where(data.metrics == JUDGED)
    of_class: dict[str, float] = {}
    base: tuple[Spread, ...] = ()
    for _ in range(ROUNDS):
        base = _by_novelty(judged, of_class)
        by_class = _ratios("class", judged.errors / _sd(judged, base, {}), judged.classes)
        of_class = {one.level: one.value for one in by_class}
    others = data.where(data.metrics != JUDGED)
    scaled = others.errors / _sd(others, base, of_class)
    known = Spread(kind="metric", level=JUDGED, value=1.0, n=len(judged.errors))
    usual = [
        Spread(kind="class", level=level, value=1.0, n=0)
        for level in sorted(set(others.classes) - of_class.keys())
    ]
    return (*base, known, *_ratios("metric", scaled, others.metrics), *by_class, *usual)


@dataclass(frozen=True)
class Errors:
    """Errors of several validations, each point where what is new of it was left out on purpose."""

    errors: Samples
    """Size of log(measured / estimated)."""
    novelty: Names
    """How much of the deployment had been seen."""
    classes: Names
    """Engine class."""
    metrics: Names
    """What was measured."""

    @classmethod
    def of(cls, validations: Sequence[CrossValidation]) -> Errors:
        """Return the errors of some validations."""
        there = {one.left_out for one in validations}
        kept = [
            np.isin(one.novelty.astype(str), _judged_by(one.left_out, there)) for one in validations
        ]
        parts = list(zip(validations, kept, strict=True))
        return cls(
            np.abs(np.concatenate([one.errors[mine] for one, mine in parts])),
            np.concatenate([one.novelty[mine] for one, mine in parts]),
            np.concatenate([one.classes[mine] for one, mine in parts]),
            np.concatenate([one.metrics[mine] for one, mine in parts]),
        )

    def where(self, mine: NDArray[np.bool_]) -> Errors:
        """Return some of the errors."""
        return Errors(self.errors[mine], self.novelty[mine], self.classes[mine], self.metrics[mine])


def _judged_by(left_out: LeftOut, there: set[LeftOut]) -> list[str]:
    """Return which novelties a validation judges: those made by what it leaves out."""
    wanted: dict[str, LeftOut] = {
        "deployment": "row", "combination": "group", "pair": "group", "model": "model",
        "gpu": "gpu", "both": "gpu",
    }  # fmt: skip
    return [level for level in NOVELTIES if wanted[level] == left_out or wanted[level] not in there]


def _sd(data: Errors, base: tuple[Spread, ...], of_class: Mapping[str, float]) -> Samples:
    of_base = {one.level: one.value for one in base}
    return np.array(
        [
            of_base[seen] * of_class.get(one, 1.0)
            for seen, one in zip(data.novelty, data.classes, strict=True)
        ]
    )


def _by_novelty(data: Errors, of_class: Mapping[str, float]) -> tuple[Spread, ...]:
    """Return the spread by how much was seen; one of few points follows the one before."""
    found: list[Spread] = []
    last = FIRST_SPREAD
    ones = tuple(Spread(kind="novelty", level=level, value=1.0, n=0) for level in NOVELTIES)
    for level in NOVELTIES:
        mine = data.where(data.novelty == level)
        enough = len(mine.errors) >= LEAST_POINTS
        last = _spread(mine.errors / _sd(mine, ones, of_class)) if enough else BEYOND * last
        found.append(Spread(kind="novelty", level=level, value=round(last, 4), n=len(mine.errors)))
    return tuple(found)


def _ratios(kind: Literal["metric", "class"], scaled: Samples, names: Names) -> tuple[Spread, ...]:
    """Return spreads of strata over the common one; few points count less than the common one."""
    found = []
    for level in sorted(set(names)):
        mine = scaled[names == level]
        weight = len(mine) / (len(mine) + PRIOR_POINTS)
        value = np.exp(weight * np.log(max(_spread(mine), LEAST_RATIO)))
        found.append(Spread(kind=kind, level=level, value=round(float(value), 4), n=len(mine)))
    return tuple(found)


def _spread(errors: Samples) -> float:
    return float(np.quantile(errors, SHARE)) / NORMAL
