"""The plain roofline by hand: what is simple must be right."""

from __future__ import annotations

import numpy as np
import pytest

from playbook.costs.capacity import Setup
from tests.benchmarks.capacity.plain import columns, output_rates
from tests.costs.builders import a_gpu, a_large_model, a_model


def rate(**fields: object) -> float:
    setup = Setup(**{"model": a_model(), "gpu": a_gpu(), **fields})  # type: ignore[arg-type]
    return float(output_rates(columns([setup]))[0])


def test_one_call_of_an_8b_model_on_an_h100_by_hand() -> None:
    """16.06 GB of weights and 192 x 131,072 B of cache at 0.7 x 3,352 GB/s: 6.855 ms a step.

    Arithmetic is hidden behind it. The prompt of 128 tokens: 2 x 8.03e9 FLOPs a token and
    4 x 32 x 32 x 128 x 64 of attention, 2.06e12 in all at 494.5 TFLOP/s: 4.17 ms.
    128 tokens take 128 x 6.855 + 4.17 = 881.6 ms: 145.2 tokens/s.
    """
    found = rate(input_tokens=128, output_tokens=128, concurrency=1)

    assert found == pytest.approx(145.2, rel=1e-3)


def test_copies_of_the_model_multiply_the_rate() -> None:
    one = rate(concurrency=16)
    two = rate(concurrency=32, gpus=2, tensor_parallel=1)

    assert two == pytest.approx(2 * one)


def test_all_calls_at_once_are_as_many_as_fit() -> None:
    """(0.9 x 80 - 16.06) GB over 1,500 x 131,072 B: 284 calls."""
    assert rate() == pytest.approx(rate(concurrency=284))


def test_what_does_not_fit_has_no_rate() -> None:
    assert np.isnan(rate(model=a_large_model()))
