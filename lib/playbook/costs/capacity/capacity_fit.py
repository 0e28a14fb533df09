"""The fit as a fact: fitted numbers, effects, spreads and errors as tables of one record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from playbook.catalog.capacity_fit import CapacityFit, Deviation, FitError
from playbook.costs.capacity.coefficients import BASE, natural
from playbook.costs.capacity.corrections import Spreads
from playbook.costs.capacity.cross_validation import JUDGED, CrossValidation, spreads_of
from playbook.costs.capacity.fitting import Data, fit_model
from playbook.costs.capacity.points import Point
from playbook.costs.capacity.speeds import Z80
from playbook.records import Record
from playbook.uncertainty import Samples

DIGITS = 5
NEAR = 0.25
LEAST_POINTS = 3


def fit_capacity(
    points: Sequence[Point],
    tables: CapacityFit,
    *,
    fitted_on: date,
    validations: Sequence[CrossValidation] = (),
) -> CapacityFit:
    """Return the capacity model fitted to points, as a fact.

    Args:
        points: Measured points.
        tables: Coefficients and priors; also spreads and errors where nothing was validated.
        fitted_on: Day of the fit.
        validations: Errors by cross-validation, from which spreads are taken.
    """
    data = Data.of(points)
    model, effects = fit_model(data, tables)
    count = len(tables.coefficient_rows)
    coefficients = [
        row.model_copy(
            update={"value": float(f"{float(natural(np.array(number), row.scale)):.{DIGITS}g}")}
        )
        for row, number in zip(tables.coefficient_rows, model.numbers[:count], strict=True)
    ]
    deviations = [
        Deviation(
            group=key[0], level=key[1], coefficient=key[2], value=round(float(number), DIGITS)
        )
        for key, number in zip(model.layout.keys, model.numbers, strict=True)
        if key[0] != BASE
    ]
    spreads = spreads_of(validations) if validations else tables.spread_rows
    errors = fit_errors(validations) if validations else tables.error_rows
    changed = {
        "fitted_on": fitted_on,
        "points": len(data.points),
        "points_sha256": hash_of(data.points),
        "coefficients": csv_table(coefficients),
        "deviations": csv_table(deviations),
        "effects": csv_table(effects),
        "spreads": csv_table(spreads),
        "errors": csv_table(errors),
    }
    return CapacityFit.model_validate({**tables.model_dump(), **changed})


def hash_of(points: Iterable[Point]) -> str:
    """Return the SHA-256 of points in their order."""
    lines = [
        f"{one.laboratory},{one.metric},{one.value!r},{one.setup.model.id},{one.setup.gpu.id},"
        f"{one.setup.gpus},{one.setup.tensor_parallel},{one.setup.engine_class},"
        f"{one.setup.weight_format},{one.setup.cache_format},{one.setup.input_tokens!r},"
        f"{one.setup.output_tokens!r},{one.setup.concurrency},{one.setup.regime}"
        for one in points
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def csv_table(rows: Iterable[Record]) -> str:
    """Return records as CSV text with a header; texts hold no comma."""
    lines = [one.model_dump() for one in rows]
    if not lines:
        return ""
    head = ",".join(lines[0])
    return (
        "\n".join([head, *(",".join(str(value) for value in line.values()) for line in lines)])
        + "\n"
    )


def fit_errors(validations: Sequence[CrossValidation]) -> tuple[FitError, ...]:
    """Return the errors of each validation: of all output rates, and by stratum."""
    spreads = Spreads.of(spreads_of(validations))
    return tuple(row for one in validations for row in _strata(one, spreads))


def _strata(validation: CrossValidation, spreads: Spreads) -> Iterable[FitError]:
    metrics, judged = validation.metrics, validation.metrics == JUDGED
    log_sd = np.zeros(len(metrics))
    for metric in set(metrics):
        mine = metrics == metric
        sd = spreads.log_sd(validation.novelty[mine], validation.classes[mine], metric)
        log_sd[mine] = sd
    names = {
        "metric": metrics,
        "class": validation.classes,
        "gpu": np.array([one.setup.gpu.id for one in validation.points], dtype=object),
        "model": np.array([one.setup.model.id for one in validation.points], dtype=object),
        "laboratory": np.array([one.laboratory for one in validation.points], dtype=object),
        "novelty": validation.novelty,
    }
    yield _error(validation, "all", judged, log_sd)
    for kind, levels in names.items():
        for level in sorted(set(levels)):
            mine = (levels == level) & (judged | (kind == "metric"))
            if int(mine.sum()) >= LEAST_POINTS:
                yield _error(validation, f"{kind} {level}", mine, log_sd)


def _error(validation: CrossValidation, stratum: str, mine: Samples, log_sd: Samples) -> FitError:
    errors = validation.errors[mine]
    sign = np.where(validation.metrics[mine] == "ttft_ms", -1.0, 1.0)
    ratio = np.exp(-errors * sign)
    return FitError(
        validation=validation.left_out,
        stratum=stratum,
        n=int(mine.sum()),
        mdape=round(float(np.median(np.abs(ratio - 1))), 4),
        within_25=round(float(np.mean(np.abs(ratio - 1) <= NEAR)), 4),
        coverage_80=round(float(np.mean(np.abs(errors) <= Z80 * log_sd[mine])), 4),
        median_ratio=round(float(np.median(ratio)), 4),
    )
