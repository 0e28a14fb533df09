"""A newer measurement of the same deployment wins; others stand beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.catalog.measurements import overlay
from playbook.errors import CatalogError
from tests.catalog.builders import a_measurement


def test_the_newer_measurement_of_a_deployment_stays() -> None:
    old, new = a_measurement(), a_measurement(measured_on=date(2026, 11, 22), requests=80)

    assert overlay([old], [new]) == (new,)
    assert overlay([new], [old]) == (new,)


def test_of_the_same_day_the_added_one_stays() -> None:
    first, again = a_measurement(), a_measurement(requests=80)

    assert overlay([first], [again]) == (again,)


def test_another_endpoint_gpu_or_load_is_another_measurement() -> None:
    base = a_measurement()
    others = [a_measurement(endpoint="theirs"), a_measurement(gpu="h100"),
              a_measurement(precision="fp8"), a_measurement(concurrency=8)]  # fmt: skip

    assert overlay([base], others) == (base, *others)


MEASURED = """
sources:
  bench: {title: Load test of our platform team, as_of: 2026-11-20, kind: measured}
measurements:
  - model: MODEL
    endpoint: platform_test
    engine: vllm
    gpu: h100
    gpus: 1
    concurrency: 16
    requests: 500
    output_tokens_per_second: 1800
    measured_on: 2026-11-20
    source: bench
"""


def test_an_organisation_keeps_its_measurements_in_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "measured.yaml").write_text(MEASURED.replace("MODEL", "llama-3.1-8b-instruct"))

    (found,) = load_catalog(tmp_path).measurements

    assert (found.model, found.concurrency, found.source.kind) == (
        "llama-3.1-8b-instruct",
        16,
        "measured",
    )


def test_a_measurement_of_an_unknown_model_is_named_with_its_file_or_endpoint(
    tmp_path: Path,
) -> None:
    (tmp_path / "measured.yaml").write_text(MEASURED.replace("MODEL", "llama-9"))

    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path)

    assert "measurement at platform_test: model llama-9 is not in the catalog" in str(caught.value)


def test_the_same_measurement_in_two_files_is_refused_with_both_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = MEASURED.replace("MODEL", "llama-3.1-8b-instruct")
        (tmp_path / f"{name}.yaml").write_text(text)

    with pytest.raises(CatalogError, match=r"two.yaml: measurements .* is given in .*one.yaml"):
        load_catalog(tmp_path)
