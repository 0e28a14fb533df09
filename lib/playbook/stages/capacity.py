"""The capacity model with the facts it rests on: ask it, judge it by points, or fit it again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from playbook.catalog import Catalog
from playbook.catalog.capacity_fit import CapacityFit
from playbook.catalog.measured_points import load_measured_tables
from playbook.costs.capacity import CrossValidation, cross_validate, fit_capacity
from playbook.costs.capacity.capacity_file import fit_text
from playbook.costs.capacity.cross_validation import LeftOut
from playbook.costs.capacity_query import CapacityAnswer, Question, answer
from playbook.costs.measured import PointRow, Understood, Unsupported, understand
from playbook.costs.measured.columns import points_from_text
from playbook.costs.measured.held_out import judged_without
from playbook.costs.measured.records import Validation
from playbook.costs.measured.validation import Calibrated, judge, validation
from playbook.errors import CatalogError

Task = TypeVar("Task")
Done = TypeVar("Done")
MOST_PROCESSES = 4


@dataclass(frozen=True)
class Validated:
    """A report, and what one must know to read it."""

    report: Validation
    """Errors by stratum."""
    remarks: tuple[str, ...]
    """Lines for people, such as how many rows were used in the fit."""


@dataclass(frozen=True)
class Refitted:
    """A new fit, its file, and how its points were split to validate it."""

    fit: CapacityFit
    """Parameters, spreads and errors."""
    text: str
    """The fit as a file of facts."""
    validations: tuple[CrossValidation, ...]
    """Splits and errors."""


def calibration_points(catalog: Catalog) -> tuple[Understood, ...]:
    """Return the shipped points that the capacity model is fitted to."""
    rows = [
        row
        for table in load_measured_tables()
        for row in points_from_text(table.points, table.name)
    ]
    return understand(rows, catalog)[0]


def capacity_fit(catalog: Catalog) -> CapacityFit:
    """Return the fitted parameters of a catalog.

    Raises:
        CatalogError: when the catalog holds none.
    """
    if catalog.capacity_fit is None:
        fix = "`playbook capacity fit --out FILE` makes them"
        raise CatalogError("catalog", [f"holds no parameters of the capacity model; {fix}"])
    return catalog.capacity_fit


def validate_points(
    rows: Sequence[PointRow], catalog: Catalog, *, left_out: LeftOut | None = None
) -> Validated:
    """Return the errors of the estimates of some measured points.

    Args:
        rows: Rows of a table of points.
        catalog: GPUs, architectures and the fitted parameters.
        left_out: What the fits leave out that judge points which the fit used; None judges them
            by the fit itself.
    """
    fit, shipped = capacity_fit(catalog), calibration_points(catalog)
    points, unsupported = understand(rows, catalog)
    calibrated = Calibrated.of(shipped)
    used = calibrated.used(points)
    judged, without = judge(points, fit)
    if left_out and used:
        with _processes() as run:
            found = cross_validate([one.point for one in shipped], fit, left_out=left_out, run=run)
        judged = judged_without(judged, found, shipped, fit)
    every: tuple[Unsupported, ...] = (*unsupported, *without)
    report = validation(judged, every, calibrated)
    return Validated(report, tuple(_remarks(len(used), len(rows), left_out)))


def _remarks(used: int, rows: int, left_out: LeftOut | None) -> Iterator[str]:
    words = {"group": "its source, model and GPU together", "row": "this row"}
    if used and left_out:
        yield (
            f"{used:,} of these {rows:,} rows were used in the fit; each is judged by a fit "
            f"without {words.get(left_out, f'its {left_out}')}"
        )
    elif used:
        yield (
            f"{used:,} of these {rows:,} rows were used in the fit; their error is not a test "
            "(--cross-validate judges each by a fit that did not see it)"
        )


def fit_again(
    rows: Sequence[PointRow],
    catalog: Catalog,
    *,
    fitted_on: date,
    left_out: Iterable[LeftOut],
    tell: Callable[[str], object],
) -> Refitted:
    """Return the capacity model fitted to the shipped points and some more.

    Args:
        rows: Further points; one that is shipped too counts once.
        catalog: GPUs, architectures, and coefficients with their priors.
        fitted_on: Day of the fit.
        left_out: Ways to split the points for cross-validation.
        tell: Gets a line of progress.
    """
    tables, shipped = capacity_fit(catalog), calibration_points(catalog)
    more, bad = understand(rows, catalog)
    known = Calibrated.of(shipped)
    new = [one for one in more if one not in known.used([one])]
    points = [one.point for one in (*shipped, *new)]
    tell(
        f"{len(points):,} points, {len(new):,} of them new, {len(bad):,} rows without a deployment"
    )
    validations = []
    with _processes() as run:
        for way in left_out:
            tell(f"cross-validation: points left out by {way}")
            validations.append(cross_validate(points, tables, left_out=way, run=run))
    tell("fit to all points")
    fit = fit_capacity(points, tables, fitted_on=fitted_on, validations=validations)
    return Refitted(fit, fit_text(fit), tuple(validations))


class _processes:  # noqa: N801  reads as a statement
    """A pool of processes as a `map` that keeps the order."""

    def __enter__(self) -> Callable[[Callable[[Task], Done], Iterable[Task]], Iterable[Done]]:
        self._pool = ProcessPoolExecutor(min(MOST_PROCESSES, os.cpu_count() or 1))
        return self._pool.map

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)


def ask_capacity(question: Question, catalog: Catalog) -> CapacityAnswer:
    """Return what a model gives on one kind of GPU, with what the estimate rests on."""
    setup, fit = question.setup, capacity_fit(catalog)
    points = [one.point.setup for one in calibration_points(catalog)]
    same = [one for one in points if one.engine_class == setup.engine_class]
    near = [one for one in same if one.gpu.id == setup.gpu.id]
    alike = [one for one in near if one.model.id == setup.model.id]
    words = (
        f"fit of {fit.fitted_on.isoformat()} to {fit.points:,} measured points: {len(same):,} of "
        f"{setup.engine_class}, {len(near):,} of them on {setup.gpu.title}, {len(alike):,} of this "
        "model"
    )
    return answer(question, fit, rests_on=words)
