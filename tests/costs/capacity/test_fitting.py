from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from playbook.catalog.reading import read_yaml
from playbook.costs.capacity import Point, Setups, cross_validate, estimate_speeds, fit_capacity
from playbook.costs.capacity.capacity_file import fit_text
from playbook.costs.capacity.capacity_fit import hash_of
from playbook.costs.capacity.cross_validation import CrossValidation, split_points, spreads_of
from tests.costs.builders import AS_OF, a_gpu, a_model, a_setup, the_fit

SIZES = (1, 4, 16, 64, 256)


def some_points(times: float = 1.0, **fields: object) -> list[Point]:
    """Return points at several lengths and batches, so many times the shipped estimate."""
    setups = [
        a_setup(concurrency=calls, input_tokens=reads, **fields)
        for calls in SIZES
        for reads in (128.0, 512.0, 2_048.0)
    ]
    rates = estimate_speeds(Setups.of(setups), the_fit()).output_tokens_per_second
    return [
        Point(one, "total_output_tok_s", float(rate) * times, "a lab")
        for one, rate in zip(setups, rates, strict=True)
    ]


def test_a_deployment_measured_at_twice_the_estimate_is_estimated_near_it() -> None:
    points = some_points(2.0)

    fit = fit_capacity(points, the_fit(), fitted_on=AS_OF)
    found = estimate_speeds(Setups.of([one.setup for one in points]), fit)

    ratio = found.output_tokens_per_second / np.array([one.value for one in points])
    assert np.median(np.abs(ratio - 1)) < 0.1


def test_a_wild_point_moves_the_fit_little() -> None:
    points = some_points()
    wild = [replace(points[0], value=points[0].value * 20), *points[1:]]

    plain, shaken = (
        estimate_speeds(
            Setups.of([points[7].setup]), fit_capacity(some, the_fit(), fitted_on=AS_OF)
        ).output_tokens_per_second[0]
        for some in (points, wild)
    )

    assert shaken == pytest.approx(plain, rel=0.1)


def test_the_laboratory_never_enters_an_estimate() -> None:
    points = some_points()
    other = [replace(one, laboratory=f"lab {place % 3}") for place, one in enumerate(points)]

    fits = [fit_capacity(some, the_fit(), fitted_on=AS_OF) for some in (points, other)]

    assert all("lab" not in fit.effects for fit in fits)


def test_every_fitted_share_is_below_one() -> None:
    shares = [one.value for one in the_fit().coefficient_rows if one.scale == "share"]

    assert shares
    assert all(0 < share < 1 for share in shares)


def test_the_file_of_a_fit_reads_back_as_the_same_fit(tmp_path: Path) -> None:
    path = tmp_path / "capacity.yaml"
    path.write_text(fit_text(the_fit()))
    problems: list[str] = []

    (entry,) = read_yaml(path, "capacity.yaml", problems)["capacity_fits"]  # type: ignore[misc]

    assert not problems
    assert entry["deviations"] == the_fit().deviations
    assert entry["spreads"].strip() == the_fit().spreads.strip()


def test_the_hash_changes_with_any_value() -> None:
    points = some_points()

    assert hash_of(points) != hash_of([replace(points[0], value=1.0), *points[1:]])


@pytest.mark.parametrize("left_out", ["group", "model", "gpu"])
def test_points_of_a_group_are_left_out_together(left_out: str) -> None:
    points = [
        Point(a_setup(model=a_model(id=model), gpu=a_gpu(id=gpu), concurrency=calls),
              "total_output_tok_s", 100.0, lab)
        for lab in ("a", "b") for model in ("m1", "m2", "m3") for gpu in ("g1", "g2", "g3")
        for calls in (1, 16)
    ]  # fmt: skip

    folds = split_points(points, left_out=left_out, folds=3)  # type: ignore[arg-type]

    keys = {"group": lambda one: one.group, "model": lambda one: one.setup.model.id,
            "gpu": lambda one: one.setup.gpu.id}  # fmt: skip
    seen = {keys[left_out](one): set() for one in points}
    for one, fold in zip(points, folds, strict=True):
        seen[keys[left_out](one)].add(int(fold))
    assert all(len(found) == 1 for found in seen.values())
    assert set(folds) == {0, 1, 2}


def test_cross_validation_estimates_every_point_by_a_fit_without_it() -> None:
    points = [*some_points(), *some_points(model=a_model(id="other"), gpu=a_gpu(id="g2"))]

    found = cross_validate(points, the_fit(), left_out="group", folds=2)

    assert len(found.errors) == len(points)
    assert set(found.novelty) == {"both"}


def a_validation(errors: list[float], novelty: str) -> CrossValidation:
    count = len(errors)
    points = tuple(some_points()[0] for _ in errors)
    names = {
        "novelty": np.array([novelty] * count, dtype=object),
        "classes": np.array(["vllm"] * count, dtype=object),
        "metrics": np.array(["total_output_tok_s"] * count, dtype=object),
    }
    return CrossValidation("group", np.zeros(count, np.int64), np.array(errors), points=points,
                           **names)  # fmt: skip


def test_the_spread_covers_four_of_five_errors() -> None:
    """Of errors 0.01 to 1.00 the middle 80% reach 0.80: a normal of 0.80 / 1.2816."""
    errors = [n / 100 for n in range(1, 101)]

    rows = {(one.kind, one.level): one.value for one in spreads_of([a_validation(errors, "pair")])}

    sd = rows["novelty", "pair"] * rows["class", "vllm"]
    assert sd == pytest.approx(0.80 / 1.2816, rel=0.02)
