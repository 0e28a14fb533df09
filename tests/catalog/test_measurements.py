"""A newer measurement of the same deployment wins; others stand beside it."""

from __future__ import annotations

from datetime import date

from playbook.catalog.measurements import overlay
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
