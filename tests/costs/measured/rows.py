"""Rows of measured points with defaults, for tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from playbook.catalog import Catalog, load_catalog
from playbook.costs.measured import PointRow, Understood, understand

ROW = PointRow(
    line=2,
    source="a-lab",
    model="Llama-3-8B",
    parameters_billion=8.03,
    active_parameters_billion=8.03,
    precision="fp16/fp16",
    gpu="H100",
    gpus=1,
    parallelism="tp1",
    engine="vllm",
    engine_version="0.11.0",
    input_tokens=1000.0,
    output_tokens=500.0,
    concurrency=16,
    metric="total_output_tok_s",
    value=2000.0,
)


@cache
def the_catalog() -> Catalog:
    return load_catalog()


def a_row(**changed: object) -> PointRow:
    return replace(ROW, **changed)  # type: ignore[arg-type]


def understood(**changed: object) -> Understood:
    """Return a row that names a deployment."""
    (found,), bad = understand([a_row(**changed)], the_catalog())
    assert not bad
    return found


def reason_of(**changed: object) -> str:
    """Return why a row names none."""
    good, (bad,) = understand([a_row(**changed)], the_catalog())
    assert not good
    return bad.reason
