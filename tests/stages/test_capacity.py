"""The capacity model is judged and fitted with the shipped points, and says which were used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from playbook.catalog import Catalog
from playbook.costs.capacity import CrossValidation, Point
from playbook.errors import CatalogError
from playbook.stages import capacity
from playbook.stages.capacity import calibration_points, capacity_fit, fit_again, validate_points
from tests.costs.measured.rows import a_row, the_catalog

DAY = date(2026, 11, 23)


def doubled(points: Sequence[Point], *_: object, **__: object) -> CrossValidation:
    """Return a cross-validation that measured twice what it had estimated of every point."""
    return CrossValidation(
        left_out="group",
        fold=np.zeros(len(points), dtype=np.int64),
        errors=np.full(len(points), np.log(2)),
        novelty=np.full(len(points), "model", dtype=object),
        classes=np.array([one.setup.engine_class for one in points], dtype=object),
        metrics=np.array([one.metric for one in points], dtype=object),
        points=tuple(points),
    )


def shipped_row() -> dict[str, object]:
    """Return what a shipped point says, as fields of a row."""
    row = next(
        one.row for one in calibration_points(the_catalog()) if one.row.source == "argonne-bench"
    )
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def test_all_shipped_points_name_a_deployment() -> None:
    assert len(calibration_points(the_catalog())) == 780


def test_a_catalog_without_a_fit_is_refused_with_the_command_that_makes_one() -> None:
    with pytest.raises(CatalogError, match=r"playbook capacity fit --out FILE"):
        capacity_fit(Catalog())


def test_every_row_is_judged_or_counted() -> None:
    rows = [a_row(), a_row(gpu="TPU-v9"), a_row(engine="tinygrad"), a_row(metric="ttft_ms")]

    report = validate_points(rows, the_catalog()).report

    told = sum(one.n for one in report.by_metric.values())
    assert told + sum(one.n for one in report.unsupported) == len(rows)


def test_new_points_are_silent_and_used_ones_are_told() -> None:
    used = a_row(**shipped_row())

    new_said = validate_points([a_row()], the_catalog()).remarks
    used_said = validate_points([a_row(), used], the_catalog()).remarks

    assert new_said == ()
    (line,) = used_said
    assert line.startswith("1 of these 2 rows were used in the fit; their error is not a test")


def test_used_points_can_be_judged_by_fits_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "cross_validate", doubled)
    rows = [a_row(**shipped_row())]

    found = validate_points(rows, the_catalog(), left_out="gpu")

    assert found.report.overall.median_ratio == pytest.approx(0.5)
    assert found.report.by_seen["unseen_model"].n == 1
    assert "each is judged by a fit without its gpu" in found.remarks[0]


def test_a_shipped_point_that_is_given_again_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = capacity_fit(the_catalog())
    counted: list[int] = []
    monkeypatch.setattr(capacity, "cross_validate", doubled)
    monkeypatch.setattr(
        capacity, "fit_capacity", lambda points, *_, **__: counted.append(len(points)) or fit
    )
    said: list[str] = []

    found = fit_again(
        [a_row(**shipped_row()), a_row(value=1_234.0), a_row(gpu="TPU-v9")],
        the_catalog(),
        fitted_on=DAY,
        left_out=("group",),
        tell=said.append,
    )

    assert counted == [781]
    assert said[0] == "781 points, 1 of them new, 1 rows without a deployment"
    assert [len(one.points) for one in found.validations] == [781]
    assert "capacity_fits:" in found.text
