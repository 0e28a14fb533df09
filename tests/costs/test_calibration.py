from dataclasses import fields
from datetime import date

import numpy as np
import pytest

from playbook.catalog import Measurement
from playbook.costs.calibration import calibrated, measurements_of
from playbook.costs.capacity.roofline import Speed, output_rate_at
from playbook.provenance import Source
from tests.costs.builders import a_catalog, a_flow, a_replica, a_speed


def a_measurement(times_estimate: float, **fields: object) -> Measurement:
    estimate = float(output_rate_at(a_replica(), a_flow(), 16, a_speed())[0])
    values: dict[str, object] = {
        "model": "small-8b",
        "endpoint": "ours",
        "engine": "engine",
        "gpu": "h100",
        "gpus": 1,
        "precision": "bf16",
        "concurrency": 16,
        "requests": 100,
        "output_tokens_per_second": estimate * times_estimate,
        "measured_on": date(2026, 11, 20),
        "source": Source(title="trial", as_of=date(2026, 11, 20), kind="measured"),
    }
    return Measurement.model_validate({**values, **fields})


def corrected(*found: Measurement) -> float:
    return float(calibrated(a_speed(), a_replica(), a_flow(), found).factor[0])


def test_without_measurements_the_estimate_stays() -> None:
    speed = a_speed()

    assert calibrated(speed, a_replica(), a_flow(), []) is speed


def test_one_measurement_at_half_the_estimate_by_hand() -> None:
    """exp(log(0.5) x 1 / 1.3) = 0.587."""
    assert corrected(a_measurement(0.5)) == pytest.approx(0.587, abs=0.001)


def test_more_measurements_count_more() -> None:
    """exp(log(0.5) x 3 / 3.3) = 0.533."""
    assert corrected(*[a_measurement(0.5)] * 3) == pytest.approx(0.533, abs=0.001)


def test_one_exact_measurement_keeps_the_middle_and_narrows_the_spread() -> None:
    """Half the speed to the power 1 / sqrt(1 + 1 / 1.3) = 0.75: 0.595."""
    scenarios = Speed(
        **{
            field.name: np.repeat(getattr(a_speed(), field.name), 2)
            for field in fields(Speed)
            if field.name != "factor"
        },
        factor=np.array([1.0, 0.5]),
    )

    found = calibrated(scenarios, a_replica(), a_flow(), [a_measurement(1.0)])

    assert found.factor == pytest.approx([1.0, 0.594], abs=0.002)


@pytest.mark.parametrize(
    "other",
    [
        {"model": "large-70b"},
        {"engine": "vllm"},
        {"gpu": "l4"},
        {"gpus": 2},
        {"precision": "fp8"},
        {"output_tokens_per_second": None},
    ],
)
def test_only_measurements_of_exactly_this_deployment_count(other: dict[str, object]) -> None:
    same, different = a_measurement(0.5), a_measurement(0.5, endpoint="theirs", **other)
    catalog = a_catalog().with_measurements([same, different])

    assert measurements_of(catalog, a_replica()) == (same,)
