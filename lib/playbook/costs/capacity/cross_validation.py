"""Estimate points by fits that did not see them, and from the errors how sure estimates are.

Points are split into folds before any fitting: whole groups go out together. Left out by `group`
(laboratory, model and GPU), by `model` or by `gpu`, a fold asks what an estimate of something new
is worth; left out by `row`, what one of other lengths of a known deployment is worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
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
    """Return how far estimates were off: by how much was seen, by metric and by engine class.

    Each is the spread of a normal variable with the same middle 80%, which a few wild points do not
    widen.
    """
    errors = np.abs(np.concatenate([one.errors for one in validations]))
    novelty = np.concatenate([one.novelty for one in validations])
    classes = np.concatenate([one.classes for one in validations])
    metrics = np.concatenate([one.metrics for one in validations])
    judged = metrics == JUDGED
    base = _by_novelty(errors[judged], novelty[judged])
    of_base = {one.level: one.value for one in base}
    scaled = errors / np.array([of_base[seen] for seen in novelty])
    by_metric = _ratios("metric", scaled, metrics)
    of_metric = {one.level: one.value for one in by_metric}
    scaled = scaled / np.array([of_metric[one] for one in metrics])
    return (*base, *by_metric, *_ratios("class", scaled, classes))


def _by_novelty(errors: Samples, novelty: Names) -> tuple[Spread, ...]:
    found: list[Spread] = []
    least = 0.0
    for level in NOVELTIES:
        mine = errors[novelty == level]
        own = _spread(mine) if len(mine) >= LEAST_POINTS else BEYOND * least
        least = max(least, own) or 0.2
        found.append(Spread(kind="novelty", level=level, value=round(least, 4), n=len(mine)))
    return tuple(found)


def _ratios(kind: Literal["metric", "class"], scaled: Samples, names: Names) -> tuple[Spread, ...]:
    found = []
    for level in sorted(set(names)):
        mine = scaled[names == level]
        weight = len(mine) / (len(mine) + PRIOR_POINTS)
        value = np.exp(weight * np.log(max(_spread(mine), 0.1)))
        found.append(Spread(kind=kind, level=level, value=round(float(value), 4), n=len(mine)))
    return tuple(found)


def _spread(errors: Samples) -> float:
    return float(np.quantile(errors, SHARE)) / NORMAL
