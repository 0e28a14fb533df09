"""Low, likely, high become samples; summaries are percentiles of samples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from playbook.uncertainty import Estimate, NonNegativeEstimate, draw, percentiles


def test_a_bare_number_has_no_spread() -> None:
    samples = draw(Estimate.model_validate(3), np.random.default_rng(1), 5)

    assert samples.tolist() == [3, 3, 3, 3, 3]


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted), st.integers(0, 99))
def test_samples_stay_between_low_and_high(ends: list[float], seed: int) -> None:
    estimate = Estimate(low=ends[0], likely=ends[1], high=ends[2])

    samples = draw(estimate, np.random.default_rng(seed), 50)

    assert samples.min() >= ends[0] - 1e-9
    assert samples.max() <= ends[2] + 1e-9


def test_an_estimate_out_of_order_is_refused() -> None:
    with pytest.raises(ValidationError, match="low <= likely <= high"):
        Estimate(low=2, likely=1, high=3)


def test_a_non_negative_estimate_refuses_a_negative_low() -> None:
    with pytest.raises(ValidationError, match="must not be negative"):
        TypeAdapter(NonNegativeEstimate).validate_python({"low": -1, "likely": 1, "high": 2})


def test_percentiles_of_0_to_100_are_10_50_90() -> None:
    found = percentiles(np.arange(101.0))

    assert (found.p10, found.p50, found.p90) == (10, 50, 90)
