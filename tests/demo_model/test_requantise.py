"""The second file of demo-base holds the same weights with fewer bits, and nothing else is new."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from playbook.demo_model import demo_model_path
from playbook.demo_model.requantise import main

FEWER = demo_model_path("demo-base-q5_1")


def test_shipped_file_comes_out_again_byte_for_byte(tmp_path: Path) -> None:
    main(["--out", str(tmp_path / "again.gguf")])

    assert (tmp_path / "again.gguf").read_bytes() == FEWER.read_bytes()


def test_it_is_smaller_than_four_fifths_of_a_megabyte() -> None:
    assert FEWER.stat().st_size < 800_000


def test_weights_are_those_of_demo_base_but_for_rounding() -> None:
    base, fewer = (gguf.GGUFReader(demo_model_path(one)) for one in ("demo-base", "demo-base-q5_1"))

    assert [one.name for one in base.tensors] == [one.name for one in fewer.tensors]
    for one, other in zip(base.tensors, fewer.tensors, strict=True):
        exact, rounded = (gguf.dequantize(row.data, row.tensor_type) for row in (one, other))
        spread = np.abs(exact).max()
        assert np.abs(exact - rounded).max() <= spread / 15, one.name
        assert (one.tensor_type == other.tensor_type) is (exact.ndim == 1)


@pytest.mark.parametrize("changed", ["general.name", "general.file_type"])
def test_only_its_name_and_its_format_differ(changed: str) -> None:
    base, fewer = (
        {
            name: one.contents()
            for name, one in gguf.GGUFReader(demo_model_path(file)).fields.items()
        }
        for file in ("demo-base", "demo-base-q5_1")
    )

    differing = {name for name in base | fewer if base.get(name) != fewer.get(name)}
    assert changed in differing
    assert differing <= {"general.name", "general.file_type"}
