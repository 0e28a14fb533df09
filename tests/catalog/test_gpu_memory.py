import pytest

from tests.costs.builders import a_gpu


def test_programs_find_almost_as_many_gib_as_the_data_sheet_says_gb() -> None:
    """`nvidia-smi` shows 81,559 MiB of an H100 of 80 GB: 79.65 GiB; 78.8 is a little less."""
    found = a_gpu(memory_gb=80).memory_gib

    assert found == pytest.approx(81_559 / 1_024, rel=0.015)
    assert found < 81_559 / 1_024
